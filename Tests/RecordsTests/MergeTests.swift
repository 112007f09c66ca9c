import Foundation
import Records
import Statistics
import TestSupport
import Testing

/// Merged results are the same whatever the order and the grouping of what was merged.
@Suite struct MergeTests {
  private func run(_ number: Int, machine: String, session: String?) -> RunRecord {
    var run = SampleCampaign.decode(context: 64 * (number % 5), repetition: number)
    run.machineFingerprint = machine
    run.session = session
    run.time = "2026-01-31T09:\(String(10 + number % 50)):00Z"
    run.window = number % 3
    return run
  }

  private func write(_ runs: [RunRecord], to tree: FakeTree, _ name: String) throws -> String {
    let lines = try runs.map { String(decoding: try RecordCoding.encode($0), as: UTF8.self) + "\n" }
    tree.write("/\(name)/runs.jsonl", lines.joined())
    tree.write("/\(name)/command.txt", "inferometer measure --\(name.prefix(1))\n")
    return "\(tree.root)/\(name)"
  }

  /// The bytes of all files below a merged directory.
  private func merged(_ paths: [String], _ tree: FakeTree, _ name: String) throws -> [String: String] {
    let output = "\(tree.root)/\(name)"
    _ = try Merge.run(try ResultsDirectory.expanded(paths), into: output)
    var files: [String: String] = [:]
    for folder in try FileManager.default.contentsOfDirectory(atPath: output) {
      for file in try FileManager.default.contentsOfDirectory(atPath: "\(output)/\(folder)") {
        files["\(folder)/\(file)"] = try String(contentsOfFile: "\(output)/\(folder)/\(file)", encoding: .utf8)
      }
    }
    return files
  }

  @Test(arguments: 0..<12) func isIdempotentCommutativeAndAssociative(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let tree = FakeTree()
    let all = (0..<24).map { number in
      run(number, machine: ["aaaa", "bbbb"][number % 2], session: "s\(number % 4)")
    }
    // A directory is of one machine; a run may lie in several.
    let paths = try (0..<6).map { index in
      let machine = ["aaaa", "bbbb"][index % 2]
      let mine = all.filter { $0.machineFingerprint == machine && random.index(below: 3) > 0 }
      return try write(mine.isEmpty ? [all[index % 2]] : mine, to: tree, "d\(index)")
    }
    let one = try merged(paths, tree, "one")
    #expect(one.count == 6, "\(one.keys)")
    #expect(try merged(paths.reversed(), tree, "reversed") == one)
    #expect(try merged(paths + paths, tree, "twice") == one)
    #expect(try merged(["\(tree.root)/one"], tree, "again") == one)
    _ = try merged(Array(paths[..<3]), tree, "left")
    _ = try merged(Array(paths[3...]), tree, "right")
    #expect(try merged(["\(tree.root)/left", "\(tree.root)/right"], tree, "joined") == one)
    _ = try merged(Array(paths[1...]), tree, "tail")
    #expect(try merged(["\(tree.root)/tail", paths[0]], tree, "other") == one)
  }

  /// Windows of two sittings stay two windows, also where the records know nothing of sittings.
  @Test func sittingsStayApart() throws {
    let tree = FakeTree()
    let first = (0..<3).map { run($0, machine: "aaaa", session: nil) }
    let second = (3..<6).map { run($0, machine: "aaaa", session: nil) }
    let paths = [try write(first, to: tree, "a"), try write(second, to: tree, "b")]
    let outcome = try Merge.run(try ResultsDirectory.expanded(paths), into: "\(tree.root)/m")
    #expect(outcome.runs == 6 && outcome.duplicates == 0 && outcome.directories.count == 1)
    let runs = try RunLog.read(outcome.directories[0].runs).records
    #expect(Set(runs.compactMap(\.session)).count == 2 && runs.count == 6)
    #expect(try Checksums.mismatches(in: outcome.directories[0]) == [])
    tree.write("/m/\(outcome.directories[0].path.split(separator: "/").last!)/runs.jsonl", "x\n")
    #expect(try Checksums.mismatches(in: outcome.directories[0]) == ["runs.jsonl: is not what was sealed"])
  }

  @Test func anAttemptThatWasNotFinishedIsLeftOut() throws {
    let tree = FakeTree()
    let begun = try write([run(0, machine: "aaaa", session: "x")], to: tree, "task-1-of-2")
    let done = try write([run(1, machine: "bbbb", session: "y")], to: tree, "task-1-of-2-2")
    try MeasureTaskState(campaign: "c", task: "1/2", isComplete: false).write(in: ResultsDirectory(existing: begun))
    let alone = try Merge.run(try ResultsDirectory.expanded([begun]), into: "\(tree.root)/alone")
    #expect(alone.runs == 1 && alone.unfinished.isEmpty)
    try MeasureTaskState(campaign: "c", task: "1/2", isComplete: true).write(in: ResultsDirectory(existing: done))
    let both = try Merge.run(try ResultsDirectory.expanded([begun, done]), into: "\(tree.root)/both")
    #expect(both.unfinished == [begun] && both.runs == 1)
  }

  /// The examples of FIPS 180-4 as NIST publishes them, and lengths about the block's.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
  ]) func sumsAreThoseOfTheStandard(text: String, sum: String) {
    var hash = SHA256()
    hash.update(text.utf8)
    #expect(hash.hexadecimal() == sum)
  }

  @Test func pricesOfHostsAreRead() throws {
    let tree = FakeTree(["/p.csv": "machine,cloud,dollars_per_hour\n\"Xeon, big\",x,0.5\r\nf00d,y,1\n"])
    let table = try HostPriceTable(tree.root + "/p.csv")
    #expect(table.dollarsPerHour(["nothing", "XEON, big"]) == 0.5 && table.dollarsPerHour(["f00d"]) == 1)
    #expect(table.dollarsPerHour(["other"]) == nil)
    for (text, reason) in [
      ("machine\nx\n", "must name the columns"),
      ("machine,dollars_per_hour\nx,abc\n", "p.csv:2: dollars_per_hour is 'abc'"),
      ("machine,dollars_per_hour\nx\n", "has 1 fields"), ("", "is empty"),
      ("machine,dollars_per_hour\nx,1\nX,2\n", "a second price"),
    ] {
      tree.write("/p.csv", text)
      let error = #expect(throws: RecordError.self) { try HostPriceTable(tree.root + "/p.csv") }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
  }
}
