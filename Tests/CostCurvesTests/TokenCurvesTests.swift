import CostCurves
import Foundation
import Statistics
import Testing

@Suite struct TokenCurvesTests {
  /// Prefill 1 + 0.01 n + 10⁻⁴ n², decode 0.05 + 10⁻⁴ c, with no noise.
  static func exact() throws -> TokenCurves {
    TokenCurves(
      prefill: try .fit(
        try CurveFitTests.points([10, 50, 100, 200, 400].map { ($0, 1 + 0.01 * $0 + 1e-4 * $0 * $0) }),
        over: .promptTokens, families: [.quadratic]),
      decode: try .fit(
        try CurveFitTests.points([0, 100, 200, 400].map { ($0, 0.05 + 1e-4 * $0) }), over: .contextTokens))
  }

  /// Exact data come back with the rounding of the fit, whose condition number is below 10⁵ here.
  private func matches(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e5 * 15 * Double.ulpOfOne * b }

  /// At 100 tokens: (1 + 1 + 1) / 100 on average; one more 0.01 + 2 · 10⁻⁴ · 100. Decode at 100: 0.06.
  @Test func tokensByHand() throws {
    let curves = try Self.exact()
    #expect(curves.decode.family == .affine)
    #expect(matches(try curves.secondsPerInputToken(prompt: 100).value, 0.03))
    #expect(matches(try curves.marginalSecondsPerInputToken(prompt: 100).value, 0.03))
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
