import Campaign
import KernelContract
import KernelTiming
import Kernels

/// Which kernels are listed or timed; nil where all are.
struct KernelFilters {
  static let operation = Option(
    "--op", value: "NAME",
    help: "only this operation, or sampling for all on logits: "
      + KernelOperation.allCases.map(\.rawValue).joined(separator: " "))
  static let format = Option("--format", value: "TYPE,…", help: "only these weight formats, such as Q4_0")
  static let isa = Option("--isa", value: "SET,…", help: "only these instruction sets")
  static let group = OptionGroup("Filters", [operation, format, isa])

  /// One operation, or all those that are asked for by one name, such as `sampling`.
  let operations: [KernelOperation]?
  let formats: [WeightFormat]?
  let sets: [InstructionSet]?

  init(_ arguments: Arguments) throws(UsageError) {
    operations = try arguments.choice(
      Self.operation, [("sampling", SamplingKernels.operations)] + KernelOperation.allCases.map { ($0.rawValue, [$0]) })
    formats = try arguments.choices(Self.format, WeightFormat.allCases.map { ($0.rawValue, $0) })
    sets = try arguments.choices(Self.isa, EngineSettings.instructionSets)
  }

  func pass(_ kernel: KernelIdentity) -> Bool {
    (operations?.contains(kernel.operation) ?? true) && (sets?.contains(kernel.isa) ?? true)
      && (formats.map { formats in kernel.weights.map(formats.contains) ?? false } ?? true)
  }
}
