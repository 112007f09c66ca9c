import Glibc

/// What was found out about this machine by measuring and may be found out again: one JSON file a kind, named by the machine.
/// Nothing in it is trusted, and no work depends on it.
package struct MachineCache: Sendable {
  /// Nil where the environment names no place.
  package let directory: String?
  private let toolVersion: String
  private let fingerprint: String

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

  /// `$XDG_CACHE_HOME/inferometer`, or `~/.cache/inferometer`. The XDG base directory specification ignores relative paths.
  package init(environment: (String) -> String?, toolVersion: String, fingerprint: String) {
    func absolute(_ name: String) -> String? { environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil } }
    let root = absolute("XDG_CACHE_HOME") ?? absolute("HOME").map { $0 + "/.cache" }
    directory = root.map { $0 + "/inferometer" }
    self.toolVersion = toolVersion
    self.fingerprint = fingerprint
  }

  package func path(of kind: String) -> String? { directory.map { "\($0)/\(fileName(kind))" } }

  /// Nil where there is none; an error where there is one that cannot be used.
  package func load<Value: Codable>(_ kind: String, as type: Value.Type) throws(RecordError) -> Value? {
    guard let directory, let path = path(of: kind), access(path, F_OK) == 0 else { return nil }
    func refuse(_ reason: String) -> RecordError {
      RecordError(file: path, reason: "\(reason); it is ignored until it is measured anew")
    }
    let entry: Entry<Value>
    do {
      let json = try ResultsDirectory(existing: directory).contents(of: fileName(kind))
      entry = try RecordCoding.decode(Entry<Value>.self, from: json)
    } catch let error as RecordError {
      throw refuse(error.reason)
    } catch {
      throw refuse(RecordCoding.reason(of: error))
    }
    guard entry.schema == Self.schema, entry.schemaVersion == Self.schemaVersion, entry.kind == kind else {
      throw refuse("is not what this version writes there")
    }
    guard entry.machineFingerprint == fingerprint else { throw refuse("was measured on another machine") }
    guard entry.toolVersion == toolVersion else { throw refuse("was measured by version \(entry.toolVersion)") }
    return entry.value
  }

  package func store<Value: Codable>(_ value: Value, as kind: String) throws(RecordError) {
    guard let directory else {
      throw RecordError(file: kind, reason: "has no place: neither XDG_CACHE_HOME nor HOME is an absolute path")
    }
    let entry = Entry(
      schema: Self.schema, schemaVersion: Self.schemaVersion, kind: kind, toolVersion: toolVersion,
      machineFingerprint: fingerprint, value: value)
    let json: [UInt8]
    do {
      json = try RecordCoding.encode(entry, pretty: true)
    } catch {
      throw RecordError(file: kind, reason: "\(error)")
    }
    try ResultsDirectory.makeDirectories(directory)
    try ResultsDirectory(existing: directory).write(json + [0x0A], to: fileName(kind))
  }

  private func fileName(_ kind: String) -> String { "\(kind)-\(fingerprint).json" }
}
