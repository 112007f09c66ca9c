/// Rows as `bench -o json` or `-o jsonl` printed them, or llama-bench itself, whose field names they have.
package struct LlamaBenchLog: Sendable {
  package struct Row: Decodable, Sendable {
    package var buildCommit: String
    package var cpuInfo: String
    package var modelFilename: String
    package var modelType: String
    package var modelSize: Int
    package var modelNParams: Int
    package var nBatch: Int
    package var nUbatch: Int
    package var nThreads: Int
    package var typeK: String
    package var typeV: String
    package var nPrompt: Int
    package var nGen: Int
    package var nDepth: Int
    /// Wall time of each repetition.
    package var samplesNs: [Double]
    /// The process of each repetition.
    package var samplesProcess: [Int]?
    package var pl: Int?
    package var isa: String?
    package var activations: String?
    package var slowedShare: Double?

    package var test: BenchShape {
      BenchShape(promptTokens: nPrompt, generatedTokens: nGen, depth: nDepth, sequences: pl ?? 1)
    }

    /// The first thing that no row can have, or nil.
    fileprivate var defect: String? {
      let lengths = 0...1 << 32
      for (name, count, range) in [
        ("n_prompt", nPrompt, lengths), ("n_gen", nGen, lengths), ("n_depth", nDepth, lengths),
        ("pl", pl ?? 1, 1...1 << 20),
      ] where !range.contains(count) {
        return "\(name) is \(count); expected \(range.lowerBound) to \(range.upperBound)"
      }
      if nPrompt + nGen == 0 { return "n_prompt and n_gen are both 0" }
      if samplesNs.isEmpty { return "samples_ns is empty" }
      if let bad = samplesNs.first(where: { !($0 >= 1 && $0 < 1e18) }) {
        return "samples_ns holds \(bad); expected times of 1 ns or more"
      }
      if let processes = samplesProcess, processes.count != samplesNs.count {
        return "samples_process has \(processes.count) numbers for \(samplesNs.count) samples"
      }
      return nil
    }
  }

  package var rows: [Row]

  /// One JSON array, or one row a line.
  package init(_ json: [UInt8], file: String) throws(RecordError) {
    rows = try JSONRows.decode(json, file: file, defect: \.defect)
  }
}
