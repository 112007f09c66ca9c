import Foundation
import TestSupport
import Testing

@Suite struct MachineTests {
  /// The file in which the command looks for what it measured here, and what belongs into it.
  /// The version that the command under test has.
  private static let current =
    ((try? Command.run("--version").output) ?? "").split(whereSeparator: \.isWhitespace).last.map(
      String.init) ?? ""

  private static func fileOfTuning(_ tuning: String, version: String = current) throws -> (name: String, text: String) {
    let machine = try facts(Command.run("machine", "--json"))
    let description = try #require(machine["machine"] as? [String: Any])
    let fingerprint = try #require(description["fingerprint"] as? String)
    let sets = try #require(machine["instruction_sets"] as? [[String: Any]])
    let best = try #require(sets.first { $0["is_selected"] as? Bool == true }?["name"] as? String)
    let text = """
      {"schema":"inferometer.cache","schema_version":1,"kind":"tuning","tool_version":"\(version)",
      "machine_fingerprint":"\(fingerprint)","value":{"time":"2026-01-31T09:30:00Z","isa":"\(best)",
      "tuning":\(tuning),"timings":[]}}
      """
    return ("/inferometer/tuning-\(fingerprint).json", text)
  }

  private static func facts(_ result: Command.Result) throws -> [String: Any] {
    #expect(result.status == 0, "\(result.errors)")
    return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  @Test func describesWithoutMeasuring() throws {
    let text = try Command.run("machine")
    #expect(text.output.contains("Instruction sets") && text.output.contains("baseline"))
    #expect(text.output.contains("machine --roofs") && text.output.contains("built in"))
    #expect(text.lines.allSatisfy { $0.count <= 80 })
    let object = try Self.facts(Command.run("machine", "--json"))
    let machine = try #require(object["machine"] as? [String: Any])
    #expect(machine["model_name"] is String && machine["sensors"] is [Any])
    #expect((object["instruction_sets"] as? [Any])?.isEmpty == false)
    #expect(
      (object["many_tokens"] as? [String: Any])?["Q4_K"] as? Int == 12 && object["roofs"] == nil
        && object["measured_tuning"] == nil)
  }

  @Test func aMeasuredTuningIsShownAndUsed() throws {
    let (name, text) = try Self.fileOfTuning(#"{"F32":5,"Q8_0":null}"#)
    let cache = FakeTree([name: text])
    let shown = try Command.run(["machine"], cache: cache.root).lines.joined().split(separator: " ").joined(
      separator: " ")
    #expect(
      shown.contains("unpacked once for 5 tokens or more (F32), unpacked once for 12 tokens or more (")
        && shown.contains("never unpacked once (Q8_0)"))
    let object = try Self.facts(Command.run(["machine", "--json"], cache: cache.root))
    let tokens = try #require(object["many_tokens"] as? [String: Any])
    #expect(tokens["F32"] as? Int == 5 && tokens["F16"] as? Int == 12 && tokens["Q8_0"] is NSNull)
    let kernels = try Command.run(["kernels", "--format", "Q8_0,Q4_0", "--op", "matmul"], cache: cache.root)
    #expect(kernels.lines.count { $0.hasSuffix("many") } == 1, "\(kernels.output)")
    #expect((object["measured_tuning"] as? [String: Any])?["time"] as? String == "2026-01-31T09:30:00Z")
  }

  @Test func nothingInACacheSteersATerminal() throws {
    let (name, text) = try Self.fileOfTuning(#"{"F32":5}"#)
    let roofs = try Self.fileOfTuning("{}").text.replacing("\"kind\":\"tuning\"", with: "\"kind\":\"roofs\"")
    let value = #"{"time":"\u001b[31m","method":"\u001b[2J","compute":[],"bandwidth":[],"latency":[]}}"#
    let start = try #require(roofs.range(of: "\"value\":"))
    let cache = FakeTree([
      name: text.replacing("2026-01-31T09:30:00Z", with: #"\u001b[31m"#),
      name.replacing("tuning-", with: "roofs-"): roofs[..<start.upperBound] + value,
    ])
    let result = try Command.run(["machine"], cache: cache.root)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(result.output.contains("Operations on registers alone") && !result.output.contains("\u{1b}"))
  }

  /// What each way to run writes into its records.
  @Test(
    arguments: [
      ([], "measured", 5), (["--tuning", "off"], "standard", 12), (["--tuning", "7"], "given", 7),
      (["--tuning", "never"], "given", nil), (["--tuning", "q6_k=9,q4_0=never"], "given", 9),
      (["--isa", "baseline"], "standard", 12),
    ] as [([String], String, Int?)])
  func anOptionOverrulesWhatWasMeasured(options: [String], origin: String, manyTokens: Int?) throws {
    let (name, text) = try Self.fileOfTuning(#"{"Q6_K":5}"#)
    let cache = FakeTree([name: text])
    let files = FakeTree()
    let result = try Command.run(
      [
        "measure", "-m", Fixtures.model("llama"), "--contexts", "0,8", "-npl", "1", "--budget", "1", "-t", "1",
        "--results", files.root + "/here",
      ] + options, cache: cache.root)
    #expect(result.status == 0, "\(result.errors)")
    let made = try FileManager.default.contentsOfDirectory(atPath: files.root + "/here")
    let runs = try String(contentsOfFile: "\(files.root)/here/\(try #require(made.first))/runs.jsonl", encoding: .utf8)
    for line in runs.split(separator: "\n") {
      let run = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let configuration = try #require(run["configuration"] as? [String: Any])
      let tokens = try #require(configuration["many_tokens"] as? [String: Any])
      #expect(configuration["tuning"] as? String == origin && tokens["Q6_K"] as? Int == manyTokens)
      #expect((tokens["Q6_K"] is NSNull) == (manyTokens == nil))
    }
  }

  @Test func aFileThatCannotBeUsedIsSaidAndIgnored() throws {
    for (name, text) in [
      try Self.fileOfTuning(#"{"F32":0}"#), try Self.fileOfTuning(#"{"F33":5}"#), try Self.fileOfTuning("7"),
      // As version 0.1 wrote it.
      try Self.fileOfTuning(#"{"many_tokens":5}"#), try Self.fileOfTuning(#"{"F32":5}"#, version: "0.0.1"),
      (try Self.fileOfTuning("{}").name, "\u{1b}[31mnonsense"),
    ] {
      let cache = FakeTree([name: text])
      let result = try Command.run(["machine"], cache: cache.root)
      #expect(result.status == 0 && result.output.contains("for 12 tokens or more"))
      #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains("ignored"))
      #expect(!result.errors.contains("\u{1b}"))
    }
  }

  @Test(arguments: ["0", "-3", "1025", "many", "", "q4_0=0", "q4_9=5", "=5", "q4_0=5,", "q4_0"])
  func aTuningThatCannotBeIsRefused(word: String) throws {
    let result = try Command.run("generate", "-m", Fixtures.model("llama"), "--prompt", "a", "--tuning=\(word)")
    #expect(result.status == 64 && result.errors.contains("--tuning"))
  }

  @Test func tuningIsKeptWhereItCanBe() throws {
    let cache = FakeTree()
    #expect(try Command.run(["machine", "--tune"], cache: cache.root).status == 0)
    let kept = try FileManager.default.contentsOfDirectory(atPath: cache.root + "/inferometer")
    #expect(kept.count == 1 && kept[0].hasPrefix("tuning-"))
    #expect(try Command.run(["machine"], cache: cache.root).output.contains("(measured"))
    let file = FakeTree(["/file": ""])
    let result = try Command.run(["machine", "--tune"], cache: file.root + "/file")
    #expect(result.status == 0 && result.errors.contains("not kept"))
  }
}
