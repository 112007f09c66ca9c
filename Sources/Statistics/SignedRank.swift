import Glibc

/// Wilcoxon's two-sided test of paired observations (Biometrics 1, 1945): whether their differences lie to one side of zero,
/// from the signs and the ranks of their sizes; and the shift that it leaves, with its limits.
///
/// The rank sum of one sign is the number of means of pairs on that side (Tukey 1949), which test and limits count alike: a
/// mean of zero counts for both sides, so that zeros and ties speak for no difference, and the limits leave out zero just when
/// the test rejects it. Leaving zeros out of the test lost: its limits then held what it had rejected. Up to 60 pairs the
/// probability is exact, beyond that it is the normal approximation, corrected for continuity.
package struct SignedRank: Sendable {
  package let probability: Double
  private let differences: Sample

  private static let mostExact = 60

  package init(_ differences: Sample) {
    self.differences = differences
    let count = differences.count
    let below = Self.means(of: differences, upTo: 0)
    let above = count * (count + 1) / 2 - Self.means(of: differences, upTo: -.leastNonzeroMagnitude)
    let chances = Self.chances(of: count)
    probability = min(1, 2 * min(chances(below), chances(above)))
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
    if Self.means(of: differences, upTo: low) >= place { return low }
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return high }
      if Self.means(of: differences, upTo: middle) >= place { high = middle } else { low = middle }
    }
  }

  private static func means(of differences: Sample, upTo limit: Double) -> Int {
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
    let chances = chances(of: count)
    var (low, high) = (0, count * (count + 1) / 2)
    while low < high {
      let middle = (low + high + 1) / 2
      if chances(middle - 1) <= alpha / 2 { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// P(T ≤ sum) of so many pairs.
  private static func chances(of count: Int) -> (Int) -> Double {
    if count > mostExact {
      let n = Double(count)
      let deviation = (n * (n + 1) * (2 * n + 1) / 24).squareRoot()
      return { Normal.upperTail((n * (n + 1) / 4 - Double($0) - 0.5) / deviation) }
    }
    var total = 0.0
    let below = ways(toAdd: count).map { ways -> Double in
      total += ways
      return total
    }
    return { $0 < 0 ? 0 : below[min($0, below.count - 1)] / total }
  }

  /// In how many ways some of the numbers 1 to count add to each sum.
  private static func ways(toAdd count: Int) -> [Double] {
    var ways = [Double](repeating: 0, count: count * (count + 1) / 2 + 1)
    ways[0] = 1
    for number in stride(from: 1, through: count, by: 1) {
      for sum in stride(from: ways.count - 1, through: number, by: -1) { ways[sum] += ways[sum - number] }
    }
    return ways
  }
}
