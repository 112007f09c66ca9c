import FoundationEssentials

/// How records become JSON and come back: sorted keys, on one line unless asked otherwise.
package enum RecordCoding {
  package enum Keys: Sendable {
    /// Names of this room and of Reporting: `wallSeconds` is `wall_seconds` in the file.
    case snakeCase
    /// Types that spell their own keys.
    case asDeclared
  }

  package static func encode(
    _ value: some Encodable, keys: Keys = .snakeCase, pretty: Bool = false
  ) throws -> [UInt8] {
    let encoder = JSONEncoder()
    if keys == .snakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return Array(try encoder.encode(value))
  }

  package static func decode<Value: Decodable>(
    _ type: Value.Type, from json: [UInt8], keys: Keys = .snakeCase
  ) throws -> Value {
    let decoder = JSONDecoder()
    if keys == .snakeCase { decoder.keyDecodingStrategy = .convertFromSnakeCase }
    return try decoder.decode(type, from: Data(json))
  }

  /// What is wrong with a JSON text, in words a person can act on.
  package static func reason(of error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(name(context.codingPath + [key])) is missing"
    case .valueNotFound(_, let context):
      return "\(name(context.codingPath)) is null"
    case .typeMismatch(let type, let context):
      return "\(name(context.codingPath)) is not \(word(for: type))"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "not valid JSON, or a number that does not fit"
        : "\(name(context.codingPath)) is not an accepted value: \(context.debugDescription)"
    @unknown default:
      return "\(error)"
    }
  }

  private static func word(for type: any Any.Type) -> String {
    if type == Double.self || type == Int.self { return "a number" }
    if type == String.self { return "a text" }
    if type == Bool.self { return "true or false" }
    return "an object or a list, as expected there"
  }

  /// A coding path as it stands in the file: `samples[3].wall_seconds`.
  private static func name(_ path: [any CodingKey]) -> String {
    var text = ""
    for key in path {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + snakeCase(key.stringValue)
      }
    }
    return text.isEmpty ? "the record" : text
  }

  private static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { text, character in
      text += character.isUppercase ? "_" + character.lowercased() : String(character)
    }
  }
}
