import Analysis
import Pricing
import Records

/// A scenario that was read, and the files that it names: paths are seen from where the command runs, as all others are.
struct ScenarioFile {
  let path: String
  let scenario: Scenario

  init(_ path: String) throws {
    self.path = path
    let bytes = try reading { try InputFile.bytes(of: path, atMost: Scenario.mostBytes) }
    scenario = try Self.naming(path) { try Scenario(json5: bytes) }
  }

  /// Reads the records and the log, and evaluates all strategies.
  func result() throws -> ScenarioResult {
    var summaries: [String: (Summary, Int)] = [:]
    var measured: [MeasuredCosts] = []
    for (index, record) in scenario.records.enumerated() {
      if summaries[record.directory] == nil {
        let results = try reading { try Results.load(record.directory) }
        summaries[record.directory] = (SummaryBuilder.summary(of: results), results.processors)
      }
      guard let (summary, processors) = summaries[record.directory] else { continue }
      measured.append(
        try Self.naming(path) {
          try MeasuredCosts(record, path: "records[\(index)]", summary, processors: processors)
        })
    }
    let log = try scenario.workload.log.map { name in
      let bytes = try reading { try InputFile.bytes(of: name, atMost: 1 << 29) }
      return try Self.naming(name) { try TaskLog(bytes, columns: scenario.columns) }
    }
    return try Self.naming(path) {
      try Evaluator.prepare(scenario, records: measured, log: log).result()
    }
  }

  /// Names the file that an error is of.
  private static func naming<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as ScenarioError {
      throw Failure(.badData, "\(path): \(error)".printable)
    }
  }
}
