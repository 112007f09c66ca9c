/// Records as `kernels --json` printed them, and as a comparison keeps them.
package struct KernelBenchLog: Sendable {
  package var rows: [KernelRecord]

  package init(_ json: [UInt8], file: String) throws(RecordError) {
    rows = try JSONRows.decode(json, file: file, defect: \.defect)
  }

  /// Whether a text holds such records rather than the rows of a bench of models.
  static func isOne(_ json: [UInt8]) -> Bool {
    struct Header: Decodable { var sampleSeconds: [Double]? }
    let rows: [Header]? = try? JSONRows.decode(json, file: "", defect: { _ in nil })
    return rows?.contains { $0.sampleSeconds != nil } ?? false
  }
}
