import FoundationEssentials
import Records
import TestSupport
import Testing

@Suite struct ResultsDirectoryTests {
  @Test func namesTheDayAndTheMachine() throws {
    let tree = FakeTree()
    let root = tree.root + "/deep/Results"
    let names = try (0..<3).map { _ in
      try ResultsDirectory.prepare(at: root, machineSlug: "xeon-2c", date: "2026-01-31").path
    }
    let base = root + "/2026-01-31-xeon-2c"
    #expect(names == [base, base + "-2", base + "-3"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: base) == [], "the probe is gone")
  }

  @Test(arguments: [("../../etc", "etc"), ("a b\n\u{1b}[31m", "a-b---31m"), ("", "machine"), ("…", "machine")])
  func aNameCannotLeaveTheRoot(slug: String, name: String) throws {
    let tree = FakeTree()
    let made = try ResultsDirectory.prepare(at: tree.root, machineSlug: slug, date: "2026-01-31")
    #expect(made.path == "\(tree.root)/2026-01-31-\(name)")
  }

  @Test func failsBeforeMeasuringWhereNothingCanBeWritten() throws {
    let tree = FakeTree()
    let file = tree.file("Results", "")
    let taken = try #require(throws: RecordError.self) { try ResultsDirectory.prepare(at: file, machineSlug: "m") }
    #expect(taken.description == "\(file): is not a directory: name another place with --results")
    #expect(throws: RecordError.self) { try ResultsDirectory.prepare(at: "/proc/none", machineSlug: "m") }
    #expect(throws: RecordError.self) { try ResultsDirectory.prepare(at: "/sys", machineSlug: "m") }
  }

  @Test func writesWholeFiles() throws {
    let tree = FakeTree()
    let results = try ResultsDirectory(existing: tree.root)
    try results.checkWritable()
    try results.write("first", to: "report.md")
    try results.write("second", to: "report.md")
    #expect(try text(of: results.report) == "second")
    #expect(try FileManager.default.contentsOfDirectory(atPath: tree.root) == ["report.md"])
  }

  @Test func theCommandCanBeTypedAgain() throws {
    let tree = FakeTree()
    let results = try ResultsDirectory(existing: tree.root)
    try results.writeCommand(["inferometer", "measure", "-m", "a model.gguf", "--name", "it's", ""])
    #expect(try text(of: results.command) == "inferometer measure -m 'a model.gguf' --name 'it'\\''s' ''\n")
  }

  @Test func anExistingOneMustBeADirectory() throws {
    let tree = FakeTree()
    let file = tree.file("report.md", "")
    #expect(throws: RecordError(file: file, reason: "is not a results directory")) {
      try ResultsDirectory(existing: file)
    }
  }
}
