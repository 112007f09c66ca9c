import Analysis
import Campaign

/// Variants run in turn, each time in a process of its own, until their difference is known.
struct CompareRun {
  private(set) var variants: [CompareVariant]
  private(set) var rounds = 0
  private(set) var isInterrupted = false
  /// Why it ended early.
  private(set) var failure: Failure?
  private(set) var progress: Comparison.Progress

  private let budget: Double

  init(_ variants: [CompareVariant], effect: Double, budget: Double) {
    self.variants = variants
    self.budget = budget
    progress = Comparison.Progress(effect: effect, spent: 0)
  }

  var sides: [ComparisonSide] { variants.map(\.side) }

  /// Runs until the comparison is decided or the budget is spent; `keep` takes what each process gave. Only whole rounds count.
  mutating func run(
    keep: (CompareVariant.Output, _ variant: Int) throws -> Void, isDecided: (CompareRun) -> Bool
  ) throws {
    var outputs: [(variant: Int, output: CompareVariant.Output)] = []
    var isKnown = false
    let turns = Rounds(
      of: variants.count, .mirrored, endingTogether: true, rounds: 0..<1, seconds: budget,
      cancellation: Interruption.wish)
    do {
      isInterrupted = try !turns.run { variant, round in
        Console.progress("round \(round + 1)  \(variants[variant].label)")
        guard let output = try variants[variant].run(process: round) else { return }
        try keep(output, variant)
        outputs.append((variant, output))
      } isEnough: { _, spent in
        for (variant, output) in outputs { variants[variant].add(output) }
        outputs = []
        rounds += 1
        progress.spent = min(1, spent / budget)
        isKnown = isDecided(self)
        return isKnown
      }.isEmpty
      if !isInterrupted && !isKnown { progress.spent = 1 }
    } catch let failure as Failure {
      self.failure = failure
    }
  }
}
