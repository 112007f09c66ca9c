import Records
import Statistics

/// What a comparison knows of one run, whichever file it came from.
package struct ComparedRun: Sendable {
  /// Runs of different models are never set against each other. The file's name stands for its content, wherever it lies.
  struct Model: Hashable, Sendable {
    var file: String
    var type: String
    var parameters: Int
    var bytes: Double
  }

  /// Nil of a kernel's run.
  var model: Model?
  /// `pp512`, `tg128 @ d512`, with ` x4` behind it for four sequences.
  var test: String
  /// Where a reader looks for the test: prefill before decode, one sequence before several, short before long.
  var order: [Int]
  /// All else that a run's speed depends on, by name, in the order in which it is shown.
  var settings: [(name: String, value: String)]
  /// Those that the tool chose for the test, which tell rows apart only where a test has several.
  var choices: [(name: String, value: String)] = []
  package var process: Int?
  /// It has a verdict against it.
  var isFlagged: Bool
  var tokens: Int
  var wall: Double
  /// Single decode steps; empty where they are not known.
  var steps: [Double]
  var joules: Double?
  var joulesAbsentReason: String

  package init(_ run: RunRecord) {
    let setup = run.configuration
    model = Model(
      file: run.model.source.fileName, type: run.model.typeName, parameters: run.model.parameters,
      bytes: run.model.weightBytes.value)
    let test = BenchShape(
      promptTokens: run.promptTokens, generatedTokens: run.generatedTokens, depth: run.contextTokens,
      sequences: run.sequences)
    let isSampling = run.phase == .sampling
    self.test = isSampling ? "sampling" : Self.name(test)
    order = isSampling ? [2] : Self.order(test)
    settings = [
      (Self.machine, run.machineFingerprint), (Self.version, run.toolVersion), ("threads", "\(setup.threads)"),
      ("isa", setup.isa), ("activations", setup.activations), ("cache", "\(setup.keyType)/\(setup.valueType)"),
      ("batch", "\(setup.batch)/\(setup.microBatch)"), ("pinned", setup.pinned ? "yes" : "no"),
      (Self.slowed, setup.slowedShare.slowed),
    ]
    process = run.process
    isFlagged = !run.verdict.isEmpty
    tokens = run.tokens
    wall = run.wall.value
    steps = run.phase == .decode ? run.samples.map(\.wallSeconds.value) : []
    joules = run.energyJoules?.value
    joulesAbsentReason = run.energyAbsentReason ?? "no reason was written down"
  }

  /// Each repetition of a bench's row is a run.
  package static func runs(of row: LlamaBenchLog.Row) -> [ComparedRun] {
    row.samplesNs.enumerated().map { index, time in
      var run = ComparedRun(row, nanoseconds: time)
      run.process = row.samplesProcess?[index]
      return run
    }
  }

  private init(_ row: LlamaBenchLog.Row, nanoseconds: Double) {
    model = Model(
      file: row.modelFilename.fileName, type: row.modelType, parameters: row.modelNParams, bytes: Double(row.modelSize))
    test = Self.name(row.test)
    order = Self.order(row.test)
    settings = [
      (Self.machine, row.cpuInfo), (Self.version, row.buildCommit.replacing("inferometer-", with: "")),
      ("threads", "\(row.nThreads)"),
      ("isa", row.isa ?? ""), ("activations", row.activations ?? ""), ("cache", "\(row.typeK)/\(row.typeV)"),
      ("batch", "\(row.nBatch)/\(row.nUbatch)"), (Self.slowed, row.slowedShare.slowed),
    ]
    isFlagged = false
    tokens = row.test.tokens
    wall = nanoseconds / 1e9
    steps = []
    joulesAbsentReason = "rows of bench have no energy"
  }

  /// Each sample of a kernel's row is a run.
  package static func runs(of row: KernelRecord) -> [ComparedRun] {
    row.sampleSeconds.map { ComparedRun(row, seconds: $0) }
  }

  private init(_ row: KernelRecord, seconds: Double) {
    test = [row.size, row.format].compactMap(\.self).joined(separator: " ")
    order = []
    settings = [
      (Self.machine, row.machineFingerprint ?? ""), (Self.version, row.toolVersion ?? ""),
      ("threads", "\(row.threads)"), ("memory", row.isCold ? "cold" : "warm"), (Self.slowed, row.slowedShare.slowed),
    ]
    // The name ends with the instruction set, which is what variants of one kernel differ in.
    let name = row.isa.flatMap { row.kernel.hasSuffix($0) ? row.kernel.dropLast($0.count + 1) : nil }
    choices = [("kernel", name.map(String.init) ?? row.kernel), ("isa", row.isa ?? "")]
    process = row.process
    isFlagged = false
    tokens = 0
    wall = seconds
    steps = []
    joulesAbsentReason = "calls of kernels have no energy"
  }

  static let machine = "machine"
  private static let slowed = "slowed"
  static let version = "version"

  /// Rather than of a model.
  package var isOfKernel: Bool { model == nil }

  func setting(_ name: String) -> String { (settings + choices).first { $0.name == name }?.value ?? "" }

  private static func order(_ test: BenchShape) -> [Int] {
    [min(test.generatedTokens, 1), test.sequences, test.depth, test.promptTokens, test.generatedTokens]
  }

  private static func name(_ test: BenchShape) -> String {
    test.sequences > 1 ? "\(test.name) x\(test.sequences)" : test.name
  }
}

extension Double? {
  fileprivate var slowed: String { map { "on purpose by \(($0 * 100).significant(3)) %" } ?? "" }
}

extension String {
  /// What follows the last slash.
  fileprivate var fileName: String { split(separator: "/").last.map(String.init) ?? self }
}
