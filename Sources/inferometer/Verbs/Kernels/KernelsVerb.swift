import Campaign
import KernelContract
import KernelTiming
import Kernels
import Machine
import Records
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
      "Any option of sizes or timing times kernels: those that the engine would take or, with --op or --isa, all that "
        + "remain. Each result is compared with its definition before it is timed; one that is wrong has "
        + "no time, and the exit status is 1. Kernels for the same data take turns; a ratio is the median of their "
        + "speeds' ratios, round by round, to a library or else to the first of them.",
      "A product is M tokens by N rows of K weights (test-backend-ops has m = N, n = M), with weights packed and "
        + "activations prepared before; a library packs the weights in each call, as its interface wants it. An "
        + "OpenBLAS older than the processor may take it for a core that lacks its instructions; the library's line then "
        + "names that core, and OPENBLAS_CORETYPE=SkylakeX chooses another.",
      "read is the share of the read roof that a cold row's bytes reach. peak is the share of what the instruction set "
        + "reaches on registers in the kernel's arithmetic. A share that is not known is shown as ?, with its reason. A ! "
        + "marks times that something disturbed, which is named below the table.",
      "An operation on rows takes R rows of C elements, which threads share out: tokens by the embedding (norm add scale "
        + "quantize round_bf16 embedding), by the feed-forward (swiglu geglu) or by the vocabulary (softcap), heads by "
        + "their size (rope rope_neox), positions by a head's size (store_key store_value). A step has just computed "
        + "them, so they are warm unless --cold is given; GB/s counts each row as it is read and as it is written.",
    ])

  static func run(_ arguments: Arguments) throws {
    let filters = try KernelFilters(arguments)
    let mode = try arguments.choice(.activations, EngineSettings.activationModes) ?? .auto
    let machine = MachineDescription.read()
    // What was measured holds for the kernels that are taken when nothing else is asked for.
    let tuning = mode == .auto ? MachineCache(of: machine).loaded(MeasuredTuning.load)?.tuning : nil
    if KernelBenchOptions.areAsked(arguments) { return try bench(arguments, filters, mode, tuning, on: machine) }
    let selection = try KernelSelection(activations: mode, tuning: tuning ?? .standard)
    let many = KernelTuning.range.upperBound
    let uses = [("few", selection.identities(tokens: 1)), ("many", selection.identities(tokens: many))]
    let rows = KernelList.listed.filter(filters.pass).map { kernel in
      KernelRow(kernel, selectedFor: uses.filter { $0.1.contains(kernel) }.map(\.0))
    }
    if arguments.contains(.json) { return try Console.print(JSONText.of(rows, pretty: true)) }
    try Console.show(page(rows))
  }

  private static func page(_ rows: [KernelRow]) -> ReportPage {
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
    var page = ReportPage()
    page.table(nil, table)
    page.add(.space)
    page.add(.paragraph("\(rows.count) kernels, of which this machine can run \(count)"))
    return page
  }

  private static func bench(
    _ arguments: Arguments, _ filters: KernelFilters, _ mode: ActivationMode, _ tuning: KernelTuning?,
    on machine: MachineDescription
  ) throws {
    var request = try KernelBenchRequest(arguments, filters, mode, on: machine)
    request.tuning = tuning ?? request.tuning
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
  let operation: KernelOperation
  /// The format of the weights; nil where there are none.
  let format: WeightFormat?
  let activations: ActivationFormat
  let isa: InstructionSet
  let isBuilt = true
  let missingFeatures: [String]
  let isPermitted: Bool
  let selectedFor: [String]

  init(_ kernel: KernelIdentity, selectedFor: [String]) {
    let status = InstructionSetStatus.all.first { $0.isa == kernel.isa }
    self.kernel = kernel.description
    operation = kernel.operation
    format = kernel.weights
    activations = kernel.activations
    isa = kernel.isa
    missingFeatures = status?.missing ?? kernel.isa.requiredFeatures
    isPermitted = status?.permitted ?? false
    self.selectedFor = selectedFor
  }
}
