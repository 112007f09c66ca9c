/// A loop that multiplies and adds in registers alone: what a kernel of this instruction set and type cannot exceed.
package final class PeakProbe: Sendable {
  /// The type of the activations, as in `MatrixKernel`: a kernel's roof is the probe of its own type and instruction set.
  package let type: ActivationFormat
  package let isa: InstructionSet
  /// The operations of one iteration; one multiply-add is two.
  package let operations: Int
  /// Returns how many multiply-adds were made, by their own count: every product is 1, and the sums are summed up.
  package let run: @Sendable (_ iterations: Int) -> Int

  /// Up to which sums are exact in Float, whose significand has 24 bits: no more than 2⁶ equal ones are added up before halves
  /// are added to halves.
  package static let mostIterations = 1 << 18

  package init(
    _ type: ActivationFormat, _ isa: InstructionSet, multiplyAdds: Int, run: @escaping @Sendable (Int) -> Int
  ) {
    self.type = type
    self.isa = isa
    self.operations = 2 * multiplyAdds
    self.run = run
  }

  package var identity: KernelIdentity { KernelIdentity(.peak, activations: type, isa: isa) }
}
