/// Why points do not give the coefficients of a model.
package enum FitError: Error, Hashable, CustomStringConvertible {
  case tooFewPoints(have: Int, need: Int)
  case degenerate
  case notPositive(at: String)
  case notFinite
  case notConverged

  package var description: String {
    switch self {
    case .tooFewPoints(let have, let need):
      "fit: \(have) point\(have == 1 ? "" : "s") where \(need) are needed; measure at more places"
    case .degenerate: "fit: the points do not tell the coefficients apart; measure at more different places"
    case .notPositive(let place):
      "fit: the point at \(place) has a cost of zero or less; one is positive, so measure it again"
    case .notFinite: "fit: a place, cost or weight is not a finite number; drop that point"
    case .notConverged: "fit: the non-negative solution did not settle; measure again, or at places further apart"
    }
  }
}
