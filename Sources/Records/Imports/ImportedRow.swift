/// A row of somebody else's bench under llama-bench's names, with where it came from.
package struct ImportedRow: Sendable {
  package enum Value: Codable, Sendable, Hashable {
    case text(String)
    case whole(Int)
    case real(Double)
    case flag(Bool)
    case list([Double])
    case other

    package init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Bool.self) {
        self = .flag(value)
      } else if let value = try? container.decode(Int.self) {
        self = .whole(value)
      } else if let value = try? container.decode(Double.self) {
        self = .real(value)
      } else if let value = try? container.decode(String.self) {
        self = .text(value)
      } else if let value = try? container.decode([Double].self) {
        self = .list(value)
      } else {
        self = .other
      }
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let value): try container.encode(value)
      case .whole(let value): try container.encode(value)
      case .real(let value): try container.encode(value)
      case .flag(let value): try container.encode(value)
      case .list(let value): try container.encode(value)
      case .other: try container.encodeNil()
      }
    }

    var number: Double? {
      switch self {
      case .whole(let value): Double(value)
      case .real(let value): value
      case .text(let text): Double(text)
      default: nil
      }
    }
  }

  /// What the file says, by llama-bench's names.
  package var values: [String: Value]

  /// As a line that `compare` reads: with what every row must say, and the file that it is from.
  package func line(from file: String, format: String) throws -> [UInt8] {
    var values = values
    for (key, missing) in [
      ("model_filename", Value.text("not stated")), ("model_type", .text("not stated")), ("model_size", .whole(0)),
      ("model_n_params", .whole(0)), ("n_prompt", .whole(0)), ("n_gen", .whole(0)),
    ] where values[key] == nil { values[key] = missing }
    // A file that has no single times has their mean: one figure, of which no spread is known.
    if values["samples_ns"] == nil, let mean = values["avg_ns"]?.number { values["samples_ns"] = .list([mean]) }
    values["imported_from"] = .text(file)
    values["imported_format"] = .text(format)
    return try RecordCoding.encode(values, keys: .asDeclared)
  }
}
