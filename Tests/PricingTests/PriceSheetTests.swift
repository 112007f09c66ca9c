import CostCurves
import Foundation
import Pricing
import Statistics
import Testing

@Suite struct PriceSheetTests {
  /// Prefill 1 + 0.01 n + 10⁻⁴ n², decode 0.05 + 10⁻⁴ c; noise of that relative size, so that there are intervals.
  static func curves(noise: Double = 0) throws -> TokenCurves {
    var generator = SplitMix64(seed: 5)
    func points(_ places: [Place], _ cost: (Double) -> Double) -> [Point] {
      places.map { place in
        let x = Double(place.tokens > 1 ? place.tokens : place.context)
        return Point(
          Growth().demand(of: place), cost: cost(x) * (1 + noise * Normal.quantile(generator.unit())), place: place)
      }
    }
    return TokenCurves(
      prefill: try .fit(
        points([10, 50, 100, 150, 200, 400].map { Place(tokens: $0) }) { 1 + 0.01 * $0 + 1e-4 * $0 * $0 },
        families: Family.prefill[0]),
      decode: try .fit(
        points([0, 50, 100, 200, 300, 400].map { Place(context: $0) }) { 0.05 + 1e-4 * $0 }, families: Family.decode))
  }

  /// A cent a second at full utilisation.
  static func tariff(low: Double = 36, high: Double = 36, utilisation: Double = 1) throws -> Tariff {
    let price = try HostPrice(dollarsPerHour: 36, low: .init(low), high: .init(high), source: .example)
    return try Tariff(price: price, utilisation: utilisation)
  }

  /// Exact data come back with the rounding of the fit, whose condition number is below 10⁵ here.
  private func agrees(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e5 * 18 * Double.ulpOfOne * b }

  /// At 100 tokens of prompt 0.03 s each, 300 dollars per million; at the margin 0.01 + 10⁻⁴ · (101² − 100²). At context 100
  /// an output token takes 0.06 s, 600 dollars per million: two input tokens. Chat, 67 : 33, is 201 + 198.
  @Test func pricesByHand() throws {
    let chat = try #require(Mix.named.first { $0.name == "chat" })
    let prices = try PriceSheet(
      try Self.curves(), try Self.tariff(), promptTokens: 100, contextTokens: 100, mixes: [chat])
    #expect(agrees(prices.dollarsPerMillionInputTokens.value, 300))
    #expect(agrees(try #require(prices.marginalDollarsPerMillionInputTokens).value, 301))
    #expect(agrees(prices.dollarsPerMillionOutputTokens.value, 600))
    #expect(agrees(try #require(prices.outputToInputRatio).value, 2))
    #expect(agrees(prices.blends[0].dollarsPerMillionTokens.value, 399))
  }

  @Test func blendsLieBetweenTheirParts() throws {
    let sides = [try Mix(name: "input", inputShare: 1), try Mix(name: "output", inputShare: 0)]
    let prices = try PriceSheet(
      try Self.curves(noise: 0.01), try Self.tariff(), promptTokens: 100, contextTokens: 100,
      mixes: Mix.named + sides)
    let (input, output) = (prices.dollarsPerMillionInputTokens, prices.dollarsPerMillionOutputTokens)
    for blend in prices.blends.dropLast(2).map(\.dollarsPerMillionTokens) {
      #expect(min(input.value, output.value) < blend.value && blend.value < max(input.value, output.value))
      #expect(try #require(blend.interval).contains(blend.value))
    }
    for (blend, alone) in zip(prices.blends.suffix(2).map(\.dollarsPerMillionTokens), [input, output]) {
      #expect(agrees(blend.value, alone.value))
      #expect(agrees(try #require(blend.interval).halfWidth, try #require(alone.interval).halfWidth))
    }
  }

  @Test func priceScalesOutOfTheRatioAndIntoTheRest() throws {
    let curves = try Self.curves(noise: 0.01)
    let plain = try PriceSheet(curves, try Self.tariff(), promptTokens: 100, contextTokens: 200)
    let wide = try PriceSheet(
      curves, try Self.tariff(low: 18, high: 72, utilisation: 0.25), promptTokens: 100, contextTokens: 200)
    #expect(plain.outputToInputRatio == wide.outputToInputRatio)
    #expect(agrees(wide.dollarsPerMillionOutputTokens.value, 4 * plain.dollarsPerMillionOutputTokens.value))
    let narrow = try #require(plain.dollarsPerMillionOutputTokens.interval)
    let bounds = try #require(wide.dollarsPerMillionOutputTokens.interval)
    #expect(agrees(bounds.low, 4 * narrow.low / 2) && agrees(bounds.high, 4 * narrow.high * 2))
  }

  @Test func abstainsWhereTheCurvesDo() throws {
    let (curves, tariff) = (try Self.curves(), try Self.tariff())
    #expect(throws: PredictionError.self) {
      try PriceSheet(curves, tariff, promptTokens: 401, contextTokens: 0)
    }
    #expect(throws: PredictionError.self) { try PriceSheet(curves, tariff, promptTokens: 0, contextTokens: 0) }
  }

  /// 0.03 s and 0.06 s a token, given: 300 and 600 dollars per million, 0.9 dollars for 10 in and 10 out.
  @Test func givenTimesAreTakenAsTheyAre() throws {
    let sheet = PriceSheet(
      input: .exact(0.03), output: .exact(0.06), try Self.tariff(), tasks: [TaskLengths(input: 10, output: 10)])
    #expect(agrees(sheet.dollarsPerMillionInputTokens.value, 300) && sheet.promptTokens == nil)
    #expect(agrees(sheet.dollarsPerMillionOutputTokens.value, 600) && sheet.dollarsPerMillionDecodedTokens == nil)
    #expect(agrees(sheet.tasks[0].seconds.value, 0.9) && agrees(sheet.tasks[0].dollars.value, 0.009))
  }

  /// Names and shares as ChimeraForge prints them: RAG 95/5, summarise 85/15, chat 67/33, balanced 50/50, codegen 25/75.
  @Test func mixes() throws {
    #expect(Mix.named.map(\.name) == ["rag", "summarise", "chat", "balanced", "codegen"])
    #expect(Mix.named.map(\.inputShare) == [0.95, 0.85, 0.67, 0.5, 0.25])
    for share in [-0.1, 1.1, .nan] {
      #expect(throws: PricingError.self) { try Mix(name: "wrong", inputShare: share) }
    }
  }
}
