import Foundation
import Records
import TestSupport
import Testing

struct VerbTests {
  static let verbs = [
    "measure", "bench", "compare", "generate", "score", "machine", "doctor", "kernels", "curve", "predict", "fleet",
    "import", "price",
    "report", "rank", "merge", "check", "calibrate", "completions",
  ]

  @Test(arguments: verbs)
  func helpFits80Columns(_ verb: String) throws {
    for arguments in [[verb, "--help"], [verb, "-h"], ["help", verb]] {
      let result = try Command.run(arguments)
      #expect(result.status == 0 && result.errors.isEmpty)
      #expect(result.output.hasPrefix("usage: inferometer \(verb) "))
      #expect(result.output.contains("--json"))
      #expect(result.lines.allSatisfy { $0.count <= 80 })
    }
  }

  @Test(arguments: ["--help", "-h", "help"])
  func theOverviewNamesAllVerbs(_ word: String) throws {
    let result = try Command.run(word)
    #expect(result.status == 0)
    for verb in Self.verbs { #expect(result.output.contains("\n  \(verb) ")) }
    #expect(result.lines.allSatisfy { $0.count <= 80 })
  }

  private static let topics = ["reading", "energy", "records", "scenarios", "scripting", "fleets"]

  /// A topic is what README refers to; every option that it names exists, and every file.
  @Test(arguments: topics)
  func topicsFitAndNameWhatExists(_ topic: String) throws {
    let result = try Command.run("help", topic)
    #expect(result.status == 0 && result.errors.isEmpty && result.output.hasPrefix("\(topic): "))
    #expect(result.lines.allSatisfy { $0.count <= 80 })
    let known = try Self.verbs.map { try Command.run($0, "--help").output }.joined()
    // Those of other programs in commands that a topic shows.
    let others: Set<Substring> = [
      "--array", "--requeue", "--exclusive", "--wrap", "--sshloginfile", "--jobs", "--return", "--static-swift-stdlib",
    ]
    for option in result.output.matches(of: /--[a-z][a-z-]+/).map(\.output) {
      #expect(known.contains(option) || others.contains(option), "\(option)")
    }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    for path in result.output.matches(of: /Sources\/[A-Za-z\/]+\.swift/).map(\.output) {
      #expect(FileManager.default.fileExists(atPath: root.appending(path: String(path)).path), "\(path)")
    }
    #expect(try Command.run("help").output.contains("\n  \(topic) "))
  }

  @Test func anUnknownTopicIsNamed() throws {
    let result = try Command.run("help", "readin")
    #expect(result.status == 64 && result.errors.contains("did you mean reading?"))
  }

  /// A results directory of 27 runs whose times follow known laws.
  private func results() throws -> FakeTree {
    let tree = FakeTree()
    let directory = try ResultsDirectory(existing: tree.root)
    let writer = try RunWriter(directory.runs)
    for run in SampleCampaign.runs { try writer.append(run) }
    try directory.writeCommand(["inferometer", "measure", "--price-per-hour", "7.2"])
    return tree
  }

  /// The report keeps the price of its measurement; another price is shown and not written.
  @Test func aPriceThatIsAskedForIsNotWritten() throws {
    let tree = try results()
    let own = try Command.run("report", tree.root)
    #expect(own.status == 0 && own.output.contains("$7.20 per hour"))
    let report = try String(contentsOfFile: tree.root + "/report.md", encoding: .utf8)
    let other = try Command.run("report", tree.root, "--price-per-hour", "1")
    #expect(other.output.contains("$1.00 per hour") && other.errors.contains("keeps the price"))
    #expect(try String(contentsOfFile: tree.root + "/report.md", encoding: .utf8) == report)
  }

  /// A prior of servers of one law says of this machine what a bandwidth and a bench of a small model make of it.
  @Test func predictsByOtherPeoplesServers() throws {
    struct Answer: Decodable {
      var test: String
      var tokensPerSecond, low, high: Double
      var modelsMeasured: Int
    }
    let prior = "Results/fleet/sparecores.json"
    let tree = FakeTree([
      "/bench.json": """
      [{"model_filename": "SmolLM-135M.Q4_K_M.gguf", "model_type": "llama", "model_size": 103668480,
        "model_n_params": 134515008, "n_prompt": 0, "n_gen": 128, "samples_ns": [512000000, 768000000]}]
      """,
      "/other.json": """
      [{"model_filename": "secret.gguf", "model_type": "?", "model_size": 1, "model_n_params": 1, "n_prompt": 0,
        "n_gen": 128, "samples_ns": [1]}]
      """,
    ])
    func predict(_ words: String...) throws -> [Answer] {
      try Command.run(["predict", "--prior", prior, "--json"] + words).json([Answer].self)
    }
    let nothing = try predict()
    #expect(nothing.count == 12 && nothing.allSatisfy { $0.low < $0.tokensPerSecond && $0.tokensPerSecond < $0.high })
    let slow = try predict("--bandwidth", "10", "--preset", "llama-3.1-8b")
    let fast = try predict("--bandwidth", "100", "--preset", "llama-3.1-8b")
    #expect(slow.map(\.test) == ["llama-3.1-8b Q4_0 pp512", "llama-3.1-8b Q4_0 tg128"])
    #expect(slow[1].tokensPerSecond < fast[1].tokensPerSecond)
    let shape = "layers=32,width=4096,feed-forward=14336,heads=32,kv-heads=8,vocabulary=128256"
    let written = try predict("--bandwidth", "100", "--shape", shape)
    #expect(abs(written[1].tokensPerSecond / fast[1].tokensPerSecond - 1) < 0.02)
    // 256 tokens in 1.28 s: the model that was measured is foretold near it, and known better than before.
    let known = try predict("--bench", tree.root + "/bench.json")
    #expect(known[1].test == "SmolLM 135M tg128" && known[1].modelsMeasured == 1)
    #expect(known[1].high / known[1].low < nothing[1].high / nothing[1].low)
    #expect(abs(log(known[1].tokensPerSecond / 200)) < abs(log(nothing[1].tokensPerSecond / 200)))
    let text = try Command.run("predict", "--prior", prior, "--shape", shape)
    #expect(text.output.contains("Foretold, not measured") && text.lines.allSatisfy { $0.count <= 80 })
    let unknown = try Command.run("predict", "--prior", prior, "--bench", tree.root + "/other.json")
    #expect(unknown.status == 65 && unknown.errors.contains("secret.gguf") && unknown.errors.contains("smollm-135m"))
    for wrong in ["layers=32", "layers=0,width=1", shape + ",bits=x", shape + ",width=2", "layers=1.5"] {
      #expect(try Command.run("predict", "--prior", prior, "--shape", wrong).status == 64, "\(wrong)")
    }
  }

  /// 1 + 300 + 0.5e-3 · 300² ms for a prompt of 300; a step at context 700 takes 8 ms + 2 µs · 700.
  @Test func predictsWhatWasNotMeasured() throws {
    struct Answer: Decodable {
      var seconds: Figure?
      var absentReason: String?
      var remedy: String?
      var parts: [Part]
    }
    struct Figure: Decodable { var value: Double }
    struct Part: Decodable {
      var term: String
      var share: Double
    }
    struct Prediction: Decodable {
      var prefill: Answer
      var step: Answer
    }
    let tree = try results()
    func predict(_ words: String...) throws -> Prediction {
      try #require(try Command.run(["predict", tree.root, "--json"] + words).json([Prediction].self).first)
    }
    let near = try predict("--prompt", "300", "--context", "700")
    #expect(abs(try #require(near.prefill.seconds).value - 0.346) < 1e-4 && near.prefill.remedy == nil)
    #expect(abs(try #require(near.step.seconds).value - 0.0094) < 1e-5)
    #expect(near.prefill.parts.map(\.term) == ["pass", "row", "pair"])
    #expect(abs(near.prefill.parts.reduce(0) { $0 + $1.share } - 1) < 1e-12)
    let far = try predict("--prompt", "2000", "--cached", "256", "--context", "9000", "--batch", "2")
    #expect(far.prefill.seconds == nil && far.step.absentReason?.contains("context tokens 9000") == true)
    #expect(far.prefill.remedy?.contains("--cached 256") == true && far.step.remedy?.contains("-npl 2,4") == true)
    let text = try Command.run("predict", tree.root, "--context", "4000")
    #expect(text.status == 0 && text.output.contains("beyond the measured") && text.lines.allSatisfy { $0.count <= 80 })
    // 8 ms + 2 µs · c is 9 ms at context 500.
    let goal = try Command.run("predict", tree.root, "--target", "9ms")
    #expect(goal.output.contains("up to context 500,") || goal.output.contains("up to context 499,"), "\(goal.output)")
    #expect(try Command.run("predict", tree.root, "--target", "9 apples").status == 64)
    let none = try Command.run("predict", tree.root, "--format", "Q8_0")
    #expect(none.status == 65 && none.errors.contains("Q4_0 on 2 threads"))
  }

  /// The curve's places and how far it is from them; the sample's law is met within its noise.
  @Test func curvesAreShownAndExported() throws {
    let tree = try results()
    let text = try Command.run("curve", tree.root)
    #expect(text.status == 0 && text.output.contains("weights") && text.lines.allSatisfy { $0.count <= 80 })
    let csv = try Command.run("curve", tree.root, "--csv")
    #expect(csv.lines.count == 1 + 4 + 4 + 5)
    let relative = csv.lines.dropFirst().filter { !$0.contains(",batch,") }.compactMap {
      $0.split(separator: ",").last.flatMap { Double($0) }
    }
    #expect(relative.count == 8 && relative.allSatisfy { abs($0) < 1e-3 })
  }

  /// Prefill of 512 takes 0.644072 s; the one token of the answer comes of its logits.
  @Test func theFirstTokenOfATaskTakesNoStep() throws {
    let tree = try results()
    let words = ["price", tree.root, "--json", "--task", "512,1", "--task", "512,2"]
    let whole = try #require(
      JSONSerialization.jsonObject(with: Data(try Command.run(words).output.utf8)) as? [String: Any])
    #expect(whole["schema"] as? String == "inferometer.prices" && whole["schema_version"] as? Int == 1)
    let lists = try #require(whole["prices"] as? [[String: Any]])
    let tasks = try #require(lists.first?["tasks"] as? [[String: Any]])
    let seconds = try tasks.map { try #require(($0["seconds"] as? [String: Any])?["value"] as? Double) }
    #expect(abs(seconds[0] - 0.644072) < 1e-4)
    // One step at context 512: 8 ms + 2 µs · 512.
    #expect(abs(seconds[1] - seconds[0] - 0.009024) < 1e-5)
  }

  @Test(arguments: [
    (["--seconds-per-input-token", "1", "--seconds-per-output-token", "1", "--prompt-tokens", "5"], "--prompt-tokens"),
    (
      ["--seconds-per-input-token", "1", "--seconds-per-output-token", "1", "--context-tokens", "5"], "--context-tokens"
    ),
  ])
  func anOptionThatWouldDoNothingIsAnError(_ words: [String], _ option: String) throws {
    let result = try Command.run(["price"] + words)
    #expect(result.status == 64 && result.errors.contains("\(option): has no meaning"))
  }

  @Test func aRefusalNamesTheOptionThatHelps() throws {
    let tree = try results()
    let result = try Command.run("price", tree.root, "--context-tokens", "4096")
    #expect(result.status == 64 && result.errors.contains("--contexts"), "\(result.errors)")
  }

  @Test func theVersionIsOneLine() throws {
    #expect(try Command.run("--version").output.wholeMatch(of: /inferometer \d+\.\d+\.\d+\n/) != nil)
  }

  @Test func theDoctorSaysWhatItChecked() throws {
    struct Check: Decodable {
      var name: String
      var state: String
      var finding: String
    }
    let checks = try Command.run("doctor", "--json").json([Check].self)
    #expect(checks.count > 8 && checks.allSatisfy { ["ok", "warn", "unknown"].contains($0.state) })
    let text = try Command.run("doctor")
    #expect(text.status == 0 && text.lines.allSatisfy { $0.count <= 80 })
    for check in checks { #expect(text.output.contains("\(check.name): ")) }
  }

  struct Kernel: Decodable {
    var kernel: String
    var operation: String
    var isa: String
    var isBuilt: Bool
    var missingFeatures: [String]
    var isPermitted: Bool
    var selectedFor: [String]
  }

  @Test func kernelsAreListedWithWhatIsTrueOfThem() throws {
    let all = try Command.run("kernels", "--json").json([Kernel].self)
    #expect(Set(all.map(\.kernel)).count == all.count)
    #expect(all.allSatisfy { $0.isBuilt && ($0.selectedFor.isEmpty || ($0.missingFeatures.isEmpty && $0.isPermitted)) })
    let baseline = try Command.run("kernels", "--isa", "baseline", "--format", "Q4_0", "--op", "matvec", "--json")
    let rows = try baseline.json([Kernel].self)
    #expect(!rows.isEmpty && rows.allSatisfy { $0.isa == "baseline" && $0.operation == "matvec" })
    #expect(try Command.run("kernels").lines.allSatisfy { $0.count <= 80 })
  }

  @Test func givenTimesArePriced() throws {
    // 3.6 dollars an hour are 0.001 a second: at 1 ms a token, a million tokens take 1000 s and cost a dollar; at 0.1 s, a
    // hundred. Half of the time idle doubles both. Even blend: (2 + 200) / 2.
    let result = try Command.run(
      "price", "--seconds-per-input-token", "0.001", "--seconds-per-output-token", "0.1", "--price-per-hour", "3.6",
      "--utilisation", "0.5", "--mix", "balanced", "--task", "1000,10", "--task", "0,1", "--json")
    let whole = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let lists = try #require(whole["prices"] as? [[String: Any]])
    func value(_ object: Any?) -> Double? { (object as? [String: Any])?["value"] as? Double }
    let list = try #require(lists.first)
    #expect(abs(try #require(value(list["dollars_per_million_input_tokens"])) - 2) < 1e-9)
    #expect(abs(try #require(value(list["dollars_per_million_output_tokens"])) - 200) < 1e-9)
    let blends = try #require(list["blends"] as? [[String: Any]])
    #expect(abs(try #require(value(blends.first?["dollars_per_million_tokens"])) - 101) < 1e-9)
    // 1000 · 1 ms + 10 · 0.1 s = 2 s at 0.002 dollars a second.
    let tasks = try #require(list["tasks"] as? [[String: Any]])
    #expect(abs(try #require(value(tasks.first?["dollars"])) - 0.004) < 1e-12)
    #expect(abs(try #require(value(tasks.last?["seconds"])) - 0.1) < 1e-12)
  }
}
