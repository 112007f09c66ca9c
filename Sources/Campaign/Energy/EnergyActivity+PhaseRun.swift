import EnergyModel
import KernelContract
import Machine
import Quantities

extension EnergyActivity {
  /// What a run did with the machine.
  init(_ run: PhaseRun, weightBytes: Bytes, on machine: MachineDescription) {
    let memory = [machine.memoryBytes.value, machine.controlGroup.memoryLimitBytes.value].compactMap { $0 }.min()
    let total = run.costs.account.total
    self.init(
      seconds: run.conditions.wall.value, threads: Double(machine.processors),
      busySeconds: run.conditions.processTime.value, memoryGigabytes: Double(memory ?? 0) / 1e9,
      operations: run.costs.operations, bytes: (total.bytesRead + total.bytesWritten).value,
      memoryShare: Self.memoryShare(run.shape.phase == .sampling ? Self.rowBytes(run) : weightBytes, machine))
  }

  /// A row of logits, which sampling reads in place of the weights.
  private static func rowBytes(_ run: PhaseRun) -> Bytes {
    run.costs.account.total.bytesRead / Double(max(1, run.shape.generatedTokens))
  }

  /// Weights that the last cache cannot hold come from memory each time. Whether smaller ones stay in it, which others may
  /// share, is not known.
  private static func memoryShare(_ weightBytes: Bytes, _ machine: MachineDescription) -> ClosedRange<Double> {
    let cache = Double(machine.lastLevelCache?.bytes ?? 0)
    return weightBytes.value > cache ? 1...1 : 0...1
  }
}

extension EnergyTerm {
  /// What an operation of a kernel costs as: by its arithmetic, on tiles or on vectors.
  package init(_ kernel: KernelIdentity) {
    switch (kernel.activations, kernel.isOnTiles) {
    case (.int8, true): self = .tileInt8
    case (.int8, false): self = .int8
    case (.bf16, true): self = .tileBFloat16
    case (.bf16, false): self = .bfloat16
    case (.f32, _): self = .float32
    }
  }
}
