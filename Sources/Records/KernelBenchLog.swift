/// Rows as `kernels --json` printed them, and as a comparison keeps them: what was timed, and every sample.
package struct KernelBenchLog: Sendable {
  package struct Row: Codable, Sendable, Hashable {
    package var toolVersion: String?
    package var machineFingerprint: String?
    /// Such as `matvec.q4_0.int8.avx512vnni`, or the name of a library.
    package var kernel: String
    package var isa: String?
    /// Of the weights, or of keys and values; nil where there are none.
    package var format: String?
    package var size: String
    package var threads: Int
    package var isCold: Bool
    package var slowedShare: Double?
    package var canonical: Bool?
    package var errorOfBound: Double?
    package var callsPerSample: Int
    /// Seconds of a call, one a sample.
    package var sampleSeconds: [Double]
    /// Which process of a comparison made it, from 0.
    package var process: Int?

    fileprivate var defect: String? {
      if !(1...1 << 20).contains(threads) { return "threads is \(threads); expected 1 or more" }
      if !(0...1 << 32).contains(process ?? 0) { return "process is \(process ?? 0); expected 0 or more" }
      if let share = slowedShare, !(0...1e6).contains(share) { return "slowed_share is \(share); expected 0 or more" }
      if let bad = sampleSeconds.first(where: { !(0...1e9).contains($0) }) {
        return "sample_seconds holds \(bad); expected seconds"
      }
      return nil
    }
  }

  package var rows: [Row]

  package init(_ json: [UInt8], file: String) throws(RecordError) {
    rows = try JSONRows.decode(json, file: file, defect: \.defect)
  }

  /// Whether a text holds such rows rather than those of a bench of models.
  static func isOne(_ json: [UInt8]) -> Bool {
    struct Header: Decodable { var sampleSeconds: [Double]? }
    let rows: [Header]? = try? JSONRows.decode(json, file: "", defect: { _ in nil })
    return rows?.contains { $0.sampleSeconds != nil } ?? false
  }
}
