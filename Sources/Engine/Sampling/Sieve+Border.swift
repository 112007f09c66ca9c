/// Where an order by falling key, equal keys by position, is cut.
struct Border {
  let key: Float
  /// How many of the elements with just this key stay; the largest Int for all.
  let ties: Int
}

extension Sieve {
  /// Where the order has to be cut so that the weights (without weights, the number) before the cut reach the target; behind
  /// the last element where all together do not. Nothing is sorted but a handful in the end: each pass halves what is in
  /// doubt, and every other pass leaves the rest behind. No key is below `bottom` or above `top`.
  func border(
    _ keys: UnsafePointer<Float>, _ weights: UnsafePointer<Float>?, _ count: Int, from bottom: Float, to top: Float,
    target: Double
  ) -> Border {
    var keys = keys
    var weights = weights
    var count = count
    // The border is in [low, high). What lies at or above `high` weighs `above`, of which `gone` is no longer in the list.
    var low = bottom
    var high = top.nextUp
    var gone = 0.0
    var above = 0.0

    func close() {
      count = kernels.select(keys, count, nil, low, high, restIndices, rest)
      if let source = weights {
        for i in 0..<count { restWeights[i] = source[Int(restIndices[i])] }
        weights = UnsafePointer(restWeights)
      }
      keys = UnsafePointer(rest)
      gone = above
    }

    var pass = 0
    while count > Self.handful, let pivot = Self.pivot(low, high, pass) {
      let sum = gone + kernels.sumAtLeast(keys, weights, count, pivot)
      if sum >= target {
        low = pivot
      } else {
        high = pivot
        above = sum
      }
      pass += 1
      if pass % 2 == 0 { close() }
    }
    close()
    return walk(count, weighted: weights != nil, low: low, missing: target - gone)
  }

  private static var handful: Int { 24 }

  /// Sorts the rest, of which all keys are equal if it is long, and walks down until nothing is missing.
  private func walk(_ count: Int, weighted: Bool, low: Float, missing: Double) -> Border {
    for i in 0..<count {
      let key = rest[i]
      let weight = weighted ? restWeights[i] : 1
      var j = i
      while j > 0, rest[j - 1] < key {
        rest[j] = rest[j - 1]
        if weighted { restWeights[j] = restWeights[j - 1] }
        j -= 1
      }
      rest[j] = key
      if weighted { restWeights[j] = weight }
    }
    var missing = missing
    var ties = 0
    for i in 0..<count {
      ties = i > 0 && rest[i] == rest[i - 1] ? ties + 1 : 1
      missing -= weighted ? Double(restWeights[i]) : 1
      if missing <= 0 {
        let splitsTies = i + 1 < count && rest[i + 1] == rest[i]
        return Border(key: rest[i], ties: splitsTies ? ties : .max)
      }
    }
    return Border(key: low, ties: .max)
  }

  /// A value strictly between, or nil where there is none: by turns in the middle of the values, which suits logits, and in
  /// the middle of the Floats, which ends after 32 of them whatever the values are.
  private static func pivot(_ low: Float, _ high: Float, _ pass: Int) -> Float? {
    let middle = low / 2 + high / 2
    if pass % 2 == 1, middle > low, middle < high { return middle }
    let (first, last) = (low.rank, high.rank)
    return last - first < 2 ? nil : Float(rank: first + (last - first) / 2)
  }
}
