import Campaign
import KernelContract
import KernelTiming
import Kernels
import Machine
import Reporting

/// `kernels`: what is built, what this machine supports and permits, what is chosen, and how fast it is.
enum KernelsVerb: Verb {
  static let syntax = Syntax(
    "kernels", summary: "list the kernels, or time them, side by side and against CBLAS libraries",
    usage: ["[FILTER…]", "--bench | --shape MxNxK | -m FILE | --preset NAME [OPTION…]"],
    groups: [
      KernelFilters.group, OptionGroup("Selection", [.activations]),
      OptionGroup("Sizes to time", KernelBenchOptions.sizes), OptionGroup("Timing", KernelBenchOptions.conditions),
    ],
    notes: [
      "A listed kernel is supported if the processor and the system have its features, permitted if the system grants "
        + "their use, selected if the engine would take it here: for few tokens (decode) or for many (prefill).",
      "Any option of sizes or timing asks for times: of the kernels that the engine would take, or with --op or --isa "
        + "of all that remain. Each result is compared with its definition before it is timed; one that is wrong has "
        + "no time, and the exit status is 1. Kernels for the same data take turns; a ratio is the median of their "
        + "speeds' ratios, round by round, to a library or else to the first of them.",
      "A product is M tokens by N rows of K weights (test-backend-ops has m = N, n = M), with weights packed and "
        + "activations prepared before; a library packs the weights in each call, as its interface wants it. An "
        + "OpenBLAS older than the processor may take a core for it that lacks its instructions, which its line then "
        + "names: OPENBLAS_CORETYPE=SkylakeX chooses another. Roof: "
        + "the share of the read roof (r, cold rows only) or of the peak of arithmetic (p), whichever is larger. A ! "
        + "marks times that something disturbed, which is named below the table.",
    ])

  static func run(_ arguments: Arguments) throws {
    let filters = try KernelFilters(arguments)
    let mode = try arguments.choice(.activations, EngineSettings.activationModes) ?? .auto
    if KernelBenchOptions.areAsked(arguments) { return try bench(arguments, filters, mode) }
    let selection = try KernelSelection(activations: mode)
    let rows = KernelList.listed.filter(filters.pass).map { KernelRow($0, selection) }
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

  private static func bench(_ arguments: Arguments, _ filters: KernelFilters, _ mode: ActivationMode) throws {
    let machine = MachineDescription.read()
    let request = try KernelBenchRequest(arguments, filters, mode, on: machine)
    Interruption.listen()
    let bench = KernelBench(
      request, on: machine, toolVersion: Version.current, cancellation: Interruption.wish,
      observer: KernelBenchProgress.show)
    var output = KernelBenchOutput(isJSON: arguments.contains(.json))
    let isComplete = try bench.run { try output.add($0, coldMemory: bench.coldMemory) }
    if isComplete, output.isEmpty {
      throw UsageError(KernelFilters.isa, "no kernel is left to time; see inferometer kernels for those that there are")
    }
    try output.end()
    if !isComplete { throw Failure(.interrupted, "interrupted; what had finished is printed") }
    if output.wrongKernels > 0 {
      throw Failure(.failure, "wrong results of \(output.wrongKernels) kernels; they were not timed")
    }
  }
}

/// One kernel and the facts about it.
private struct KernelRow: Encodable {
  let kernel: String
  let operation: String
  /// The format of the weights; nil where there are none.
  let format: WeightFormat?
  let activations: ActivationFormat
  let isa: InstructionSet
  let isBuilt = true
  let missingFeatures: [String]
  let isPermitted: Bool
  let selectedFor: [String]

  init(_ kernel: ListedKernel, _ selection: KernelSelection) {
    let status = InstructionSetStatus.all.first { $0.isa == kernel.isa }
    self.kernel = kernel.identity
    operation = kernel.operation
    format = kernel.format
    activations = kernel.activations
    isa = kernel.isa
    missingFeatures = status?.missing ?? kernel.isa.requiredFeatures
    isPermitted = status?.permitted ?? false
    selectedFor = selection.uses(of: kernel)
  }
}

extension KernelSelection {
  /// For few tokens, for many, for both or for none.
  fileprivate func uses(of kernel: ListedKernel) -> [String] {
    if let format = kernel.format {
      return [("few", 1), ("many", Int.max)].filter { matrix(format, tokens: $0.1).identity == kernel.identity }.map(
        \.0)
    }
    if kernel.isa == .amx { return tiledAttention == nil ? [] : ["many"] }
    guard kernel.isa == min(isa, .avx512vnni) else { return [] }
    return kernel.operation == "attention" && tiledAttention != nil ? ["few"] : ["few", "many"]
  }
}
