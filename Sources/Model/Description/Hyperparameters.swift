/// Reads an architecture's keys, each checked against the range in which the sizes computed from it cannot overflow.
struct Hyperparameters {
  let metadata: GGUFMetadata
  let prefix: String

  func key(_ name: String) -> String { prefix + "." + name }

  func integer(_ name: String, in range: ClosedRange<Int>, default absent: Int? = nil) throws(GGUFError) -> Int {
    let value: Int
    if let absent {
      value = try metadata.optionalInteger(key(name)) ?? absent
    } else {
      value = try metadata.integer(key(name))
    }
    return try check(value, name, in: range)
  }

  /// An integer that a file may give for each layer; they must agree.
  func uniformInteger(
    _ name: String, layers: Int, in range: ClosedRange<Int>, default absent: Int? = nil
  ) throws(GGUFError) -> Int {
    guard case .array? = metadata[key(name)] else { return try integer(name, in: range, default: absent) }
    let values = try metadata.integers(key(name))
    guard values.count == layers else {
      throw metadata.failure(key(name), "has \(values.count) elements for \(layers) layers")
    }
    guard let first = values.first, values.allSatisfy({ $0 == first }) else {
      throw metadata.failure(key(name), "differs between layers, which is not supported")
    }
    return try check(first, name, in: range)
  }

  func float(_ name: String, in range: ClosedRange<Double>, default absent: Double? = nil) throws(GGUFError) -> Double {
    let value: Double
    if let absent {
      value = try metadata.optionalFloat(key(name)) ?? absent
    } else {
      value = try metadata.float(key(name))
    }
    return try check(value, name, in: range)
  }

  private func check<T>(_ value: T, _ name: String, in range: ClosedRange<T>) throws(GGUFError) -> T {
    guard range.contains(value) else {
      throw metadata.failure(key(name), "is \(value); \(range.lowerBound) to \(range.upperBound) is supported")
    }
    return value
  }
}
