import Records

/// What `--json` prints: snake case, sorted keys, one value a call.
enum JSONText {
  static func of(_ value: some Encodable, pretty: Bool = false) throws -> String {
    String(decoding: try RecordCoding.encode(value, pretty: pretty), as: UTF8.self) + "\n"
  }
}
