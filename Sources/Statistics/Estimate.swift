/// A figure that may be quoted: its value, how far it can be trusted, and how both were found.
///
/// An absent interval means that the uncertainty is unknown, and a warning says why. A value that is known exactly has
/// an interval of no width.
package struct Estimate: Hashable, Sendable {
  package var value: Double
  package var interval: Interval?
  package var method: Method
  package var warnings: [Warning]
  /// How the figure moves with each of its units; nil where that is not known. It lives while figures are made of figures, and
  /// is not written down.
  package var replicates: Replicates?

  package init(_ value: Double, _ interval: Interval?, method: Method, warnings: [Warning] = []) {
    self.value = value
    self.interval = interval
    self.method = method
    self.warnings = warnings
  }

  /// A value with no uncertainty: a count, a definition, a figure that the user gave.
  package static func exact(_ value: Double) -> Estimate {
    Estimate(value, Interval(low: value, high: value, level: 1), method: .exact)
  }

  /// Half the width of the interval as a share of the value; nil without an interval or for a value of zero.
  package var relativeHalfWidth: Double? {
    guard let interval, value != 0 else { return nil }
    return interval.halfWidth / value.magnitude
  }
}

extension Estimate {
  /// How a figure and its interval were found: a phrase that a report can print as it stands.
  package struct Method: RawRepresentable, Codable, Hashable, Sendable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let exact = Method(rawValue: "exact")
  }
}

extension Estimate: Codable {
  private enum CodingKeys: CodingKey { case value, interval, method, warnings }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    value = try container.decode(Double.self, forKey: .value)
    interval = try container.decodeIfPresent(Interval.self, forKey: .interval)
    method = try container.decode(Method.self, forKey: .method)
    warnings = try container.decodeIfPresent([Warning].self, forKey: .warnings) ?? []
  }

  /// Most figures have no warning, and a record holds many figures: the key is written only when there is one.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: .value)
    try container.encodeIfPresent(interval, forKey: .interval)
    try container.encode(method, forKey: .method)
    if !warnings.isEmpty { try container.encode(warnings, forKey: .warnings) }
  }
}
