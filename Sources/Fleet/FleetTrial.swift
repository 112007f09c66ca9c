import Glibc
import Statistics

/// One question to a prior of which the answer was measured: a model left out on a server, or a server of which little is known.
package struct FleetTrial: Sendable {
  package enum Task: String, Sendable, CaseIterable {
    /// One model of at least three left out, with a smaller and a larger one measured.
    case leftOut = "one model left out, between others"
    /// The largest or the smallest of at least three.
    case largest = "the largest model left out"
    case smallest = "the smallest model left out"
    case specifications = "Llama 7B from specifications"
    case one = "Llama 7B, the 135M measured"
    case two = "Llama 7B, the 135M and the 0.5B measured"
  }

  package var task: Task
  package var server: String
  package var isPrompt: Bool
  /// ln seconds, foretold and measured, and the deviation that was stated.
  var foretold: Double
  var measured: Double
  var deviation: Double

  /// |foretold / measured − 1| of the seconds of a token.
  package var error: Double { (exp(foretold - measured) - 1).magnitude }
  /// How many stated deviations the answer was off.
  var ratio: Double { (measured - foretold).magnitude / deviation }
  var calibrationKey: String

  /// All questions that a server's rows answer.
  package static func all(of server: FleetServer, _ prior: FleetPrior) -> [FleetTrial] {
    let models = Dictionary(grouping: server.rows, by: \.model.name)
    let largest = server.rows.max { $0.model.bytes < $1.model.bytes }?.model.name
    let smallest = server.rows.min { $0.model.bytes < $1.model.bytes }?.model.name
    func trials(_ task: Task, _ name: String, from measured: [FleetServer.Row]) -> [FleetTrial] {
      let asked = (models[name] ?? []).filter { $0.promptTokens == 512 || $0.generatedTokens == 128 }
      if asked.isEmpty { return [] }
      let stated = prior.stated(asked, from: measured, of: server.features)
      return zip(asked, stated).map { row, stated in
        FleetTrial(
          task: task, server: server.name, isPrompt: row.isPrompt, foretold: stated.logSeconds,
          measured: row.logSeconds,
          deviation: stated.deviation, calibrationKey: FleetPrior.calibrationKey(row, measured))
      }
    }
    var found: [FleetTrial] = []
    if models.count >= 3 {
      for name in models.keys.sorted() {
        let others = server.rows.filter { $0.model.name != name }
        found += trials(name == largest ? .largest : name == smallest ? .smallest : .leftOut, name, from: others)
      }
    }
    let asked = "Llama 7B"
    if models[asked] != nil {
      let (small, next) = (models["SmolLM 135M"] ?? [], models["Qwen1.5 0.5B"] ?? [])
      found += trials(.specifications, asked, from: [])
      if !small.isEmpty { found += trials(.one, asked, from: small) }
      if !small.isEmpty, !next.isEmpty { found += trials(.two, asked, from: small + next) }
    }
    return found
  }

  /// Each server asked of a prior that was fitted without it, or without all servers of its processor.
  package static func crossValidated(
    _ servers: [FleetServer], folds: Int = 10, byProcessor: Bool = false, progress: (Int) throws -> Void = { _ in () }
  ) rethrows -> [FleetTrial] {
    func fold(_ server: FleetServer) -> Int {
      let text = byProcessor ? server.processorName : server.name
      let hash = text.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
      return Int((hash >> 20) % UInt64(folds))
    }
    var trials: [FleetTrial] = []
    for number in 0..<folds {
      try progress(number)
      let others = servers.filter { fold($0) != number }
      if others.isEmpty { continue }
      let prior = FleetPrior(others, source: "")
      trials += servers.filter { fold($0) == number }.flatMap { all(of: $0, prior) }
    }
    return trials
  }

  /// Ratios below which half, nine tenths and nineteen twentieths of the answers were off, by kind and by how much was known.
  package static func calibration(_ trials: [FleetTrial]) -> [String: [Double]] {
    Dictionary(grouping: trials, by: \.calibrationKey).mapValues { group in
      let ratios = group.map(\.ratio).sorted()
      return [0.5, 0.9, 0.95].map { level in
        // Of n + 1 exchangeable ratios, the one of rank ⌈level · (n + 1)⌉.
        ratios[min(ratios.count - 1, max(0, Int((level * Double(ratios.count + 1)).rounded(.up)) - 1))]
      }
    }
  }
}

/// How well trials went: a line for each task and kind of test.
package struct FleetScore: Encodable, Sendable {
  package var task: String
  package var test: String
  package var rows: Int
  package var mean: Double
  package var median: Double
  package var p90: Double
  /// Of the intervals of 90 %.
  package var coverage: Double
  /// Of the rows whose stated error was small: their share and their mean error.
  package var kept: Double
  package var keptMean: Double

  package static func all(_ trials: [FleetTrial], calibration: [String: [Double]]) -> [FleetScore] {
    FleetTrial.Task.allCases.flatMap { task in
      [false, true].compactMap { isPrompt -> FleetScore? in
        let mine = trials.filter { $0.task == task && $0.isPrompt == isPrompt }
        guard let errors = try? Sample(mine.map(\.error)) else { return nil }
        func factor(_ trial: FleetTrial) -> Double { calibration[trial.calibrationKey]?[1] ?? 1.64 }
        let covered = mine.count { $0.ratio <= factor($0) }
        let kept = mine.filter { $0.deviation <= FleetPrior.doubtfulDeviation(isPrompt: isPrompt) }
        return FleetScore(
          task: task.rawValue, test: isPrompt ? "pp512" : "tg128", rows: mine.count, mean: errors.mean,
          median: errors.median, p90: errors.quantile(0.9), coverage: Double(covered) / Double(mine.count),
          kept: Double(kept.count) / Double(mine.count),
          keptMean: kept.isEmpty ? 0 : kept.reduce(0) { $0 + $1.error } / Double(kept.count))
      }
    }
  }
}
