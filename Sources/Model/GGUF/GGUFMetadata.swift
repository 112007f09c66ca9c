/// A file's metadata with typed access: a missing key or one of another type is an error that names file and key.
///
/// `optional…` accessors return nil for a missing key; a key of the wrong type is an error all the same.
package struct GGUFMetadata: Sendable {
  let path: String
  /// In the file's order.
  package private(set) var keys: [String] = []
  private var values: [String: GGUFValue] = [:]

  init(path: String) { self.path = path }

  /// False if the key is there already.
  mutating func insert(_ value: GGUFValue, for key: String) -> Bool {
    guard values.updateValue(value, forKey: key) == nil else { return false }
    keys.append(key)
    return true
  }

  package subscript(key: String) -> GGUFValue? { values[key] }

  // MARK: - Scalars

  package func optionalInteger(_ key: String) throws(GGUFError) -> Int? {
    switch values[key] {
    case nil: return nil
    case .unsigned(let value)?: if let value = Int(exactly: value) { return value }
    case .signed(let value)?: return Int(value)
    default: break
    }
    throw mismatch(key, wanted: "an integer")
  }

  /// A float, or an integer in its place.
  package func optionalFloat(_ key: String) throws(GGUFError) -> Double? {
    switch values[key] {
    case nil: return nil
    case .float(let value)?: return value
    case .unsigned(let value)?: return Double(value)
    case .signed(let value)?: return Double(value)
    default: throw mismatch(key, wanted: "a float")
    }
  }

  package func optionalBool(_ key: String) throws(GGUFError) -> Bool? {
    switch values[key] {
    case nil: return nil
    case .bool(let value)?: return value
    default: throw mismatch(key, wanted: "a bool")
    }
  }

  package func optionalString(_ key: String) throws(GGUFError) -> String? {
    switch values[key] {
    case nil: return nil
    case .string(let value)?: return value
    default: throw mismatch(key, wanted: "a string")
    }
  }

  package func integer(_ key: String) throws(GGUFError) -> Int { try required(optionalInteger(key), key) }
  package func float(_ key: String) throws(GGUFError) -> Double { try required(optionalFloat(key), key) }
  package func bool(_ key: String) throws(GGUFError) -> Bool { try required(optionalBool(key), key) }
  package func string(_ key: String) throws(GGUFError) -> String { try required(optionalString(key), key) }

  // MARK: - Arrays

  package func optionalIntegers(_ key: String) throws(GGUFError) -> [Int]? {
    try optionalArray(key, wanted: "integers") { $0.integers() }
  }

  package func optionalFloats(_ key: String) throws(GGUFError) -> [Float]? {
    try optionalArray(key, wanted: "floats") { $0.floats() }
  }

  package func optionalBools(_ key: String) throws(GGUFError) -> [Bool]? {
    try optionalArray(key, wanted: "bools of 0 or 1") { $0.bools() }
  }

  package func optionalStrings(_ key: String) throws(GGUFError) -> GGUFStrings? {
    try optionalArray(key, wanted: "strings") { $0.strings() }
  }

  package func integers(_ key: String) throws(GGUFError) -> [Int] { try required(optionalIntegers(key), key) }
  package func floats(_ key: String) throws(GGUFError) -> [Float] { try required(optionalFloats(key), key) }
  package func bools(_ key: String) throws(GGUFError) -> [Bool] { try required(optionalBools(key), key) }
  package func strings(_ key: String) throws(GGUFError) -> GGUFStrings { try required(optionalStrings(key), key) }

  // MARK: - Errors

  /// An error about `key`, for readers that find its value wrong.
  package func failure(_ key: String, _ reason: String) -> GGUFError {
    GGUFError(path: path, field: "metadata '\(oneLine(key))'", reason: reason)
  }

  private func optionalArray<T>(
    _ key: String, wanted: String, _ decode: (GGUFArray) -> T?
  ) throws(GGUFError) -> T? {
    guard let value = values[key] else { return nil }
    guard case .array(let array) = value, let elements = decode(array) else {
      throw mismatch(key, wanted: "an array of \(wanted)")
    }
    return elements
  }

  private func required<T>(_ value: T?, _ key: String) throws(GGUFError) -> T {
    guard let value else { throw failure(key, "is missing; the model cannot be used without it") }
    return value
  }

  private func mismatch(_ key: String, wanted: String) -> GGUFError {
    failure(key, "is \(values[key]?.kind ?? "missing"), not \(wanted)")
  }
}
