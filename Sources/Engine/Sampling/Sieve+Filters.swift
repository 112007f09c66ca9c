import Glibc
import KernelContract

extension Sieve {
  func keepTop(_ k: Int) {
    guard k < count else { return }
    if isWhole {
      // As many elements as runs reach the k-th largest maximum of the runs.
      let runs = runs(of: count)
      takeList(
        from: k <= runs ? border(maxima, nil, runs, from: bottom, to: top, target: Double(k)).key : bottom)
      guard k < count else { return }
    }
    keepLargest(border(values, nil, count, from: bottom, to: top, target: Double(k)))
  }

  /// Surprise less mean surprise is −ln p(x) + Σ p·ln p = Σ p·x − x: the distance of the logit from the mean logit.
  func keepTypical(_ share: Double) {
    let sum = total(moments: moments)
    let mean = Double(top) + total(moments, runs(of: count)) / sum / Self.log2e
    // With the top as near as the bound, what is further from the mean than the bound is below it.
    let bound = min(completeBound(share, sum), 2 * mean - Double(top) - Self.margin)
    keepShare((share * sum).nextUp, bound: bound, nearest: mean)
    top = values[kernels.argmax(values, count)]
  }

  func keepNucleus(_ share: Double) {
    let sum = total(moments: nil)
    // Above 0, so that one token stays.
    keepShare(max(share * sum, .leastNormalMagnitude), bound: completeBound(share, sum), nearest: nil)
  }

  func keepProbable(_ share: Double) {
    let exact = Double(top) + log(share)
    let rounded = Float(exact)
    let lower = Double(rounded) < exact ? rounded.nextUp : rounded
    if isWhole { takeList(from: lower) } else { keepLargest(Border(key: lower, ties: .max)) }
  }

  /// For the rounding of sums and weights.
  private static let margin = 1e-3

  /// All tokens with logits below it have together less than the rest of the share: each has less than its part of it.
  private func completeBound(_ share: Double, _ sum: Double) -> Double {
    Double(top) + log((1 - share) * sum / Double(count)) - Self.margin
  }

  /// Keeps the largest logits, or those nearest to a mean, until their weights reach the target. All that it takes lie above
  /// the bound, but a few of the largest mostly do, and are tried first.
  private func keepShare(_ target: Double, bound: Double, nearest mean: Double?) {
    if isWhole {
      let row = values
      let runs = runs(of: count)
      let few = border(maxima, nil, runs, from: bottom, to: top, target: Double(runs) / 8).key
      var isComplete = false
      if Double(few) > bound {
        takeList(from: few)
        let keys = rank(nearest: mean)
        // No other token comes before a key at least as good as this.
        let surely = mean.map { Float(Double(few) - $0).nextUp } ?? few
        isComplete = kernels.sumAtLeast(keys, weights, count, surely) >= target
      }
      if !isComplete {
        takeWhole(row)
        takeList(from: Float(bound).nextDown)
      }
    }
    let keys = rank(nearest: mean)
    guard let mean else {
      return keepLargest(border(keys, weights, count, from: bottom, to: top, target: target))
    }
    let furthest = Float(max(mean - Double(bottom), Double(top) - mean)).nextUp
    keep(keys, border(keys, weights, count, from: -furthest, to: 0, target: target))
  }

  /// Weighs what is in play and returns by what it is ordered.
  private func rank(nearest mean: Double?) -> UnsafePointer<Float> {
    kernels.weights(values, count, top, Float(Self.log2e), weights)
    guard let mean else { return values }
    for i in 0..<count { keys[i] = Float(-abs(Double(values[i]) - mean)) }
    return UnsafePointer(keys)
  }
}
