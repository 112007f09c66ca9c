import Records

/// One of the parts into which the points of a measurement are cut, so that an array of jobs makes them: `3/20`.
package struct MeasureTask: Codable, Hashable, Sendable, CustomStringConvertible {
  /// From 1 on.
  package let index: Int
  package let count: Int

  /// Nil for anything but I/N with 1 ≤ I ≤ N.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], 1 <= index, index <= count, count <= 1 << 16
    else {
      return nil
    }
    (self.index, self.count) = (index, count)
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let task = MeasureTask(text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no task I/N"))
    }
    self = task
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  package var description: String { "\(index)/\(count)" }

  /// The directory that an earlier attempt at this task left below `root` and that can be gone on with; nil without one.
  package func begun(at root: String, on machineFingerprint: String) -> String? {
    (1...999).lazy.map { attempt in
      "\(root)/task-\(index)-of-\(count)" + (attempt == 1 ? "" : "-\(attempt)")
    }.prefix { (try? ResultsDirectory(existing: $0)) != nil }.first { path in
      (try? MeasureFiles.plan(in: path))?.machineFingerprint == machineFingerprint
    }
  }
}
