import Campaign
import Testing

@Suite struct MeasureBudgetTests {
  /// Contexts with the seconds that one repetition of each takes, and batches of 2 and 4 sequences.
  private let prices: [MeasureBudget.Price] =
    [(0, 1.0), (32, 2), (128, 3), (256, 4), (512, 8), (1024, 16)].map {
      (MeasurePoint(contextTokens: $0.0), $0.1)
    }
    + [(2, 5.0), (4, 9)].map {
      (MeasurePoint(contextTokens: 128, sequences: $0.0), $0.1)
    }

  private func kept(seconds: Double, rounds: Int, isFirst: Bool = true) -> [String] {
    MeasureBudget.affordable(prices, seconds: seconds, rounds: rounds, isFirst: isFirst).map(\.name)
  }

  @Test func keepsAllThatFits() {
    // 1+2+3+4+8+16 = 34 and 5+9 = 14: 48 seconds a round.
    #expect(kept(seconds: 96, rounds: 2).count == 8)
  }

  @Test func dropsTheDearestFirst() {
    // Without context 1024 a round is 32; without the four sequences 23; without context 512 it is 15.
    #expect(kept(seconds: 95, rounds: 2) == names(["0", "32", "128", "256", "512"], [2, 4]))
    #expect(kept(seconds: 63, rounds: 2) == names(["0", "32", "128", "256", "512"], [2]))
    #expect(kept(seconds: 45, rounds: 2) == names(["0", "32", "128", "256"], [2]))
  }

  @Test func keepsFourContextsForACurve() {
    // Four contexts are 10 a round: six rounds do not fit into 20, one does.
    #expect(kept(seconds: 20, rounds: 6) == names(["0", "32", "128", "256"], []))
  }

  @Test func keepsTwoContextsHoweverSlow() {
    // 1+2+3 = 6 does not fit into 4, 1+2 does; and into half a second nothing does.
    #expect(kept(seconds: 4, rounds: 6) == names(["0", "32"], []))
    #expect(kept(seconds: 0.5, rounds: 6) == names(["0", "32"], []))
    #expect(kept(seconds: -1, rounds: 1) == names(["0", "32"], []))
  }

  @Test func doesNotThrowAwayWhatIsBegun() {
    #expect(kept(seconds: 4, rounds: 6, isFirst: false) == names(["0", "32", "128", "256"], []))
  }

  private func names(_ contexts: [String], _ batches: [Int]) -> [String] {
    contexts.map { "context \($0)" } + batches.map { "\($0) sequences at context 128" }
  }
}
