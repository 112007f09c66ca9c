import Foundation

/// What a JSON Schema says against a document, as far as the project's own schemas go: types, constants, choices, required and
/// known members, items, alternatives and references within the schema.
package struct JSONSchema {
  private let root: [String: Any]

  package init(contentsOf path: String) throws {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
    guard let root = json as? [String: Any] else { throw CocoaError(.fileReadCorruptFile) }
    self.root = root
  }

  /// What does not fit, each with its place.
  package func flaws(in json: Data) throws -> [String] {
    flaws(in: try JSONSerialization.jsonObject(with: json), root, "$")
  }

  private func flaws(in value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    if let reference = schema["$ref"] as? String {
      let named = reference.split(separator: "/").dropFirst().reduce(root as Any) {
        ($0 as? [String: Any])?[String($1)] as Any
      }
      return flaws(in: value, named as? [String: Any] ?? [:], place)
    }
    var flaws: [String] = []
    if let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map({ [$0] }),
      !types.contains(where: { Self.fits(value, $0) })
    {
      flaws.append("\(place) is not \(types.joined(separator: " or "))")
    }
    if let constant = schema["const"], !Self.equal(value, constant) { flaws.append("\(place) is not \(constant)") }
    if let choices = schema["enum"] as? [Any], !choices.contains(where: { Self.equal(value, $0) }) {
      flaws.append("\(place) is none of \(choices)")
    }
    if let choices = schema["oneOf"] as? [[String: Any]] {
      let fitting = choices.count { self.flaws(in: value, $0, place).isEmpty }
      if fitting != 1 { flaws.append("\(place) fits \(fitting) of \(choices.count) alternatives") }
    }
    if let object = value as? [String: Any] {
      let known = schema["properties"] as? [String: [String: Any]] ?? [:]
      for key in schema["required"] as? [String] ?? [] where object[key] == nil {
        flaws.append("\(place).\(key) is missing")
      }
      for (key, member) in object {
        if let inner = known[key] {
          flaws += self.flaws(in: member, inner, "\(place).\(key)")
        } else if schema["additionalProperties"] as? Bool == false {
          flaws.append("\(place).\(key) is not known")
        } else if let inner = schema["additionalProperties"] as? [String: Any] {
          flaws += self.flaws(in: member, inner, "\(place).\(key)")
        }
      }
    }
    if let items = value as? [Any], let inner = schema["items"] as? [String: Any] {
      for (index, item) in items.enumerated() { flaws += self.flaws(in: item, inner, "\(place)[\(index)]") }
    }
    return flaws
  }

  private static func fits(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "object": return value is [String: Any]
    case "array": return value is [Any]
    case "string": return value is String
    case "null": return value is NSNull
    case "boolean": return value is Bool
    case "integer": return (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
    case "number": return value is NSNumber || value is Double || value is Int
    default: return false
    }
  }

  private static func equal(_ a: Any, _ b: Any) -> Bool { (a as? NSObject) == (b as? NSObject) || "\(a)" == "\(b)" }
}
