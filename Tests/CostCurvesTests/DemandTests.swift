import CostCurves
import Testing

@Suite struct DemandTests {
  private let gemma = Growth(microBatch: 4, layers: [.init(count: 1), .init(count: 3, window: 5)])

  /// Ten tokens behind two, in parts of four: passes at contexts 2, 6 and 10. A layer that sees all attends to 3 + … + 12 = 75,
  /// one with a window of five to 3 + 4 + 8 · 5 = 47, the mean over one and three layers is 54. Found in the cache are
  /// 2 + 6 + 10 = 18 and 2 + 5 + 5 = 12, on average 13.5.
  @Test func promptByHand() {
    let demand = gemma.demand(of: Place(tokens: 10, context: 2))
    #expect(demand.passes == 3 && demand.rows == 10 && demand.pairs == 54 && demand.recalled == 13.5)
    let two = gemma.demand(of: Place(tokens: 10, context: 2, sequences: 2))
    #expect(two == demand + demand)
  }

  /// Two steps of three sequences from context 4: rows attend to 5 and 6, with the window to 5 and 5.
  @Test func stepsByHand() {
    let demand = gemma.steps(from: 4, count: 2, sequences: 3)
    #expect(demand.passes == 2 && demand.rows == 6 && demand.pairs == 3 * (11 + 3 * 10) / 4.0)
    #expect(demand.squaredPairs == 3 * (61 + 3 * 50) / 4.0 && demand.recalled == 0)
    #expect(gemma.demand(of: Place(context: 4)) == gemma.steps(from: 4, count: 1))
  }

  /// Whole numbers below 2^53 are exact, and quarters of them.
  @Test(arguments: [(0, 0), (0, 1), (3, 1), (4, 3), (7, 100), (1000, 333)])
  func sumIsTheSumOfSteps(first: Int, count: Int) {
    let sum = (first..<first + count).reduce(Demand()) { $0 + gemma.steps(from: $1, count: 1, sequences: 2) }
    #expect(gemma.steps(from: first, count: count, sequences: 2) == sum)
  }

  /// A prompt asks for what its tokens ask for one by one, but for the passes.
  @Test(arguments: [2, 4, 5, 9, 40]) func aPromptIsItsTokens(tokens: Int) {
    var whole = gemma.demand(of: Place(tokens: tokens, context: 3))
    let steps = gemma.steps(from: 3, count: tokens)
    #expect(whole.passes == Double((tokens + 3) / 4))
    (whole.passes, whole.recalled) = (steps.passes, 0)
    #expect(whole == steps)
    let more =
      gemma.demand(of: Place(tokens: tokens, context: 3)) + gemma.oneMore(at: Place(tokens: tokens, context: 3))
    #expect(more.pairs == gemma.demand(of: Place(tokens: tokens + 1, context: 3)).pairs)
  }

  /// One pass, eight rows, computing a row takes half of what streaming does: ∛(1 + 4³).
  @Test func termsByHand() {
    let demand = Demand(passes: 1, rows: 8, pairs: 3, squaredPairs: 5, recalled: 7)
    #expect(Family([.pass, .row, .pair, .squaredPair, .recall]).factors(of: demand) == [1, 8, 3, 5, 7])
    let overlap = Family([.overlap], rowShare: 0.5).factors(of: demand)[0]
    #expect((overlap * overlap * overlap - 65).magnitude < 1e-12)
    #expect(Family([.overlap], rowShare: 0.5).factors(of: demand * 3)[0] == 3 * overlap)
  }
}
