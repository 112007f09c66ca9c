/// The two-sided test of Mann and Whitney (Annals of Mathematical Statistics 18, 1947): whether the values of one sample
/// tend to be greater than those of another, from their ranks alone.
///
/// Up to n₁·n₂ = 900 the probability is exact: that of the sum of ranks over all ways to choose n₁ of the pooled values,
/// equal ones sharing their mean rank. Beyond that it is the normal approximation, corrected for ties and continuity.
package struct MannWhitney: Hashable, Sendable {
  package enum Method: String, Codable, Sendable { case exact, normal }

  /// Pairs in which the first sample's value is the greater; an equal pair counts half.
  package let u: Double
  package let probability: Double
  package let method: Method

  private static let mostExactPairs = 900

  package init(_ first: Sample, _ second: Sample) {
    let (n1, n2) = (Double(first.count), Double(second.count))
    let pooled = first.values + second.values
    let ranks = pooled.midranks
    let sum = ranks.prefix(first.count).reduce(0, +)
    u = sum - n1 * (n1 + 1) / 2
    guard first.count * second.count > Self.mostExactPairs else {
      method = .exact
      // The smaller side has fewer ways to be chosen; either sum tells the other.
      let chosen = first.count <= second.count ? ranks.prefix(first.count) : ranks.suffix(second.count)
      probability = Self.exactProbability(of: Array(chosen), among: ranks)
      return
    }
    method = .normal
    let total = n1 + n2
    let variance = n1 * n2 / 12 * (total + 1 - pooled.tieSum / (total * (total - 1)))
    let distance = max(0, (u - n1 * n2 / 2).magnitude - 0.5)
    probability = variance > 0 ? min(1, 2 * Normal.upperTail(distance / variance.squareRoot())) : 1
  }

  /// The least probability that samples of these sizes can give: all of one above all of the other.
  package static func leastProbability(_ n1: Int, _ n2: Int) -> Double {
    // 2 / C(n₁ + n₂, n₁), as a product that neither overflows nor needs factorials.
    (1...max(1, min(n1, n2))).reduce(2.0) { $0 * Double($1) / Double(max(n1, n2) + $1) }
  }

  /// Counts subsets by size and sum, one rank after another. Doubled, midranks are whole numbers.
  private static func exactProbability(of chosen: [Double], among ranks: [Double]) -> Double {
    let least = Int(2 * (ranks.min() ?? 0))
    let steps = ranks.map { Int(2 * $0) - least }
    let observed = chosen.reduce(0) { $0 + Int(2 * $1) - least }
    let size = chosen.count
    let most = steps.sorted(by: >).prefix(size).reduce(0, +)
    // ways[k][s]: choices of k ranks whose steps add to s. Sums only grow, so nothing cancels.
    var ways = [[Double]](repeating: [Double](repeating: 0, count: most + 1), count: size + 1)
    ways[0][0] = 1
    for step in steps {
      for count in stride(from: size, to: 0, by: -1) {
        for sum in stride(from: most, through: step, by: -1) { ways[count][sum] += ways[count - 1][sum - step] }
      }
    }
    let all = ways[size].reduce(0, +)
    let below = ways[size][...observed].reduce(0, +)
    let above = ways[size][observed...].reduce(0, +)
    return min(1, 2 * min(below, above) / all)
  }
}
