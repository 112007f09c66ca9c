/// Observations that come in groups, such as the steps of a process: what the members of a group have in common makes each
/// of them tell less than an independent observation would.
package struct Clusters: Sendable {
  package let clusters: [Sample]
  private let pooled: Sample

  /// Nil without a cluster.
  package init?(_ clusters: [Sample]) {
    guard let pooled = try? Sample(clusters.flatMap(\.values)) else { return nil }
    self.clusters = clusters
    self.pooled = pooled
  }

  /// The median of the clusters' medians; clusters are the independent units, so order statistics of theirs bound it.
  package func medianEstimate(level: Double = 0.95) -> Estimate? {
    (try? Sample(clusters.map(\.median)))?.medianEstimate(level: level)
  }

  /// How many times the variance of the share of observations up to a quantile exceeds that of as many independent ones
  /// (Kish, Survey Sampling, 1965), by the linearised variance of a ratio; nil for fewer than two clusters.
  package func designEffect(at probability: Double) -> Double? {
    guard clusters.count > 1 else { return nil }
    let quantile = pooled.quantile(probability)
    let hits = clusters.map { cluster in Double(cluster.values.count { $0 <= quantile }) }
    let total = Double(pooled.count)
    let share = hits.reduce(0, +) / total
    guard share < 1 else { return nil }
    let squares = zip(clusters, hits).reduce(0) { sum, pair in
      let excess = pair.1 - share * Double(pair.0.count)
      return sum + excess * excess
    }
    let count = Double(clusters.count)
    return count / (count - 1) * squares / total / (share * (1 - share))
  }

  /// A quantile of all observations, without an interval.
  package func quantile(_ probability: Double) -> Double { pooled.quantile(probability) }

  /// A quantile of all observations. Its interval is the quantiles at the exact binomial limits of the share below it
  /// (Woodruff, JASA 47, 1952), for as many observations as the design effect and the number of clusters leave
  /// (Korn and Graubard, Survey Methodology 24, 1998). Limits beyond the observations give no interval, nor does a tail
  /// that comes from fewer than six clusters' worth, or than a third of them, (Σh)²/Σh² with h the observations of a cluster in
  /// it: a dozen processes cannot tell how many more of the slow kind there are, and such intervals held the truth in 30 to
  /// 55 % of cases.
  package func quantileEstimate(_ probability: Double, level: Double = 0.95) -> Estimate {
    let value = pooled.quantile(probability)
    let total = Double(pooled.count)
    guard let effect = designEffect(at: probability) else {
      return Estimate(
        value, nil, method: .clusters, warnings: [.tooFewSamples(have: clusters.count, need: 2, level: level)])
    }
    let contributing = contributors(beyond: value, isUpper: probability >= 0.5)
    guard contributing >= max(Self.fewestContributors, Double(clusters.count) / 3) else {
      return Estimate(value, nil, method: .clusters, warnings: [.fewContributors(contributing)])
    }
    let tail = (1 - level) / 2
    let inflation =
      StudentT(degreesOfFreedom: total - 1).quantile(1 - tail)
      / StudentT(degreesOfFreedom: Double(clusters.count - 1)).quantile(1 - tail)
    let effective = total / max(1, effect) * min(1, inflation * inflation)
    let below = probability * effective
    let low = betaQuantile(tail, below, effective - below + 1)
    let high = betaQuantile(1 - tail, below + 1, effective - below)
    guard low >= 1 / total, high <= 1 - 1 / total else {
      let need = Sample.countNeeded(probability: probability, level: level)
      return Estimate(
        value, nil, method: .clusters, warnings: [.tooFewEffective(have: effective, need: need, level: level)])
    }
    let interval = Interval(low: pooled.quantile(low), high: pooled.quantile(high), level: level)
    return Estimate(value, interval, method: .clusters)
  }
}

extension Clusters {
  private static let fewestContributors = 6.0

  /// As how many equal clusters those are worth whose observations lie beyond a value.
  private func contributors(beyond value: Double, isUpper: Bool) -> Double {
    let hits = clusters.map { cluster in Double(cluster.values.count { isUpper ? $0 > value : $0 < value }) }
    let sum = hits.reduce(0, +)
    return sum > 0 ? sum * sum / dot(hits, hits) : 0
  }
}

/// The x at which the regularised incomplete beta function reaches a probability, by bisection to the last bit.
private func betaQuantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
  var (low, high) = (0.0, 1.0)
  while true {
    let middle = low + (high - low) / 2
    if middle <= low || middle >= high { return middle }
    if regularizedIncompleteBeta(a, b, at: middle, complement: 1 - middle) < probability {
      low = middle
    } else {
      high = middle
    }
  }
}

extension Estimate.Method {
  package static let clusters = Self(rawValue: "clustered, Woodruff's limits")
}

extension Warning {
  static func fewContributors(_ count: Double) -> Warning {
    Warning(
      code: "few-contributors",
      message:
        "what lies beyond this quantile comes from \((count * 10).rounded() / 10) units' worth: an interval needs six, and a third of them"
    )
  }

  static func tooFewEffective(have: Double, need: Int, level: Double) -> Warning {
    Warning(
      code: "too-few-samples",
      message:
        "the samples tell as much as \(Int(have)) independent ones: an interval at level \(level) needs about \(need)"
    )
  }
}
