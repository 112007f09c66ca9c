import Foundation
import Records
import TestSupport
import Testing

/// Thousands of edited files of llama-bench: each is refused in one line, or read as another reader of JSON reads it.
@Suite struct LlamaBenchMutationTests {
  private static let row = """
    {"build_commit": "506122d", "backends": "CPU", "model_filename": "m/a.gguf", "model_type": "llama 1B Q4_0",
    "model_size": 700000000, "model_n_params": 1240000000, "n_batch": 2048, "n_threads": 8, "cpu_strict": false,
    "type_k": "f16", "n_prompt": 512, "n_gen": 0, "n_depth": 64, "avg_ns": 100033333, "avg_ts": 5118.293902,
    "samples_ns": [ 100000000, 101000000, 99000000 ], "samples_ts": [ 5120.0, 5069.306931, 5171.717172 ]}
    """

  @Test(arguments: [UInt64(1), 2]) func anEditedRowIsRefusedOrReadWhole(seed: UInt64) throws {
    let edits = ["NaN", "null", "true", "1e999", "-0", "\"n_gen\": 7, ", "\"n_depth\": 3, ", "\"", "é", "\u{0}"]
    let characters = "0123456789-+.eE\\{}[]:,nul \n".map(String.init)
    var generator = SeededGenerator(seed: seed)
    var read = 0
    for round in 0..<5000 {
      var text = round % 2 == 0 ? "[\(Self.row), \(Self.row)]" : Self.row.replacing("\n", with: " ") + "\n"
      for _ in 0...Int.random(in: 0...1, using: &generator) where !text.isEmpty {
        let start = text.index(text.startIndex, offsetBy: Int.random(in: 0..<text.count, using: &generator))
        let end = text.index(start, offsetBy: Int.random(in: 0...2, using: &generator), limitedBy: text.endIndex)
        let edit = Int.random(in: 0..<4, using: &generator) == 0 ? edits : characters
        text.replaceSubrange(start..<(end ?? text.endIndex), with: try #require(edit.randomElement(using: &generator)))
      }
      do {
        let rows = try LlamaBenchLog(Array(text.utf8), file: "b.json").rows
        read += 1
        let expected = try Facts.all(in: text)
        #expect(rows.map(Facts.init) == expected, "round \(round): \(text)")
      } catch let error as RecordError {
        #expect(error.description.hasPrefix("b.json:") && !error.description.contains("\n"), "round \(round)")
      }
    }
    // Both must happen often, or the edits are not of the kind that finds faults.
    #expect((500...4000).contains(read), "\(read)")
  }

  /// What every row must say, and one setting.
  private struct Facts: Equatable {
    var counts: [Int]
    var samples: [Double]
    var texts: [String?]

    init(_ row: LlamaBenchLog.Row) {
      counts = [row.test.promptTokens, row.test.generatedTokens, row.test.depth, row.modelSize, row.modelNParams]
      samples = row.samplesNs
      texts = [row.modelFilename, row.modelType, row.buildCommit, row.settings["type_k"]]
    }

    static func all(in text: String) throws -> [Facts] {
      let isList = text.drop { " \n".contains($0) }.first == "["
      let parts = isList ? [text[...]] : text.split(separator: "\n").filter { $0.contains { $0 != " " } }
      return try parts.flatMap { part -> [Facts] in
        let json = try JSONSerialization.jsonObject(with: Data(part.utf8))
        return try (isList ? #require(json as? [[String: Any]]) : [#require(json as? [String: Any])]).map(Facts.init)
      }
    }

    init(_ row: [String: Any]) throws {
      func count(_ name: String) throws -> Int { try #require(row[name] as? NSNumber).intValue }
      let depth = row["n_depth"] == nil || row["n_depth"] is NSNull ? 0 : try count("n_depth")
      counts = try [count("n_prompt"), count("n_gen"), depth, count("model_size"), count("model_n_params")]
      samples = try #require(row["samples_ns"] as? [Any]).map { try #require($0 as? NSNumber).doubleValue }
      let setting = row["type_k"].flatMap { $0 as? String ?? ($0 as? NSNumber).map { "\($0)" } }
      texts = [row["model_filename"] as? String, row["model_type"] as? String, row["build_commit"] as? String, setting]
    }
  }
}
