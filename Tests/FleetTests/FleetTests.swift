import Fleet
import Foundation
import Records
import Statistics
import TestSupport
import Testing

/// Fleets of servers whose speeds follow a simple law of known parameters.
@Suite struct FleetTests {
  /// Decode by bandwidth and prompts by operations, each off by what the server alone has; models from 0.1 to 8 GB.
  private static func fleet(_ count: Int, seed: UInt64, noise: Double = 0.02) -> [FleetServer] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { index in
      let threads = Double([2, 4, 8, 16, 32][random.index(below: 5)])
      let bandwidth = 8e9 * threads * exp(0.1 * Normal.quantile(random.unit()))
      let rate = 6e10 * threads * exp(0.1 * Normal.quantile(random.unit()))
      let features = FleetServer.Features(
        threads: threads, processors: 2 * threads, processor: "processor \(index % 7)", lastCacheBytes: 3e7,
        memoryBytes: 4e9 * threads, readBandwidth: [64: bandwidth, 512: bandwidth])
      let rows = ModelShape.all.filter { $0.bytes < 5e9 }.flatMap { model in
        [(512, 0), (128, 0), (0, 128), (0, 16)].map { prompt, generated in
          let seconds =
            prompt > 0
            ? 2 * model.parameters / rate + model.parameters / 2e10 / Double(prompt)
            : model.bytes / bandwidth + 5e-6 * model.layers
          return FleetServer.Row(
            model: model, promptTokens: prompt, generatedTokens: generated,
            tokensPerSecond: exp(noise * Normal.quantile(random.unit())) / seconds)
        }
      }
      return FleetServer(name: "server \(index)", processorName: features.processor, features: features, rows: rows)
    }
  }

  /// Bandwidth is known to 10 %, so is what follows from it; a model left out is known nearly to the noise of 2 %.
  @Test func foretellsServersOfAKnownLaw() throws {
    let fleet = Self.fleet(120, seed: 5)
    let trials = FleetTrial.crossValidated(fleet, folds: 4) { _ in }
    let scores = FleetScore.all(trials, calibration: FleetTrial.calibration(trials))
    func mean(_ task: FleetTrial.Task, _ test: String) throws -> Double {
      try #require(scores.first { $0.task == task.rawValue && $0.test == test }).mean
    }
    for test in ["tg128", "pp512"] {
      #expect(try mean(.leftOut, test) < 0.06, "\(scores)")
      #expect(try mean(.specifications, test) < 0.15)
      #expect(try mean(.two, test) < mean(.specifications, test) + 0.01)
    }
    #expect(scores.allSatisfy { (0.86...0.94).contains($0.coverage) || $0.rows < 200 })
  }

  /// Servers that the prior has never seen lie within its intervals about as often as it says.
  @Test func intervalsHoldForStrangers() throws {
    let fleet = Self.fleet(120, seed: 6)
    var prior = FleetPrior(fleet, source: "made up")
    prior.calibration = FleetTrial.calibration(FleetTrial.crossValidated(fleet, folds: 4) { _ in })
    var (held, count) = (0, 0)
    for server in Self.fleet(150, seed: 7) {
      let answers = prior.predict(server.rows, from: [], of: server.features)
      for (row, answer) in zip(server.rows, answers) where row.promptTokens == 512 || row.generatedTokens == 128 {
        count += 1
        if answer.low <= row.tokensPerSecond, row.tokensPerSecond <= answer.high { held += 1 }
      }
    }
    #expect((0.84...0.96).contains(Double(held) / Double(count)), "\(held) of \(count)")
  }

  @Test func survivesAFileAndRefusesAMisshapenOne() throws {
    let tree = FakeTree()
    let prior = FleetPrior(Self.fleet(25, seed: 8), source: "made up")
    let path = tree.root + "/prior.json"
    try PriorFile.write(prior, to: path)
    let server = try #require(Self.fleet(1, seed: 9).first)
    let again = try PriorFile.read(path)
    #expect(
      again.predict(server.rows, from: [], of: server.features).map(\.tokensPerSecond)
        == prior.predict(server.rows, from: [], of: server.features).map(\.tokensPerSecond))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for (part, wrong) in [
      (#""schemaVersion":1"#, #""schemaVersion":9"#), (#""centres":["#, #""centres":[0,"#),
      (#""scales":["#, #""scales":[-1,"#),
      (#""covariance":[["#, #""covariance":[[],["#), (#""tests":["#, #""tests":["x","#), ("{", "["),
    ] {
      #expect(text.contains(part))
      try text.replacing(part, with: wrong, maxReplacements: 1).write(toFile: path, atomically: true, encoding: .utf8)
      #expect(throws: RecordError.self) { try PriorFile.read(path) }
    }
  }

  @Test func linesThatNoTestCanHaveAreNamed() throws {
    let row =
      #"{"srv":"a","model_filename":"llama-7b.gguf","model_size":4e9,"model_n_params":7e9,"n_prompt":512,"n_gen":0,"n_threads":4,"avg_ts":10}"#
    for (text, reason) in [
      (row + "\n{", "line 2"), (row.replacing("10}", with: "-1}"), "line 1"), ("", "no line"),
      ("\u{1f}\u{8b}", "line 1"),
      (row.replacing("512", with: "0"), "line 1"), ("[]\n", "line 1"),
    ] {
      let tree = FakeTree(["/rows.jsonl": text])
      let error = #expect(throws: RecordError.self) { try SpareCoresLog.rows(tree.root + "/rows.jsonl") }
      #expect(error?.reason.contains(reason) == true, "\(error.map { "\($0)" } ?? "")")
    }
    let tree = FakeTree(["/rows.jsonl": row + "\n\n" + row.replacing("llama-7b", with: "unheard-of")])
    let rows = try SpareCoresLog.rows(tree.root + "/rows.jsonl")
    let (servers, models, unknown) = FleetServer.all(rows: rows, servers: [])
    #expect(rows.count == 2 && servers.isEmpty && models.isEmpty && unknown == 1)
  }
}
