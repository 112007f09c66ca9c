import Analysis
import Campaign
import Glibc
import Metering

/// Variants run in turn, each time in a process of its own, until their difference is known.
struct CompareRun {
  private(set) var variants: [CompareVariant]
  private(set) var rounds = 0
  private(set) var isInterrupted = false
  /// Why it ended early.
  private(set) var failure: Failure?
  private(set) var progress: Comparison.Progress

  private let budget: Double
  /// The time over which rounds are spread, with sleep between them; nil for one behind the other.
  private let over: Double?

  init(_ variants: [CompareVariant], effect: Double, budget: Double, over: Double? = nil) {
    self.variants = variants
    self.budget = budget
    self.over = over
    progress = Comparison.Progress(effect: effect, spent: 0)
  }

  var sides: [ComparisonSide] { variants.map(\.side) }

  /// Runs until the comparison is decided or the budget is spent; `keep` takes what each process gave. Only whole rounds count.
  mutating func run(
    keep: (CompareVariant.Output, _ variant: Int) throws -> Void, isDecided: (CompareRun) -> Bool
  ) throws {
    var outputs: [(variant: Int, output: CompareVariant.Output)] = []
    var isKnown = false
    let watch = Stopwatch()
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
        if !isKnown { rest(since: watch, spent) }
        return isKnown
      }.isEmpty
      if !isInterrupted && !isKnown { progress.spent = 1 }
    } catch let failure as Failure {
      self.failure = failure
    }
  }

  /// Sleeps until as much of the whole time is gone as of the budget, so that the machine's states change between rounds.
  private func rest(since watch: Stopwatch, _ spent: Double) {
    guard let over else { return }
    let due = min(1, spent / budget) * over
    while watch.elapsed.value < due, !Interruption.isRequested { usleep(100_000) }
  }
}
