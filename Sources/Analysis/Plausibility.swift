import Records

/// What no measurement can have shown: more than the machine was found to reach in the same windows, a run twice, times that do
/// not fit.
package enum Plausibility {
  /// Reads may come from a cache where the roof is that of memory; operations have no such help, and roofs are known to some
  /// percent.
  private static let flopMargin = 1.15

  package static func failures(of results: Results) -> [String] {
    var failures: [String] = []
    if let machine = results.machine,
      let run = results.runs.first(where: { $0.machineFingerprint != machine.fingerprint })
    {
      failures.append("a run of \(run.time) is of another machine than machine.json")
    }
    var seen: Set<String> = []
    for run in results.runs where !seen.insert("\(run.session ?? "") \(run.window ?? -1) \(run.key)").inserted {
      failures.append("a run is there twice: \(run.shape.phase.rawValue) of \(run.time), repetition \(run.repetition)")
      break
    }
    for run in results.runs {
      guard let roof = run.flopRoofFlopsPerSecond, run.phase == .prefill, run.wall.value > 0 else { continue }
      let reached = run.flops.value / run.wall.value
      if reached > roof * flopMargin {
        failures.append(
          "a prefill of \(run.promptTokens) computes \((reached / roof * 100).rounded()) % of what the machine was found to reach"
        )
        break
      }
    }
    if let run = results.runs.first(where: { $0.operations.isEmpty }) {
      failures.append("a run of \(run.time) has no account of what it computed")
    }
    return failures
  }
}
