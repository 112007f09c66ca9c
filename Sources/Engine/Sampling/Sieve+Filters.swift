import Glibc
import KernelContract

extension Sieve {
  func keepTop(_ k: Int) {
    settle()
    guard k < count else { return }
    let order = Order.byLogit(top: top)
    let runs = runs(of: count)
    if isWhole, k <= runs {
      // As many elements as runs reach the k-th largest maximum of the runs.
      keep(Cut(order: order, key: border(maxima, nil, runs, from: bottom, to: top, target: Double(k)).key))
      guard k < count else { return }
    }
    let border = border(values, nil, count, from: bottom, to: top, target: Double(k))
    keep(Cut(order: order, key: border.key, last: last(border, values, count) ?? .max))
  }

  func keepProbable(_ share: Double) {
    settle()
    let exact = Double(top) + log(share)
    let rounded = Float(exact)
    keep(Cut(order: .byLogit(top: top), key: Double(rounded) < exact ? rounded.nextUp : rounded))
  }

  func keepNucleus(_ share: Double) {
    weigh(nil)
    // Above 0, so that one token stays.
    let target = max(share * sum, .leastNormalMagnitude)
    keepShare(target, .byLogit(top: top), from: Float(completeBound(share)).nextDown)
  }

  /// Surprise less mean surprise is −ln p(x) + Σ p·ln p = Σ p·x − x: the distance of the logit from the mean logit.
  func keepTypical(_ share: Double) {
    var moment = 0.0
    weigh(&moment)
    let mean = Double(top) + moment / sum / Self.log2e
    let order = Order.nearest(to: mean)
    // With the top as near as the bound, what is further from the mean than the bound is below it.
    let bound = min(completeBound(share), 2 * mean - Double(top) - Self.margin)
    keepShare((share * sum).nextUp, order, from: order.key(Float(bound).nextDown))
  }

  /// For the rounding of sums and weights.
  private static let margin = 1e-3

  /// All tokens with logits below it have together less than the rest of the share: each has less than its part of it.
  private func completeBound(_ share: Double) -> Double {
    Double(top) + log((1 - share) * sum / Double(count)) - Self.margin
  }

  /// Weighs what is in play; the sum of each weight times its exponent on request.
  private func weigh(_ moment: UnsafeMutablePointer<Double>?) {
    settle()
    kernels.runSums(values, count, top, Float(Self.log2e), sums, weights, moment)
    sum = total(sums, runs(of: count))
  }

  /// Keeps the first of an order until their weights reach the target. All that it takes have keys of at least `bottom`.
  private func keepShare(_ target: Double, _ order: Order, from bottom: Float) {
    let all = bottom...order.highest.nextUp
    let guessed = guess(rest: sum - target, order, in: all)
    cut =
      guessed.flatMap { cut(order, in: $0, target) } ?? cut(order, in: all, target) ?? Cut(order: order, key: bottom)
  }

  /// Looks for the cut in a range of keys without its end; nil where it lies elsewhere.
  private func cut(_ order: Order, in range: ClosedRange<Float>, _ target: Double) -> Cut? {
    let outer = order.logits(from: range.lowerBound)
    let inner = order.logits(from: range.upperBound)
    let bounds = SiftBounds(
      lower: outer.lower, innerLower: inner.lower, innerUpper: inner.upper, upper: outer.upper)
    let (inside, size) = kernels.sift(values, weights, count, isWhole ? maxima : nil, bounds, indices, chosen)
    kernels.weights(chosen, size, top, Float(Self.log2e), chosenWeights)
    guard inside < target, inside + total(chosenWeights, size) >= target else { return nil }
    let keys = order.keys(chosen, size, keys)
    let border = border(
      keys, chosenWeights, size, from: range.lowerBound, to: range.upperBound.nextDown, target: target - inside)
    return Cut(order: order, key: border.key, last: last(border, keys, size).map { Int(indices[$0]) } ?? .max)
  }

  /// The position of the last element with the border's key that stays.
  private func last(_ border: Border, _ keys: UnsafePointer<Float>, _ count: Int) -> Int? {
    guard border.ties < .max else { return nil }
    var ties = border.ties
    return (0..<count).first {
      if keys[$0] == border.key { ties -= 1 }
      return ties == 0
    }
  }
}
