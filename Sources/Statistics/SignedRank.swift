import Glibc

/// Wilcoxon's two-sided test of paired observations (Biometrics 1, 1945): whether their differences lie to one side of zero,
/// from the signs and the ranks of their sizes; and the shift that it leaves, with its limits.
///
/// Up to 60 pairs the probability is exact: that of the sum of ranks over all ways to give signs to the sizes, equal ones
/// sharing their mean rank. Beyond that it is the normal approximation, corrected for ties and continuity. Differences of
/// zero say nothing of a side and are left out of the test.
package struct SignedRank: Sendable {
  package let probability: Double
  private let differences: Sample

  private static let mostExact = 60

  package init(_ differences: Sample) {
    self.differences = differences
    probability = Self.probability(differences.values.filter { $0 != 0 })
  }

  /// The median of the means of all pairs of differences (Hodges and Lehmann, Annals of Mathematical Statistics 34, 1963).
  package var shift: Double {
    let count = differences.count * (differences.count + 1) / 2
    return (mean(at: (count + 1) / 2) + mean(at: count / 2 + 1)) / 2
  }

  /// The shifts that the test does not reject at α; nil where so few pairs reject none.
  package func interval(alpha: Double) -> Interval? {
    let place = Self.lowestPlace(of: differences.count, alpha: alpha)
    guard place > 0 else { return nil }
    let count = differences.count * (differences.count + 1) / 2
    return Interval(low: mean(at: place), high: mean(at: count + 1 - place), level: 1 - alpha)
  }

  /// Of the means of all pairs of differences, each with itself among them, the one at a place in ascending order, from 1: by
  /// bisection to the last bit, because there may be too many to keep.
  private func mean(at place: Int) -> Double {
    var (low, high) = (differences.minimum, differences.maximum)
    if means(upTo: low) >= place { return low }
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return high }
      if means(upTo: middle) >= place { high = middle } else { low = middle }
    }
  }

  private func means(upTo limit: Double) -> Int {
    let values = differences.ordered
    var (count, end) = (0, values.count)
    for start in values.indices {
      while end > start, (values[start] + values[end - 1]) / 2 > limit { end -= 1 }
      if end <= start { break }
      count += end - start
    }
    return count
  }

  /// The greatest c with P(T < c) ≤ α/2 for the sum T of positive ranks: the place of the lower limit, from 1, among means.
  private static func lowestPlace(of count: Int, alpha: Double) -> Int {
    if count > mostExact {
      let n = Double(count)
      let deviation = (n * (n + 1) * (2 * n + 1) / 24).squareRoot()
      return max(0, Int(n * (n + 1) / 4 + 0.5 + Normal.quantile(max(alpha / 2, .leastNormalMagnitude)) * deviation))
    }
    let ways = ways(toAdd: Array(1...count))
    let limit = alpha / 2 * ways.reduce(0, +)
    var below = 0.0
    for (sum, number) in ways.enumerated() {
      below += number
      if below > limit { return sum }
    }
    return ways.count
  }

  private static func probability(_ differences: [Double]) -> Double {
    let ranks = differences.map(\.magnitude).midranks
    let positive = zip(differences, ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
    let n = Double(differences.count)
    if differences.isEmpty { return 1 }
    if differences.count > mostExact {
      let variance = n * (n + 1) * (2 * n + 1) / 24 - differences.map(\.magnitude).tieSum / 48
      let distance = max(0, (positive - n * (n + 1) / 4).magnitude - 0.5)
      return min(1, 2 * Normal.upperTail(distance / variance.squareRoot()))
    }
    // Doubled, midranks are whole numbers.
    let ways = ways(toAdd: ranks.map { Int(2 * $0) })
    let observed = Int(2 * positive)
    let below = ways[...observed].reduce(0, +)
    let above = ways[observed...].reduce(0, +)
    return min(1, 2 * min(below, above) / ways.reduce(0, +))
  }

  /// In how many ways some of the numbers add to each sum.
  private static func ways(toAdd numbers: [Int]) -> [Double] {
    var ways = [Double](repeating: 0, count: numbers.reduce(1, +))
    ways[0] = 1
    for number in numbers {
      for sum in stride(from: ways.count - 1, through: number, by: -1) { ways[sum] += ways[sum - number] }
    }
    return ways
  }
}
