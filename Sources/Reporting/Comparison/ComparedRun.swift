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

  var model: Model
  /// `pp512`, `tg128 @ d512`, with ` x4` behind it for four sequences.
  var test: String
  /// Where a reader looks for the test: prefill before decode, one sequence before several, short before long.
  var order: [Int]
  /// All else that a run's speed depends on, by name, in the order in which it is shown.
  var settings: [(name: String, value: String)]
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
    let test = LlamaBenchRow.Test(
      promptTokens: run.promptTokens, generatedTokens: run.generatedTokens, depth: run.contextTokens,
      sequences: run.sequences)
    self.test = Self.name(test)
    order = Self.order(test)
    settings = [
      (Self.machine, run.machineFingerprint), (Self.version, run.toolVersion), ("threads", "\(setup.threads)"),
      ("isa", setup.isa), ("activations", setup.activations), ("cache", "\(setup.keyType)/\(setup.valueType)"),
      ("batch", "\(setup.batch)/\(setup.microBatch)"), ("pinned", setup.pinned ? "yes" : "no"),
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
      ("batch", "\(row.nBatch)/\(row.nUbatch)"),
    ]
    isFlagged = false
    tokens = row.test.tokens
    wall = nanoseconds / 1e9
    steps = []
    joulesAbsentReason = "rows of bench have no energy"
  }

  static let machine = "machine"
  static let version = "version"

  func setting(_ name: String) -> String { settings.first { $0.name == name }?.value ?? "" }

  private static func order(_ test: LlamaBenchRow.Test) -> [Int] {
    [min(test.generatedTokens, 1), test.sequences, test.depth, test.promptTokens, test.generatedTokens]
  }

  private static func name(_ test: LlamaBenchRow.Test) -> String {
    test.sequences > 1 ? "\(test.name) x\(test.sequences)" : test.name
  }
}

extension String {
  /// What follows the last slash.
  fileprivate var fileName: String { split(separator: "/").last.map(String.init) ?? self }
}
