import Foundation
import TestSupport
import Testing

struct BenchTests {
  struct Row: Decodable {
    var nPrompt: Int
    var nGen: Int
    var nDepth: Int
    var nThreads: Int
    var pl: Int
    var avgTs: Double
    var samplesNs: [Int]
    var flops: Double
    var typeK: String
    var processes: Int?
  }

  static let small = ["bench", "-m", Fixtures.model("llama"), "-p", "8", "-n", "4", "-r", "2", "-t", "1"]

  /// The good one has its row, the JSON its end, and the status is that of the bad one, whichever comes first.
  @Test(arguments: [true, false]) func oneBadModelOfAListEndsNothing(isFirst: Bool) throws {
    let tree = FakeTree(["/bad.gguf": "not a model"])
    let models = [Fixtures.model("llama"), tree.root + "/bad.gguf"]
    let list = (isFirst ? models.reversed() : models).joined(separator: ",")
    let result = try Command.run("bench", "-m", list, "-p", "8", "-n", "0", "-r", "1", "-o", "json")
    let rows = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    #expect(rows.count == 1 && rows[0]["n_prompt"] as? Int == 8)
    #expect(result.status == 65 && result.errors.contains("bad.gguf"), "\(result.errors)")
    let alone = try Command.run("bench", "-m", tree.root + "/bad.gguf", "-p", "8", "-n", "0", "-o", "json")
    #expect(alone.status == 65 && alone.output.isEmpty)
  }

  @Test func jsonHasARowForEveryCombination() throws {
    let result = try Command.run(
      "bench", "-m", Fixtures.model("llama"), "-p", "0,8", "-n", "4", "-pg", "6,2", "-d", "0,5", "-t", "1", "-npl",
      "1,2",
      "-r", "2", "-ctk", "f16,q8_0", "-o", "json")
    #expect(result.status == 0, "\(result.errors)")
    let rows = try result.json([Row].self)
    // For each of two key formats and two depths: pp8, tg4 and pp6+tg2 alone, and the last two with two sequences.
    #expect(rows.count == 2 * 2 * 5)
    #expect(rows.allSatisfy { $0.avgTs > 0 && $0.flops > 0 && $0.samplesNs.count == 2 })
    #expect(rows.allSatisfy { $0.pl == 1 || $0.nGen > 0 })
    #expect(Set(rows.map { "\($0.nPrompt) \($0.nGen) \($0.nDepth) \($0.pl) \($0.typeK)" }).count == rows.count)
  }

  @Test func jsonLinesAreJSONEach() throws {
    let result = try Command.run(Self.small + ["-o", "jsonl"])
    #expect(result.lines.count == 2)
    for line in result.lines {
      #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
    }
  }

  @Test func testsRunInProcessesOfTheirOwn() throws {
    struct Row: Decodable {
      var nPrompt: Int
      var nGen: Int
      var samplesNs: [Int]
      var samplesProcess: [Int]
      var processes: Int
    }
    let result = try Command.run(
      "bench", "-m", Fixtures.model("llama"), "-p", "8", "-n", "4", "-pg", "6,2", "-t", "1", "-r", "2", "--no-pin",
      "--isa", "baseline", "--no-warmup", "--processes", "3", "-o", "json")
    #expect(result.status == 0, "\(result.errors)")
    let rows = try result.json([Row].self)
    #expect(rows.map { [$0.nPrompt, $0.nGen] } == [[8, 0], [0, 4], [6, 2]])
    for row in rows { #expect(row.processes == 3 && row.samplesProcess == [0, 0, 1, 1, 2, 2]) }
    #expect(rows.allSatisfy { $0.samplesNs.count == 6 })
  }

  @Test func aTestIsRepeatedUntilItsMedianIsKnown() throws {
    let result = try Command.run(
      "bench", "-m", Fixtures.model("llama"), "-p", "0", "-n", "4", "-r", "1", "-t", "1", "--until", "90%", "--budget",
      "5", "-o", "runs")
    #expect(result.status == 0 && result.lines.count >= 30)
    // A machine whose state outlasts repetitions has none to promise.
    #expect(result.errors.contains("tg4: ± ") || result.errors.contains("tg4: no interval"), "\(result.errors)")
    #expect(try Command.run(Self.small + ["--budget", "5"]).status == 64)
  }

  @Test func processesAreAddedUntilTheirMedianIsKnown() throws {
    let test = ["bench", "-m", Fixtures.model("llama"), "-p", "0", "-n", "4", "-r", "2", "-t", "1", "--processes", "2"]
    let known = try Command.run(test + ["--until", "1000%", "--budget", "20", "-o", "json"])
    #expect(known.status == 0)
    let processes = try #require(try known.json([Row].self).first?.processes)
    #expect(processes >= 30)
    #expect(
      known.errors.contains("tg4: ± ") && known.errors.contains("after \(processes) processes; that is enough")
        || known.errors.contains("tg4: no interval"), "\(known.errors)")
    let short = try Command.run(test + ["--until", "0.001", "--budget", "0.001", "-o", "json"])
    #expect(short.errors.contains("after 2 processes; its time is spent"), "\(short.errors)")
    #expect(try short.json([Row].self).map(\.processes) == [2])
  }

  @Test func csvHasAHeaderAndAsManyFieldsInEveryRow() throws {
    let result = try Command.run(Self.small + ["-o", "csv"])
    #expect(result.lines.count == 3)
    let names = result.lines[0].split(separator: ",")
    #expect(names.contains("avg_ts") && names.contains("n_prompt") && names.first == "build_commit")
    for line in result.lines.dropFirst() { #expect(line.ranges(of: "\",\"").count == names.count - 1) }
  }

  @Test func markdownIsATableAndABuild() throws {
    let result = try Command.run(Self.small)
    #expect(result.lines.count == 6)
    #expect(result.lines[0].hasPrefix("| model "))
    #expect(result.lines[2].contains(" pp8 ") && result.lines[3].contains(" tg4 "))
    #expect(result.lines.last?.hasPrefix("build: ") == true)
  }

  @Test func sqlCreatesTheTableAndInsertsRows() throws {
    let result = try Command.run(Self.small + ["-o", "sql"])
    #expect(result.output.hasPrefix("CREATE TABLE IF NOT EXISTS llama_bench ("))
    #expect(result.output.ranges(of: "INSERT INTO llama_bench (").count == 2)
  }

  @Test func anotherFormMayGoToStandardError() throws {
    let result = try Command.run(Self.small + ["-o", "json", "-oe", "md"])
    #expect(try result.json([Row].self).count == 2)
    #expect(result.errors.hasPrefix("| model "))
  }

  @Test func theDashDashJSONOfOtherVerbsWorksToo() throws {
    #expect(try Command.run(Self.small + ["--json"]).json([Row].self).count == 2)
  }

  @Test func llamaBenchsOtherOptionsAreTakenWithANote() throws {
    let result = try Command.run(
      Self.small + ["-ngl", "0", "-fa", "on", "-mmp", "1", "--numa", "isolate", "--flash_attn", "auto", "-o", "jsonl"])
    #expect(result.status == 0)
    #expect(
      result.errors.hasPrefix(
        "inferometer: -ngl -fa -mmp --numa --flash_attn: accepted without effect, this engine has no such choice\n"))
  }

  @Test func presetsNeedNoFile() throws {
    let result = try Command.run(
      "bench", "--preset", "qwen3-0.6b", "--layers", "1", "--format", "q8_0", "-p", "0", "-n", "2", "-r", "1", "-o",
      "json")
    #expect(try result.json([Row].self).count == 1)
  }

  @Test func floatActivationsBringAFloatCache() throws {
    let result = try Command.run(Self.small + ["--activations", "f32", "-o", "json"])
    #expect(try result.json([Row].self).allSatisfy { $0.typeK == "f32" })
    let given = try Command.run(Self.small + ["--activations", "f32", "-ctk", "bf16", "-o", "json"])
    #expect(try given.json([Row].self).allSatisfy { $0.typeK == "bf16" })
  }
}
