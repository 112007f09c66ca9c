import Records
import TestSupport
import Testing

@Suite struct ResultFileTests {
  private static let row = """
    {"build_commit": "a1b2", "cpu_info": "Some CPU", "model_filename": "m.gguf", "model_type": "llama 1B Q4_0", \
    "model_size": 700, "model_n_params": 1000, "n_batch": 2048, "n_ubatch": 512, "n_threads": 2, "type_k": "f16", \
    "type_v": "f16", "n_prompt": 0, "n_gen": 128, "n_depth": 0, "avg_ns": 5, "samples_ns": [ 1000, 2000 ]}
    """

  private func read(_ text: String) throws -> ResultFile {
    let tree = FakeTree(["/file": text])
    return try withExtendedLifetime(tree) { try ResultFile.read(tree.root + "/file") }
  }

  private func rows(_ file: ResultFile) -> [LlamaBenchLog.Row] {
    if case .rows(let log) = file { log.rows } else { [] }
  }

  @Test func takesLlamaBenchsArrayAndLines() throws {
    for text in ["[\n  \(Self.row),\n  \(Self.row)\n]\n", "\(Self.row)\n\n\(Self.row)\n"] {
      let rows = rows(try read(text))
      #expect(rows.count == 2)
      #expect(rows.first?.samplesNs == [1000, 2000] && rows.first?.test.name == "tg128")
      #expect(rows.first?.settings["n_batch"] == "2048" && rows.first?.settings["isa"] == nil)
    }
  }

  @Test func knowsRunsByTheirSchema() throws {
    let tree = FakeTree()
    let path = tree.root + "/runs.jsonl"
    var run = sampleRun()
    run.process = 3
    do {
      let writer = try RunWriter(path)
      try writer.append(run)
    }
    for path in [path, tree.root] {
      guard case .runs(let log) = try ResultFile.read(path) else { throw RecordError(file: path, reason: "not runs") }
      #expect(log.records == [run])
    }
  }

  @Test(arguments: [
    ("{}", "file:1: model_filename is missing"), ("[{}]", "file: [0].model_filename is missing"),
    ("nonsense", "file:1: not valid JSON, or a number that does not fit"),
    (row.replacing("[ 1000, 2000 ]", with: "[]"), "file:1: samples_ns is empty"),
    (row.replacing("2000", with: "-1"), "file:1: samples_ns holds -1.0; expected times of 1 ns or more"),
    (row.replacing("128", with: "0"), "file:1: n_prompt and n_gen are both 0"),
    (row.replacing("128", with: "-4"), "file:1: n_gen is -4; expected 0 to 4294967296"),
  ])
  func namesWhatIsWrong(_ text: String, _ expected: String) throws {
    let error = #expect(throws: RecordError.self) { try read(text) }
    #expect(error?.description.hasSuffix(expected) == true, "\(error?.description ?? "")")
  }
}
