import CostCurves
import Foundation
import Statistics
import Testing

@Suite struct TokenCurvesTests {
  /// Prefill 1 + 0.01 n + 10⁻⁴ n², decode 0.05 + 10⁻⁴ c, with no noise.
  static func exact() throws -> TokenCurves {
    TokenCurves(
      prefill: try .fit(
        CurveFitTests.points([10, 50, 100, 200, 400].map { ($0, 1 + 0.01 * Double($0) + 1e-4 * Double($0 * $0)) }),
        families: [.quadratic]),
      decode: try .fit(
        [0, 100, 200, 400].map { Point.step(at: $0, cost: 0.05 + 1e-4 * Double($0)) }, families: Family.decode))
  }

  /// Exact data come back with the rounding of the fit, whose condition number is below 10⁵ here.
  private func matches(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e5 * 15 * Double.ulpOfOne * b }

  /// At 100 tokens: (1 + 1 + 1) / 100 on average; one more 0.01 + 10⁻⁴ · (101² − 100²). Decode at 100: 0.06.
  @Test func tokensByHand() throws {
    let curves = try Self.exact()
    #expect(curves.decode.family == .affineInContext)
    #expect(matches(try curves.secondsPerInputToken(prompt: 100).value, 0.03))
    #expect(matches(try curves.marginalSecondsPerInputToken(prompt: 100).value, 0.0301))
    #expect(matches(try curves.secondsPerOutputToken(context: 100).value, 0.06))
  }

  /// Ten tokens, the first of the prompt's logits: nine steps from context 100, 0.05 · 9 + 10⁻⁴ · (100 + … + 108 = 936).
  @Test func taskByHand() throws {
    let curves = try Self.exact()
    #expect(matches(try curves.prefillSeconds(input: 100).value, 3))
    #expect(matches(try curves.outputSeconds(input: 100, output: 10).value, 0.5436))
    #expect(try curves.outputSeconds(input: 100, output: 1) == .exact(0))
    #expect(try curves.prefillSeconds(input: 0) == .exact(0))
  }

  /// A choice of 0.5 ms is a part of every output token, and of no decoded one.
  @Test func samplingIsInTheOutput() throws {
    let plain = try Self.exact()
    let curves = TokenCurves(prefill: plain.prefill, decode: plain.decode, sampling: .exact(0.0005))
    let decoded = try plain.secondsPerOutputToken(context: 100).value
    #expect(try curves.secondsPerDecodedToken(context: 100).value == decoded)
    #expect(matches(try curves.secondsPerOutputToken(context: 100).value, decoded + 0.0005))
    #expect(
      matches(
        try curves.outputSeconds(input: 100, output: 10).value,
        try plain.outputSeconds(input: 100, output: 10).value + 0.005))
  }

  /// The first steps of an answer take 0.2 s longer, once; an answer of one token has no step.
  @Test func aRequestStartsOnce() throws {
    let plain = try Self.exact()
    let curves = TokenCurves(prefill: plain.prefill, decode: plain.decode, startUp: .exact(0.2))
    for output in [2, 10] {
      let without = try plain.outputSeconds(input: 100, output: output).value
      #expect(matches(try curves.outputSeconds(input: 100, output: output).value, without + 0.2))
    }
    #expect(try curves.outputSeconds(input: 100, output: 1) == .exact(0))
    #expect(try curves.secondsPerOutputToken(context: 100) == plain.secondsPerOutputToken(context: 100))
  }

  /// Nothing was measured behind a filled cache, or of several sequences: the question says what would measure it.
  @Test func refusesWhatWasNotMeasured() throws {
    let curves = try Self.exact()
    let behind = #expect(throws: PredictionError.self) { try curves.prefillSeconds(new: 100, cached: 50) }
    #expect(behind?.description.contains("--cached") == true)
    let several = #expect(throws: PredictionError.self) { try curves.stepSeconds(context: 100, sequences: 2) }
    #expect(several?.description.contains("-npl") == true)
    #expect(try curves.prefillSeconds(new: 100, cached: 0) == curves.prefillSeconds(input: 100))
    #expect(try curves.stepSeconds(context: 100, sequences: 1) == curves.secondsPerDecodedToken(context: 100))
  }

  /// Prefill 1 + 0.01 n + 10⁻⁴ a, of a tokens attended to: 100 behind 50 attend to 51 + … + 150 = 10,050. Steps
  /// 0.05 + 0.01 s + 10⁻⁴ a: of four sequences at context 99, 0.05 + 0.04 + 0.04.
  @Test func depthAndSequencesByHand() throws {
    let growth = Growth()
    let prompts = [(10, 0), (50, 0), (100, 0), (200, 0), (100, 50), (200, 100)].map { tokens, context in
      let place = Place(tokens: tokens, context: context)
      let demand = growth.demand(of: place)
      return Point(demand, cost: 1 + 0.01 * demand.rows + 1e-4 * demand.pairs, place: place)
    }
    let steps = [(0, 1), (100, 1), (200, 1), (50, 2), (50, 4), (50, 8)].map { context, sequences in
      let place = Place(context: context, sequences: sequences)
      let demand = growth.demand(of: place)
      return Point(demand, cost: 0.05 + 0.01 * demand.rows + 1e-4 * demand.pairs, place: place)
    }
    let curves = TokenCurves(
      prefill: try .fit(prompts, families: Family.prefillAtDepth), decode: try Self.exact().decode,
      batch: try .fit(steps, families: Family.batch))
    #expect(matches(try curves.prefillSeconds(new: 100, cached: 50).value, 3.005))
    #expect(matches(try curves.stepSeconds(context: 99, sequences: 4).value, 0.13))
  }

  @Test func refusesImpossibleCounts() throws {
    let curves = try Self.exact()
    #expect(throws: PredictionError.noTokens) { try curves.secondsPerInputToken(prompt: 0) }
    #expect(throws: PredictionError.noTokens) { try curves.prefillSeconds(input: -1) }
    #expect(throws: PredictionError.self) { try curves.secondsPerOutputToken(context: 401) }
    #expect(throws: PredictionError.self) { try curves.outputSeconds(input: 400, output: 3) }
  }

  @Test func survivesARecord() throws {
    let curves = try Self.exact()
    #expect(try JSONDecoder().decode(TokenCurves.self, from: try JSONEncoder().encode(curves)) == curves)
  }
}
