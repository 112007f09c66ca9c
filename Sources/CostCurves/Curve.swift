import Statistics

/// What a cost runs over. The raw value names it in records and messages.
package enum Axis: String, Codable, Sendable {
  case promptTokens = "prompt_tokens"
  case contextTokens = "context_tokens"
}

/// A fitted cost over an axis: what was found, how sure it is, and where it holds.
package struct Curve: Hashable, Sendable {
  /// Which costs its points were.
  package enum Kind: String, Codable, Sendable {
    /// Means of all time, disturbed or not. The curve is scaled so that its sum over all that was run is what was paid.
    case asPaid = "as_paid"
    /// Medians of runs with no verdict against them.
    case undisturbed
  }

  package let kind: Kind
  package let axis: Axis
  package let family: Family
  /// From the constant up, in the unit of the cost per power of the axis.
  package let coefficients: [Double]
  /// Units, ascending, and the coefficients without each, unconstrained; empty where units do not tell.
  package let units: [Int]
  package let replicates: [[Double]]
  /// Of the coefficients; nil when there were too few points or units to know it.
  package let covariance: [[Double]]?
  /// What the covariance was estimated with: Student's, for the intervals.
  package let degreesOfFreedom: Int
  /// The costs are known not to be negative, nor to fall along the axis.
  package let nonNegative: Bool
  /// From the first place measured to the last.
  package let domain: ClosedRange<Double>
  package let pointCount: Int
  package let unitCount: Int
  /// The standard deviation of points about the curve, as a share of it.
  package let residualSpread: Double?
  package let lackOfFit: LackOfFit?
  package let method: Estimate.Method
  package let warnings: [Warning]
}

extension Curve: Codable {
  private enum CodingKeys: CodingKey {
    case kind, axis, family, coefficients, units, replicates, covariance, degreesOfFreedom, nonNegative, domain
    case pointCount, unitCount, residualSpread, lackOfFit, method, warnings
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decode(Kind.self, forKey: .kind)
    axis = try container.decode(Axis.self, forKey: .axis)
    family = try container.decode(Family.self, forKey: .family)
    coefficients = try container.decode([Double].self, forKey: .coefficients)
    units = try container.decode([Int].self, forKey: .units)
    replicates = try container.decode([[Double]].self, forKey: .replicates)
    covariance = try container.decodeIfPresent([[Double]].self, forKey: .covariance)
    degreesOfFreedom = try container.decode(Int.self, forKey: .degreesOfFreedom)
    nonNegative = try container.decode(Bool.self, forKey: .nonNegative)
    domain = try container.decode(ClosedRange<Double>.self, forKey: .domain)
    pointCount = try container.decode(Int.self, forKey: .pointCount)
    unitCount = try container.decode(Int.self, forKey: .unitCount)
    residualSpread = try container.decodeIfPresent(Double.self, forKey: .residualSpread)
    lackOfFit = try container.decodeIfPresent(LackOfFit.self, forKey: .lackOfFit)
    method = try container.decode(Estimate.Method.self, forKey: .method)
    warnings = try container.decode([Warning].self, forKey: .warnings)

    let size = family.coefficientCount
    guard coefficients.count == size else {
      throw DecodingError.dataCorruptedError(
        forKey: .coefficients, in: container, debugDescription: "a \(family.rawValue) curve has \(size) coefficients")
    }
    guard replicates.count == units.count, replicates.allSatisfy({ $0.count == size }), replicates.count != 1 else {
      throw DecodingError.dataCorruptedError(
        forKey: .replicates, in: container, debugDescription: "each of two or more units has \(size) coefficients")
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
