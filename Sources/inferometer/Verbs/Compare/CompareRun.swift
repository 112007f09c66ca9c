import Analysis
import Campaign
import KernelTiming
import Metering

/// Variants run in turn, each time in a process of its own, until their difference is known.
///
/// A round runs each once, in an order in which each variant comes as often first as last and as often before another as
/// behind it, so that none profits from its place.
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

  /// Until the comparison is decided or the budget is spent; `keep` takes what each process gave.
  mutating func run(
    keep: (CompareVariant.Output, _ variant: Int) throws -> Void, isDecided: (CompareRun) -> Bool
  ) throws {
    let watch = Stopwatch()
    var longest = 0.0
    while rounds == 0 || watch.elapsed.value + longest < budget {
      let start = watch.elapsed.value
      do {
        guard let outputs = try goRound(keep) else {
          isInterrupted = true
          return
        }
        for (index, output) in outputs { variants[index].add(output) }
      } catch let failure as Failure {
        self.failure = failure
        return
      }
      rounds += 1
      longest = max(longest, watch.elapsed.value - start)
      progress.spent = min(1, watch.elapsed.value / budget)
      if isDecided(self) { return }
    }
    progress.spent = 1
  }

  /// One process of each variant; nil when asked to stop.
  private func goRound(
    _ keep: (CompareVariant.Output, _ variant: Int) throws -> Void
  ) throws -> [(Int, CompareVariant.Output)]? {
    var outputs: [(Int, CompareVariant.Output)] = []
    for index in TurnTimer.order(rounds, of: variants.count) {
      Console.progress("round \(rounds + 1)  \(variants[index].label)")
      guard let output = try variants[index].run(process: rounds) else { return nil }
      try keep(output, index)
      outputs.append((index, output))
    }
    return outputs
  }
}
