import CostCurves
import Foundation
import Pricing
import Statistics
import Testing

@Suite struct TokenPricesTests {
  /// Prefill 1 + 0.01 n + 10⁻⁴ n², decode 0.05 + 10⁻⁴ c; noise of that relative size, so that there are intervals.
  static func curves(noise: Double = 0) throws -> TokenCurves {
    var generator = SplitMix64(seed: 5)
    func points(_ xs: [Double], _ cost: (Double) -> Double) throws -> [Point] {
      try xs.map { x in
        Point(x: x, sample: try Sample([cost(x) * (1 + noise * Normal.quantile(generator.unit()))]))
      }
    }
    return try .fit(
      prefill: try points([10, 50, 100, 150, 200, 400]) { 1 + 0.01 * $0 + 1e-4 * $0 * $0 },
      decode: try points([0, 50, 100, 200, 300, 400]) { 0.05 + 1e-4 * $0 })
  }

  /// A cent a second at full utilisation.
  static func tariff(low: Double = 36, high: Double = 36, utilisation: Double = 1) throws -> Tariff {
    let price = try HostPrice(dollarsPerHour: 36, low: .init(low), high: .init(high), source: .example)
    return try Tariff(price: price, utilisation: utilisation)
  }

  /// Exact data come back with the rounding of the fit, whose condition number is below 10⁵ here.
  private func agrees(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e5 * 18 * Double.ulpOfOne * b }

  /// At 100 tokens of prompt 0.03 s each, 300 dollars per million; at the margin too, 0.01 + 2 · 10⁻⁴ · 100. At context 100
  /// an output token takes 0.06 s, 600 dollars per million: two input tokens. Chat, 67 : 33, is 201 + 198.
  @Test func pricesByHand() throws {
    let prices = try TokenPrices(try Self.curves(), try Self.tariff(), promptTokens: 100, contextTokens: 100)
    #expect(agrees(prices.dollarsPerMillionInputTokens.value, 300))
    #expect(agrees(prices.marginalDollarsPerMillionInputTokens.value, 300))
    #expect(agrees(prices.dollarsPerMillionOutputTokens.value, 600))
    #expect(agrees(try #require(prices.outputToInputRatio).value, 2))
    let chat = try #require(Mix.named.first { $0.name == "chat" })
    #expect(agrees(prices.dollarsPerMillionTokens(of: chat).value, 399))
  }

  @Test func blendsLieBetweenTheirParts() throws {
    let prices = try TokenPrices(try Self.curves(noise: 0.01), try Self.tariff(), promptTokens: 100, contextTokens: 100)
    let (input, output) = (prices.dollarsPerMillionInputTokens, prices.dollarsPerMillionOutputTokens)
    for mix in Mix.named {
      let blend = prices.dollarsPerMillionTokens(of: mix)
      #expect(min(input.value, output.value) < blend.value && blend.value < max(input.value, output.value))
      #expect(try #require(blend.interval).contains(blend.value))
    }
    for (share, alone) in [(1.0, input), (0, output)] {
      let blend = prices.dollarsPerMillionTokens(of: try Mix(name: "one side", inputShare: share))
      #expect(agrees(blend.value, alone.value))
      #expect(agrees(try #require(blend.interval).halfWidth, try #require(alone.interval).halfWidth))
    }
  }

  @Test func priceScalesOutOfTheRatioAndIntoTheRest() throws {
    let curves = try Self.curves(noise: 0.01)
    let plain = try TokenPrices(curves, try Self.tariff(), promptTokens: 100, contextTokens: 200)
    let wide = try TokenPrices(
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
      try TokenPrices(curves, tariff, promptTokens: 401, contextTokens: 0)
    }
    #expect(throws: PredictionError.self) { try TokenPrices(curves, tariff, promptTokens: 0, contextTokens: 0) }
    let stretched = try TokenPrices(curves, tariff, promptTokens: 401, contextTokens: 0, margin: 0.1)
    #expect(stretched.dollarsPerMillionInputTokens.warnings.map(\.code) == ["extrapolated"])
    #expect(stretched.dollarsPerMillionOutputTokens.warnings.isEmpty)
  }

  @Test func survivesARecord() throws {
    let prices = try TokenPrices(
      try Self.curves(noise: 0.01), try Self.tariff(), promptTokens: 100, contextTokens: 100)
    #expect(try JSONDecoder().decode(TokenPrices.self, from: try JSONEncoder().encode(prices)) == prices)
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
