import Campaign
import KernelContract
import KernelTiming
import Kernels

/// Which kernels are listed or timed; nil where all are.
struct KernelFilters {
  static let operation = Option("--op", value: "NAME", help: "only this operation: matvec matmul attention sampling …")
  static let format = Option("--format", value: "TYPE,…", help: "only these weight formats, such as Q4_0")
  static let isa = Option("--isa", value: "SET,…", help: "only these instruction sets")
  static let group = OptionGroup("Filters", [operation, format, isa])

  let operation: String?
  let formats: [WeightFormat]?
  let sets: [InstructionSet]?

  init(_ arguments: Arguments) throws(UsageError) {
    let operations = KernelList.listed.map(\.operation).distinct
    operation = try arguments.choice(Self.operation, operations.map { ($0, $0) })
    formats = try arguments.choices(Self.format, WeightFormat.allCases.map { ($0.rawValue, $0) })
    sets = try arguments.choices(Self.isa, EngineSettings.instructionSets)
  }

  func pass(_ kernel: ListedKernel) -> Bool {
    (operation.map { $0 == kernel.operation } ?? true) && (sets?.contains(kernel.isa) ?? true)
      && (formats.map { formats in kernel.format.map(formats.contains) ?? false } ?? true)
  }
}
