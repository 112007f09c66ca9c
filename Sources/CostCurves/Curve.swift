import Statistics

/// What a cost runs over. The raw value names it in records and messages.
package enum Axis: String, Codable, Sendable {
  case promptTokens = "prompt_tokens"
  case contextTokens = "context_tokens"
  case sequences
}

/// A fitted cost over an axis: what was found, how sure it is, and where it holds.
package struct Curve: Hashable, Sendable {
  package let axis: Axis
  package let family: Family
  /// From the constant up, in the unit of the cost per power of the axis.
  package let coefficients: [Double]
  /// Of the coefficients; nil when there were too few points or runs to know it.
  package let covariance: [[Double]]?
  /// What the covariance was estimated with: Student's, for the intervals.
  package let degreesOfFreedom: Int
  /// The costs are known not to be negative, nor to fall along the axis.
  package let nonNegative: Bool
  /// From the first place measured to the last.
  package let domain: ClosedRange<Double>
  package let pointCount: Int
  package let runCount: Int
  package let rSquared: Double?
  package let method: Estimate.Method
  package let warnings: [Warning]
}

extension Curve: Codable {
  private enum CodingKeys: CodingKey {
    case axis, family, coefficients, covariance, degreesOfFreedom, nonNegative, domain, pointCount, runCount, rSquared
    case method, warnings
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    axis = try container.decode(Axis.self, forKey: .axis)
    family = try container.decode(Family.self, forKey: .family)
    coefficients = try container.decode([Double].self, forKey: .coefficients)
    covariance = try container.decodeIfPresent([[Double]].self, forKey: .covariance)
    degreesOfFreedom = try container.decode(Int.self, forKey: .degreesOfFreedom)
    nonNegative = try container.decode(Bool.self, forKey: .nonNegative)
    domain = try container.decode(ClosedRange<Double>.self, forKey: .domain)
    pointCount = try container.decode(Int.self, forKey: .pointCount)
    runCount = try container.decode(Int.self, forKey: .runCount)
    rSquared = try container.decodeIfPresent(Double.self, forKey: .rSquared)
    method = try container.decode(Estimate.Method.self, forKey: .method)
    warnings = try container.decode([Warning].self, forKey: .warnings)

    let size = family.coefficientCount
    guard coefficients.count == size else {
      throw DecodingError.dataCorruptedError(
        forKey: .coefficients, in: container, debugDescription: "a \(family.rawValue) curve has \(size) coefficients")
    }
    if let covariance {
      guard covariance.count == size, covariance.allSatisfy({ $0.count == size }), degreesOfFreedom > 0 else {
        throw DecodingError.dataCorruptedError(
          forKey: .covariance, in: container,
          debugDescription: "the covariance of \(size) coefficients is \(size) by \(size), with degrees of freedom")
      }
    }
  }
}
