extension Sequence<Double> {
  /// The place of each value in ascending order, from 1; equal values share the mean of their places.
  var midranks: [Double] {
    let values = Array(self)
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  /// Σ (t³ − t) over groups of t equal values: what ties take from the variance of a sum of ranks.
  var tieSum: Double {
    let counts = reduce(into: [Double: Double]()) { $0[$1, default: 0] += 1 }
    return counts.values.reduce(0) { $0 + $1 * ($1 * $1 - 1) }
  }
}
