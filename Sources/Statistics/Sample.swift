/// Observations of one quantity, in the order in which they were made. Never empty, all finite.
package struct Sample: Hashable, Sendable {
  package let values: [Double]
  /// The same values, ascending.
  package let ordered: [Double]

  package init(_ values: [Double]) throws(SampleError) {
    if values.isEmpty { throw .empty }
    if let index = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(values[index], index: index) }
    self.values = values
    ordered = values.sorted()
  }

  package var count: Int { values.count }
  package var minimum: Double { ordered[0] }
  package var maximum: Double { ordered[count - 1] }
  package var mean: Double { Moments(values).mean }
  /// The unbiased variance; nil for a single value.
  package var variance: Double? { Moments(values).variance }
  package var standardDeviation: Double? { variance?.squareRoot() }
}

package enum SampleError: Error, Hashable, CustomStringConvertible {
  case empty
  case notFinite(Double, index: Int)

  package var description: String {
    switch self {
    case .empty: "sample: no observations; measure at least one"
    case .notFinite(let value, let index):
      "sample: observation \(index + 1) is \(value), not a finite number; drop or repeat it"
    }
  }
}

extension Sample: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      try self.init(try container.decode([Double].self))
    } catch let error as SampleError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(values)
  }
}
