import Records
import Statistics

/// Runs by what is independent of one another: processes where there are several, else the runs themselves.
///
/// What a process has by luck, such as where its memory lies, all its runs share.
struct IndependentUnits {
  let groups: [[RunRecord]]
  let areProcesses: Bool

  init(_ runs: [RunRecord]) {
    let processes = Dictionary(grouping: runs) { $0.process ?? -1 }
    areProcesses = processes.count > 1 && processes[-1] == nil
    groups = areProcesses ? processes.sorted { $0.key < $1.key }.map(\.value) : runs.map { [$0] }
  }

  /// A figure that each run gave once: of the units' medians.
  func estimate(_ figure: (RunRecord) -> Double) -> Estimate? {
    samples(figure).flatMap { Estimate.across(runs: $0.map(\.median)) }
  }

  /// How many times the variance of the units' share exceeds that of as many independent runs; nil where runs are units.
  func designEffect(_ figure: (RunRecord) -> Double) -> Double? {
    areProcesses ? samples(figure).flatMap { Clusters($0)?.designEffect(at: 0.5) } : nil
  }

  private func samples(_ figure: (RunRecord) -> Double) -> [Sample]? {
    let samples = groups.compactMap { try? Sample($0.map(figure)) }
    return samples.count == groups.count ? samples : nil
  }
}
