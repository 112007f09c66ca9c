import Analysis
import Machine
import Quantities
import Records
import Reporting
import TestSupport
import Testing

@Suite struct ReportFilesTests {
  private func directory(_ tree: FakeTree, runs: [RunRecord] = SampleCampaign.runs) throws -> ResultsDirectory {
    let results = try ResultsDirectory(existing: tree.root)
    let writer = try RunWriter(results.runs)
    for run in runs { try writer.append(run) }
    try results.writeCommand(["inferometer", "measure"])
    return results
  }

  /// What is shown after a measurement and what is made of the files later are the same text.
  @Test func theFilesAloneGiveTheSameReport() throws {
    let tree = FakeTree()
    _ = try directory(tree)
    let now = SummaryBuilder.summary(
      of: Results(machine: nil, command: "inferometer measure", runs: SampleCampaign.runs))
    var later = SummaryBuilder.summary(of: try Results.load(tree.root))
    #expect(later.warnings.map(\.code) == ["no-machine"])
    later.warnings = []
    #expect(screen(later) == screen(now))
    #expect(markdown(later) == markdown(now))
    #expect(try later.json() == now.json())
  }

  @Test func theMachineComesFromItsFile() throws {
    let tree = FakeTree()
    let machine = MachineDescription.read(root: FakeTree().root)
    try directory(tree).writeMachine(machine)
    #expect(try Results.load(tree.root).machine == MachineCard(machine))
  }

  @Test func writesTheReportAndTheChart() throws {
    let tree = FakeTree()
    let results = try directory(tree)
    let summary = SummaryBuilder.summary(of: try Results.load(tree.root))
    let names =
      ["report.md", "report.html"]
      + ["decode", "prefill", "batch", "latency", "work", "roofline", "residuals", "doubts"].map { $0 + ".svg" }
    #expect(try ReportFiles.write(ReportPage(summary), to: results) == names)
    #expect(try ReportFiles.write(ReportPage(summary), to: results) == names, "and writes them again")
  }

  @Test func aTornLineIsOneWarning() throws {
    let tree = FakeTree()
    let json = String(decoding: try RecordCoding.encode(SampleCampaign.prefill(32)), as: UTF8.self)
    tree.write("/runs.jsonl", json + "\n" + json.prefix(100))
    let input = try Results.load(tree.root)
    #expect(input.runs == [SampleCampaign.prefill(32)])
    #expect(input.warnings.map(\.code) == ["cut-off-line", "no-machine"])
  }

  @Test(arguments: [
    (["/runs.jsonl": ""], "runs.jsonl: has no finished run: measure first"),
    ([:], "runs.jsonl: no such file or directory"), (["/runs.jsonl": "{}\n"], "runs.jsonl:1: schema is missing"),
  ])
  func sayWhatIsWrongInOneLine(files: [String: String], ending: String) throws {
    let tree = FakeTree(files)
    let error = try #require(throws: RecordError.self) { try Results.load(tree.root) }
    #expect(error.description.hasSuffix(ending))
  }

  @Test func aBrokenMachineIsAnError() throws {
    let tree = FakeTree()
    _ = try directory(tree)
    tree.write("/machine.json", "{")
    let error = try #require(throws: RecordError.self) { try Results.load(tree.root) }
    #expect(error.description == "\(tree.root)/machine.json: not valid JSON, or a number that does not fit")
  }
}
