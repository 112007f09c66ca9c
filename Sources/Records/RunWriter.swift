/// Appends runs to a `runs.jsonl`.
package final class RunWriter {
  private let lines: LineWriter

  package init(_ path: String) throws(RecordError) {
    lines = try LineWriter(path) { (try? RunRecord(line: $0)) != nil }
  }

  package func append(_ record: RunRecord) throws(RecordError) {
    if let defect = record.defect {
      throw RecordError(file: lines.path, reason: "a run that no reader would accept was not written: \(defect)")
    }
    try lines.append(record)
  }

  /// Waits until what was appended is on the disk.
  package func synchronize() throws(RecordError) { try lines.synchronize() }
}
