import Records
import Statistics
import TestSupport
import Testing

@Suite struct KernelBenchLogTests {
  private static func row(_ change: (String, String) = ("", "")) -> String {
    let row = """
      {"activations":"int8","calls_per_sample":11,"is_cold":false,"isa":"avx2","kernel":"matvec.q4_0.int8.avx2",\
      "sample_seconds":[0.001,0.002],"size":"1x64x64","threads":1}
      """
    return change.0.isEmpty ? row : row.replacing(change.0, with: change.1)
  }

  private func read(_ text: String) throws -> KernelBenchLog? {
    let tree = FakeTree(["/k": text])
    guard case .kernels(let log) = try ResultFile.read(tree.root + "/k") else { return nil }
    return log
  }

  @Test func readsWhatKernelsPrints() throws {
    let list = try #require(try read("[\n\(Self.row()),\n\(Self.row())\n]\n"))
    #expect(list.rows.count == 2 && list.rows[0].sampleSeconds == [0.001, 0.002] && list.rows[0].process == nil)
    let lines = try #require(try read("\(Self.row(("\"threads\":1", "\"threads\":1,\"process\":3")))\n\(Self.row())\n"))
    #expect(lines.rows.map(\.process) == [3, nil])
  }

  @Test(arguments: [
    ("\"threads\":1", "\"threads\":0", "threads is 0"), ("0.002", "-1", "sample_seconds holds -1"),
    ("\"threads\":1", "\"threads\":1,\"flops\":-1", "flops is -1"),
    ("\"size\":\"1x64x64\",", "", "size is missing"),
  ])
  func whatCannotBeIsRefused(_ text: String, _ other: String, _ reason: String) throws {
    do {
      _ = try read("[\(Self.row()), \(Self.row((text, other)))]")
      Issue.record("was read")
    } catch {
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test func aLineOfAComparisonIsWrittenAndRead() throws {
    let tree = FakeTree()
    let directory = try ResultsDirectory(making: tree.root + "/1")
    var row = try #require(try read("[\(Self.row())]")).rows[0]
    row.process = 2
    row.flops = 8192
    row.verdict = ["steal"]
    row.ratios = [.init(against: "openblas", speedRatio: .exact(2))]
    try LineWriter(directory.kernels) { _ in false }.append(row)
    guard case .kernels(let log) = try ResultFile.read(directory.path) else {
      return #expect(Bool(false), "not read as a bench of kernels")
    }
    #expect(log.rows == [row])
  }
}
