/// A QR solution is exact for data a few rounding errors away (Higham, Accuracy and Stability, 20.2): rows · columns · ulp,
/// four by two for the problems worked by hand, magnified by condition numbers below 20 for a handful of small whole numbers.
package func agrees(_ found: Double, _ expected: Double) -> Bool {
  (found - expected).magnitude <= 20 * 4 * 2 * Double.ulpOfOne * max(1, expected.magnitude)
}

package func agree(_ found: [Double], _ expected: [Double]) -> Bool {
  found.count == expected.count && zip(found, expected).allSatisfy { agrees($0, $1) }
}
