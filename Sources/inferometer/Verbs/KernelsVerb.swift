import Campaign
import KernelContract
import Kernels
import Reporting

/// `kernels`: what is built, what this machine supports and permits, and what is chosen.
enum KernelsVerb: Verb {
  private static let operation = Option("--op", value: "NAME", help: "only this operation: matvec matmul attention …")
  private static let format = Option("--format", value: "TYPE", help: "only this weight format, such as Q4_0")
  private static let isa = Option("--isa", value: "SET", help: "only this instruction set")

  static let syntax = Syntax(
    "kernels", summary: "list the kernels: built, supported, permitted, selected", usage: ["[OPTION…]"],
    groups: [OptionGroup("Filters", [operation, format, isa]), OptionGroup("Selection", [.activations])],
    notes: [
      "A kernel is supported if the processor and the system have its features, permitted if the system grants their "
        + "use, selected if the engine would take it here: for few tokens (decode) or for many (prefill)."
    ])

  static func run(_ arguments: Arguments) throws {
    let formats = WeightFormat.allCases.map { ($0.rawValue, $0) }
    let wantedFormat = try arguments.choice(format, formats)
    let wantedSet = try arguments.choice(isa, EngineSettings.instructionSets)
    let mode = try arguments.choice(.activations, EngineSettings.activationModes) ?? .auto
    let all = try KernelInventory.rows(activations: mode)
    let operations = all.map(\.operation).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let wantedOperation = try arguments.choice(operation, operations.map { ($0, $0) })
    let rows = all.filter { row in
      (wantedOperation.map { $0 == row.operation } ?? true) && (wantedFormat.map { $0 == row.format } ?? true)
        && (wantedSet.map { $0 == row.isa } ?? true)
    }
    try Console.print(arguments.contains(.json) ? JSONText.of(rows, pretty: true) : text(rows))
  }

  private static func text(_ rows: [KernelRow]) -> String {
    var table = TextTable([
      TextTable.text("kernel"), TextTable.text("built"), TextTable.text("supported"), TextTable.text("permitted"),
      TextTable.text("selected"),
    ])
    for row in rows {
      table.add([
        row.kernel, "yes", row.missingFeatures.isEmpty ? "yes" : "no",
        row.missingFeatures.isEmpty ? (row.isPermitted ? "yes" : "no") : "", row.selectedFor.joined(separator: " "),
      ])
    }
    let count = rows.count { $0.missingFeatures.isEmpty && $0.isPermitted }
    return table.lines(width: Page.width, ink: Page.ink, indent: "").joined(separator: "\n")
      + "\n\n\(rows.count) kernels, of which this machine can run \(count)\n"
  }
}

/// One kernel and the facts about it.
struct KernelRow: Encodable {
  let kernel: String
  let operation: String
  /// Of the weights; nil where there are none.
  let format: WeightFormat?
  let activations: ActivationFormat?
  let isa: InstructionSet
  let isBuilt = true
  let missingFeatures: [String]
  let isPermitted: Bool
  let selectedFor: [String]
}

/// The registry's kernels with what is true of them here.
enum KernelInventory {
  /// Compiled once for each instruction set up to AVX-512 VNNI; AMX has tiles for products only.
  private static let rowOperations = ["norm", "add", "rotation", "activation", "attention", "sampling"]

  static func rows(activations: ActivationMode) throws -> [KernelRow] {
    let selection = try KernelSelection(activations: activations)
    return matrices(selection) + others(selection)
  }

  private static func matrices(_ selection: KernelSelection) -> [KernelRow] {
    KernelList.matrices.map { kernel in
      var uses: [String] = []
      if selection.matrix(kernel.format, tokens: 1).identity == kernel.identity { uses.append("few") }
      if selection.matrix(kernel.format, tokens: .max).identity == kernel.identity { uses.append("many") }
      return row(
        kernel.identity, kernel.operation.rawValue, kernel.isa, uses, format: kernel.format,
        activations: kernel.activations)
    }
  }

  private static func others(_ selection: KernelSelection) -> [KernelRow] {
    let chosen = min(selection.isa, .avx512vnni)
    let tiled = selection.tiledAttention != nil
    return rowOperations.flatMap { operation in
      InstructionSet.allCases.filter { $0 <= .avx512vnni }.map { isa in
        let few = operation == "attention" && tiled ? ["few"] : ["few", "many"]
        return row("\(operation).f32.\(isa.rawValue)", operation, isa, isa == chosen ? few : [])
      }
    } + [row("attention.bf16.amx", "attention", .amx, tiled ? ["many"] : [])]
  }

  private static func row(
    _ kernel: String, _ operation: String, _ isa: InstructionSet, _ uses: [String], format: WeightFormat? = nil,
    activations: ActivationFormat? = nil
  ) -> KernelRow {
    let status = InstructionSetStatus.all.first { $0.isa == isa }
    return KernelRow(
      kernel: kernel, operation: operation, format: format, activations: activations, isa: isa,
      missingFeatures: status?.missing ?? isa.requiredFeatures, isPermitted: status?.permitted ?? false,
      selectedFor: uses)
  }
}
