import Engine
import KernelContract
import Kernels
import Records
import Statistics

/// What the machine reaches, looked at before, between and after the runs.
extension MeasureSession {
  /// The roof is measured again when the last one is older than this.
  static let roofSeconds = 10.0

  func measureRoof() throws {
    try campaign.cancellation.check()
    campaign.report(.preparing(.roofs))
    campaign.energy.lookAtIdle()
    let roof = campaign.instruments.roofs(settings.threads, peaks, campaign.machine)
    roofTime = now
    if let value = roof.value {
      roofs.append(value)
    } else if roofs.isEmpty && !campaign.warnings.contains(where: { $0.code == "no-roofs" }) {
      campaign.note(
        Warning(
          code: "no-roofs", message: "what the machine can reach is not known: \(roof.reason ?? "no reason given")"))
    }
  }

  static func peaks(_ plan: MeasurePlan, _ engine: Engine) -> [PeakProbe] {
    let prompts = plan.points.flatMap { $0.shapes(steps: plan.steps) }.filter { $0.phase == .prefill }
    let kernels = prompts.flatMap { PhaseCosts($0, on: engine, batch: plan.settings.batch).kernels }
    return KernelList.peaks(of: kernels)
  }

  func noteRoofs() {
    let rates = roofs.map(\.readBytesPerSecond)
    guard let low = rates.min(), let high = rates.max(), low < high * (1 - Verdict.roofDrift) else { return }
    campaign.note(
      Warning(
        code: "roof-drift",
        message: "the read bandwidth lay between \(low.gigabytes) and \(high.gigabytes) GB/s during the measurement: "
          + "the machine was not quiet"))
  }
}

extension Double {
  fileprivate var gigabytes: String { "\((self / 1e8).rounded() / 10)" }
}
