/// The values that a figure may have, at a confidence level of at least `level`. Level 1 means certain bounds.
package struct Interval: Hashable, Sendable {
  package var low: Double
  package var high: Double
  package var level: Double

  package init(low: Double, high: Double, level: Double) {
    self.low = low
    self.high = high
    self.level = level
  }

  package var halfWidth: Double { (high - low) / 2 }

  package func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

extension Interval: Codable {
  private enum CodingKeys: CodingKey { case low, high, level }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    low = try container.decode(Double.self, forKey: .low)
    high = try container.decode(Double.self, forKey: .high)
    level = try container.decode(Double.self, forKey: .level)
    guard low <= high, 0 < level, level <= 1 else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "interval \(low) to \(high) at level \(level): needs low <= high and a level in (0, 1]"))
    }
  }

  /// How far the farther limit is from a value, as a share of the value; 0 where both limits are the value.
  package func farthestShare(from value: Double) -> Double {
    let distance = max(high - value, value - low)
    return distance == 0 ? 0 : distance / value.magnitude
  }
}
