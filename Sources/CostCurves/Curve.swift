import Statistics

/// A fitted cost over places: what was found, how sure it is, and where it holds.
package struct Curve: Hashable, Sendable {
  /// Which costs its points were.
  package enum Kind: String, Codable, Sendable {
    /// Means of all time, disturbed or not. The curve is scaled so that its sum over all that was run is what was paid.
    case asPaid = "as_paid"
    /// Medians of runs with no verdict against them.
    case undisturbed
  }

  package let kind: Kind
  package let growth: Growth
  package let family: Family
  /// One for each term of the family, in the unit of the cost for one of what the term counts.
  package let coefficients: [Double]
  /// Units, ascending, and the coefficients without each, unconstrained; empty where units do not tell.
  package let units: [Int]
  package let replicates: [[Double]]
  /// Of the coefficients; nil when there were too few points or units to know it.
  package let covariance: [[Double]]?
  /// What the covariance was estimated with: Student's, for the intervals.
  package let degreesOfFreedom: Int
  /// The costs are known not to be negative, nor to fall with any demand.
  package let nonNegative: Bool
  package let domain: Domain
  package let pointCount: Int
  package let unitCount: Int
  /// The standard deviation of points about the curve, as a share of it.
  package let residualSpread: Double?
  package let lackOfFit: LackOfFit?
  /// Families that foretell places left out about as well; where nothing was measured the truth may be any of them.
  package let rivals: [Rival]
  package let method: Estimate.Method
  package let warnings: [Warning]
}

extension Curve {
  /// Another shape that the same points allow.
  package struct Rival: Codable, Hashable, Sendable {
    package let family: Family
    package let coefficients: [Double]
  }
}

extension Curve: Codable {
  private enum CodingKeys: CodingKey {
    case kind, growth, family, coefficients, units, replicates, covariance, degreesOfFreedom, nonNegative, domain
    case pointCount, unitCount, residualSpread, lackOfFit, rivals, method, warnings
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decode(Kind.self, forKey: .kind)
    growth = try container.decode(Growth.self, forKey: .growth)
    family = try container.decode(Family.self, forKey: .family)
    coefficients = try container.decode([Double].self, forKey: .coefficients)
    units = try container.decode([Int].self, forKey: .units)
    replicates = try container.decode([[Double]].self, forKey: .replicates)
    covariance = try container.decodeIfPresent([[Double]].self, forKey: .covariance)
    degreesOfFreedom = try container.decode(Int.self, forKey: .degreesOfFreedom)
    nonNegative = try container.decode(Bool.self, forKey: .nonNegative)
    domain = try container.decode(Domain.self, forKey: .domain)
    pointCount = try container.decode(Int.self, forKey: .pointCount)
    unitCount = try container.decode(Int.self, forKey: .unitCount)
    residualSpread = try container.decodeIfPresent(Double.self, forKey: .residualSpread)
    lackOfFit = try container.decodeIfPresent(LackOfFit.self, forKey: .lackOfFit)
    rivals = try container.decode([Rival].self, forKey: .rivals)
    method = try container.decode(Estimate.Method.self, forKey: .method)
    warnings = try container.decode([Warning].self, forKey: .warnings)

    let size = family.terms.count
    guard coefficients.count == size else {
      throw DecodingError.dataCorruptedError(
        forKey: .coefficients, in: container, debugDescription: "\(family.name) has \(size) coefficients")
    }
    guard rivals.allSatisfy({ $0.coefficients.count == $0.family.terms.count }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .rivals, in: container, debugDescription: "each rival has a coefficient for each of its terms")
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
