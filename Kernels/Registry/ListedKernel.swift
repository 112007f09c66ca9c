import KernelContract

/// A kernel as lists name it.
package struct ListedKernel: Sendable {
  package let identity: String
  package let operation: String
  /// Of the weights; nil where there are none.
  package let format: WeightFormat?
  package let activations: ActivationFormat
  package let isa: InstructionSet
}

extension KernelList {
  /// Everything that is built: the matrix kernels, and the members of the tables of the other operations.
  package static let listed: [ListedKernel] = {
    let products = matrices.map {
      ListedKernel(
        identity: $0.identity, operation: $0.operation.rawValue, format: $0.format, activations: $0.activations,
        isa: $0.isa)
    }
    // AMX takes these from the set below it.
    let rows = InstructionSet.allCases.filter { $0 < .amx }.flatMap { isa in
      members(of: vectors(isa)).map { listed($0, operation: $0, isa) }
        + members(of: sampling(isa)).map { listed($0, operation: "sampling", isa) }
    }
    let tiles = ListedKernel(
      identity: "attention.bf16.amx", operation: "attention", format: nil, activations: .bf16, isa: .amx)
    return products + rows + [tiles]
  }()

  /// A table's stored properties are its operations, so that one more is listed without being named again.
  private static func members(of table: Any) -> [String] { Mirror(reflecting: table).children.compactMap(\.label) }

  private static func listed(_ name: String, operation: String, _ isa: InstructionSet) -> ListedKernel {
    ListedKernel(
      identity: "\(name).f32.\(isa.rawValue)", operation: operation, format: nil, activations: .f32, isa: isa)
  }
}
