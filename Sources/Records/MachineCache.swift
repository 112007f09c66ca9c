import Glibc

/// Where what was found out about a machine is kept from one run to the next: one JSON file a kind, named by the machine.
package struct MachineFiles: Sendable {
  /// Nil where the environment names no place.
  package let directory: String?
  fileprivate let fingerprint: String

  /// `$XDG_CACHE_HOME/inferometer`, or `~/.cache/inferometer`. The XDG base directory specification ignores relative paths.
  package init(
    environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }, fingerprint: String
  ) {
    func absolute(_ name: String) -> String? { environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil } }
    let root = absolute("XDG_CACHE_HOME") ?? absolute("HOME").map { $0 + "/.cache" }
    directory = root.map { $0 + "/inferometer" }
    self.fingerprint = fingerprint
  }

  package func path(of kind: String) -> String? { directory.map { "\($0)/\(fileName(kind))" } }

  /// Nil where there is no such file.
  package func contents(of kind: String) throws(RecordError) -> [UInt8]? {
    guard let directory, let path = path(of: kind), access(path, F_OK) == 0 else { return nil }
    return try ResultsDirectory(existing: directory).contents(of: fileName(kind))
  }

  package func write(_ value: some Encodable, as kind: String) throws(RecordError) {
    guard let directory else {
      throw RecordError(file: kind, reason: "has no place: neither XDG_CACHE_HOME nor HOME is an absolute path")
    }
    let json: [UInt8]
    do {
      json = try RecordCoding.encode(value, pretty: true)
    } catch {
      throw RecordError(file: kind, reason: "\(error)")
    }
    do throws(RecordError) {
      try ResultsDirectory.makeDirectories(directory)
      try ResultsDirectory(existing: directory).write(json + [0x0A], to: fileName(kind))
    } catch {
      throw RecordError(file: error.file, reason: "\(error.reason); XDG_CACHE_HOME names another place for it")
    }
  }

  private func fileName(_ kind: String) -> String { "\(kind)-\(fingerprint).json" }
}

/// What this version of the tool has measured on this machine and may measure again. Nothing in it is trusted, and no work
/// depends on it.
package struct MachineCache: Sendable {
  private let files: MachineFiles
  private let toolVersion: String

  private static let schema = "inferometer.cache"
  private static let schemaVersion = 1

  private struct Entry<Value: Codable>: Codable {
    var schema: String
    var schemaVersion: Int
    var kind: String
    var toolVersion: String
    var machineFingerprint: String
    var value: Value
  }

  package init(in files: MachineFiles, toolVersion: String) {
    self.files = files
    self.toolVersion = toolVersion
  }

  /// Why what a kind's file holds cannot be used.
  package func refusal(of kind: String, _ reason: String) -> RecordError {
    RecordError(
      file: files.path(of: kind) ?? kind, reason: "\(reason); it is ignored until it is measured anew")
  }

  /// Nil where there is none; an error where there is one that cannot be used.
  package func load<Value: Codable>(_ kind: String, as type: Value.Type) throws(RecordError) -> Value? {
    let entry: Entry<Value>
    do {
      guard let json = try files.contents(of: kind) else { return nil }
      entry = try RecordCoding.decode(Entry<Value>.self, from: json)
    } catch let error as RecordError {
      throw refusal(of: kind, error.reason)
    } catch {
      throw refusal(of: kind, RecordCoding.reason(of: error))
    }
    guard entry.schema == Self.schema, entry.schemaVersion == Self.schemaVersion, entry.kind == kind else {
      throw refusal(of: kind, "is not what this version writes there")
    }
    guard entry.machineFingerprint == files.fingerprint else {
      throw refusal(of: kind, "was measured on another machine")
    }
    guard entry.toolVersion == toolVersion else {
      throw refusal(of: kind, "was measured by version \(entry.toolVersion)")
    }
    return entry.value
  }

  package func store<Value: Codable>(_ value: Value, as kind: String) throws(RecordError) {
    try files.write(
      Entry(
        schema: Self.schema, schemaVersion: Self.schemaVersion, kind: kind, toolVersion: toolVersion,
        machineFingerprint: files.fingerprint, value: value), as: kind)
  }
}
