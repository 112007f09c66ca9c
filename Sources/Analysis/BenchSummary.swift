import Quantities
import Records
import Statistics

/// All repetitions of one test of a bench, and the figures that they give.
package struct BenchSummary: Sendable {
  package let shape: BenchShape
  package let model: ModelIdentity
  package let configuration: RunConfiguration
  /// When the first repetition began.
  package let time: String
  /// Wall time of each repetition, in whole nanoseconds.
  package let nanoseconds: Sample
  /// Tokens per second of each repetition, over all sequences.
  package let rates: Sample
  /// The process of each repetition; empty where all are of one.
  package let processes: [Int]
  /// What one repetition computed and moved.
  package let operations: OperationCount
  package let energy: BenchEnergy
  /// Codes of what speaks against trusting each repetition.
  package let verdicts: [[String]]
  /// Rates by process; nil where all are of one.
  private let clusters: Clusters?

  /// Each repetition is an array: a prefill run, a decode run, or both in this order. Nil without repetitions, or where one took
  /// no time that the clock can tell: there is no rate then.
  package init?(_ shape: BenchShape, repetitions: [[RunRecord]]) {
    let walls = repetitions.map { $0.reduce(Seconds.zero) { $0 + $1.wall }.value }
    guard let first = repetitions.first?.first, shape.tokens > 0, walls.allSatisfy({ $0 >= 1e-9 && $0 < 1e9 }),
      let nanoseconds = try? Sample(walls.map { ($0 * 1e9).rounded() }),
      let rates = try? Sample(walls.map { Double(shape.tokens) / $0 })
    else { return nil }
    self.shape = shape
    model = first.model
    configuration = first.configuration
    time = first.time
    self.nanoseconds = nanoseconds
    self.rates = rates
    let numbers = repetitions.compactMap { $0.first?.process }
    processes = numbers.count == repetitions.count ? numbers : []
    operations = repetitions[0].flatMap(\.operations.values).reduce(.zero, +)
    energy = BenchEnergy(repetitions)
    verdicts = repetitions.map { runs in Set(runs.flatMap(\.verdict)).sorted() }
    let groups = Dictionary(grouping: zip(processes, rates.values)) { $0.0 }.sorted { $0.key < $1.key }
    clusters = Clusters(groups.compactMap { try? Sample($0.value.map(\.1)) })
  }

  /// What a token of the test computed and moved on average.
  package var operationsPerToken: OperationCount { operations * (1 / Double(shape.tokens)) }

  /// Repetitions with a verdict against them.
  package var flagged: Int { verdicts.count { !$0.isEmpty } }

  /// What speaks against the repetitions, each with how many it concerns and what helps.
  package var warnings: [Warning] {
    Set(verdicts.flatMap(\.self)).sorted().map { code in
      VerdictCode.warning(code, count: verdicts.count { $0.contains(code) }, of: verdicts.count, "repetitions")
    }
  }

  package var processCount: Int? { clusters?.clusters.count }
  package var designEffect: Double? { clusters?.designEffect(at: 0.5) }

  /// The median of tokens per second with its interval. Its units are the medians of processes where there are several, else
  /// the repetitions; fewer than six have their range.
  package var rate: Estimate {
    (clusters.flatMap { try? Sample($0.clusters.map(\.median)) } ?? rates).medianOrRange()
  }
}
