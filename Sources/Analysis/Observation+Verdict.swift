import Records
import Statistics

/// What takes more than one run to tell, judged of all runs together, whatever their order.
extension Observation {
  /// How far the read bandwidth may lie below the middle of what was found in all runs.
  private static let roofDrift = 0.10
  /// Of a round's processor time: far more than an idle machine shows, and a quarter of what would halve its speed.
  private static let stealShare = 0.05
  private static let othersShare = 0.10
  /// The scheduler counts in ticks of 10 ms: fewer than these of them tell nothing.
  private static let fewestTickSeconds = 0.05

  /// Windows and processes of a later sitting go on counting behind those of the earlier ones.
  private static func number(_ observations: inout [Observation], as runs: [RunRecord]) {
    let sessions = Dictionary(grouping: runs.indices) { runs[$0].session ?? "" }
    guard sessions.count > 1 else { return }
    func time(_ members: [Int]) -> String { members.map { runs[$0].time }.min() ?? "" }
    var (windows, processes) = (0, 0)
    for (_, members) in sessions.sorted(by: { (time($0.value), $0.key) < (time($1.value), $1.key) }) {
      for index in members {
        observations[index].window = observations[index].window.map { $0 + windows }
        observations[index].process = observations[index].process.map { $0 + processes }
      }
      windows += (members.compactMap { runs[$0].window }.max() ?? -1) + 1
      processes += (members.compactMap { runs[$0].process }.max() ?? -1) + 1
    }
  }

  /// The runs of one file as observations. A decode run whose memory was slower than that of most is marked, and so are all
  /// runs of a round in which the hypervisor or other processes took a share that no single short run can show.
  package static func all(of runs: [RunRecord]) -> [Observation] {
    var observations = runs.map { Observation($0) }
    Self.number(&observations, as: runs)
    for index in observations.indices {
      observations[index].measured.verdict.removeAll { $0 == VerdictCode.roofDrift.rawValue }
    }
    let roofs = try? Sample(runs.filter { $0.phase == .decode }.compactMap(\.readRoofBytesPerSecond))
    for (index, run) in runs.enumerated() where run.phase == .decode {
      guard let middle = roofs?.median, let roof = run.readRoofBytesPerSecond, roof < middle * (1 - roofDrift) else {
        continue
      }
      observations[index].mark(.roofDrift)
    }
    let rounds = Dictionary(grouping: runs.indices) {
      "\(runs[$0].session ?? "") \(runs[$0].process ?? -1) \(runs[$0].repetition)"
    }
    for members in rounds.values {
      let round = members.map { runs[$0] }
      for (code, share, limit) in [
        (VerdictCode.steal, \RunConditions.stealShare, stealShare), (.othersBusy, \.othersShare, othersShare),
      ] {
        let known = round.compactMap { run in run.conditions[keyPath: share].value.map { ($0, run.wall.value) } }
        let (taken, wall) = known.reduce((0, 0)) { ($0.0 + $1.0 * $1.1, $0.1 + $1.1) }
        guard taken > limit * wall, taken * Double(round[0].configuration.threads) > fewestTickSeconds else { continue }
        for index in members { observations[index].mark(code) }
      }
    }
    return observations
  }

  private mutating func mark(_ code: VerdictCode) {
    guard !measured.verdict.contains(code.rawValue) else { return }
    measured.verdict.append(code.rawValue)
    measured.isCanonical = false
  }
}
