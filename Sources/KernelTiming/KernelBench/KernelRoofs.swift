import KernelContract
import Machine

/// The rates that no kernel exceeds, for a number of threads. Whoever runs the bench measures them, in the same window.
package struct KernelRoofs: Sendable {
  /// Bytes that can be read from memory in a second.
  package var read: @Sendable (_ threads: Int) -> Finding<Double>
  /// Operations that an instruction set can make in a second on activations of a type.
  package var peak: @Sendable (_ threads: Int, InstructionSet, ActivationFormat) -> Finding<Double>

  package init(
    read: @escaping @Sendable (_ threads: Int) -> Finding<Double>,
    peak: @escaping @Sendable (_ threads: Int, InstructionSet, ActivationFormat) -> Finding<Double>
  ) {
    self.read = read
    self.peak = peak
  }

  static let unmeasured = KernelRoofs(
    read: { _ in .absent("not measured, as asked") }, peak: { _, _, _ in .absent("not measured, as asked") })

  package static func measured(on machine: MachineDescription) -> KernelRoofs {
    KernelRoofs(
      read: { WindowRoofs.measure(threads: $0, peaks: [], on: machine).map(\.readBytesPerSecond) },
      peak: { WindowRoofs.flopsPerSecond(threads: $0, isa: $1, type: $2) })
  }
}
