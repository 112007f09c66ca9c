import KernelContract
import KernelTiming
import Kernels
import Records
import Statistics

/// What the machine reaches, looked at before, between and after the runs.
extension MeasureSession {
  /// Roofs that lie further apart are said at the end.
  static let roofDrift = 0.10
  /// The roof is measured again when the last one is older than this.
  static let roofSeconds = 10.0

  func measureRoof() throws {
    try cancellation.check()
    journal.report(.preparing(.roofs))
    energy.lookAtIdle()
    let roof = instruments.roofs(plan.settings.threads, peaks, machine)
    roofTime = now
    if let value = roof.value {
      roofs.append(value)
    } else if roofs.isEmpty && !journal.warnings.contains(where: { $0.code == "no-roofs" }) {
      journal.note(
        Warning(
          code: "no-roofs", message: "what the machine can reach is not known: \(roof.reason ?? "no reason given")"))
    }
  }

  static func peaks(_ plan: MeasurePlan, _ runner: PhaseRunner) -> [PeakProbe] {
    let prompts = plan.points.flatMap { $0.shapes(steps: plan.steps) }.filter { $0.phase == .prefill }
    let kernels = prompts.flatMap { runner.costs(of: $0).kernels }
    return KernelList.peaks(of: kernels)
  }

  func noteRoofs() {
    let rates = roofs.map(\.readBytesPerSecond)
    guard let low = rates.min(), let high = rates.max(), low < high * (1 - Self.roofDrift) else { return }
    journal.note(
      Warning(
        code: "roof-drift",
        message: "the read bandwidth lay between \(low.gigabytes) and \(high.gigabytes) GB/s during the measurement: "
          + "the machine was not quiet"))
  }
}

extension Double {
  fileprivate var gigabytes: String { "\((self / 1e8).rounded() / 10)" }
}
