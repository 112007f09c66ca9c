import Glibc
import KernelContract

extension Sieve {
  /// Keys between which an order has to be cut, all but surely, so that what is behind the cut weighs `rest`: by a sample of the
  /// row, if it is long enough for one.
  func guess(rest: Double, _ order: Order, in range: ClosedRange<Float>) -> ClosedRange<Float>? {
    let step = count / 16 / Self.lines
    guard isWhole, step > 3 else { return nil }
    let (size, heavy) = sample(order, step)
    let keys = order.keys(chosen, size, keys)
    let total = kernels.sumAtLeast(keys, chosenWeights, size, -.infinity)

    func behind(_ key: Float) -> Double {
      Double(step) * (total - kernels.sumAtLeast(keys, chosenWeights, size, key))
    }
    /// Three standard deviations at most: the variance is below the step times the sum of the squares, and this is below the
    /// largest weight times the sum.
    func error(_ key: Float) -> Double {
      3 * (Double(step) * exp(order.largest(to: key, below: heavy) - Double(top)) * rest).squareRoot()
    }
    /// Halves a range of keys until little lies between; the weight behind the border is above the rest just if `isAbove`.
    func narrow(_ range: ClosedRange<Float>, isAbove: (Float, Double) -> Bool) -> ClosedRange<Float> {
      var (low, high) = (range.lowerBound, range.upperBound)
      var (lowest, highest) = (0.0, Double(step) * total)
      for _ in 0..<Self.halvings where highest - lowest > rest / 16 {
        let middle = low / 2 + high / 2
        let weight = behind(middle)
        if isAbove(middle, weight) { (high, highest) = (middle, weight) } else { (low, lowest) = (middle, weight) }
      }
      return low...high
    }

    var upper = range.upperBound
    let lower = narrow(range) { key, weight in
      let error = error(key)
      if weight - error > rest { upper = min(upper, key) }
      return weight + error > rest
    }.lowerBound
    return lower...narrow(lower...upper) { key, weight in weight - error(key) > rest }.upperBound
  }

  /// How many lines of sixteen tokens are sampled: with these a share behind a cut is met to a few hundredths of it.
  private static var lines: Int { 256 }
  private static var halvings: Int { 24 }

  /// Copies every `step`-th line and its weights to `chosen` and `chosenWeights`. In an order by distance from a mean the
  /// heaviest tokens may lie behind the cut, and they are too few to be left to chance: all from the returned logit on come
  /// last, each with its weight divided by `step`.
  private func sample(_ order: Order, _ step: Int) -> (size: Int, heavy: Float) {
    var size = 0
    for start in stride(from: 0, to: count - 15, by: 16 * step) {
      copyLine(values + start, to: chosen + size)
      copyLine(weights + start, to: chosenWeights + size)
      size += 16
    }
    guard order.mean != nil else { return (size, .infinity) }
    kernels.runMaxima(chosen, size, keys)
    let heavy = border(keys, nil, runs(of: size), from: bottom, to: top, target: 8).key
    let sampled = kernels.select(chosen, size, nil, heavy, .infinity, indices, rest)
    for i in 0..<sampled { chosenWeights[Int(indices[i])] = 0 }
    let heavies = kernels.select(values, count, maxima, heavy, .infinity, indices, chosen + size)
    for i in 0..<heavies { chosenWeights[size + i] = weights[Int(indices[i])] / Float(step) }
    return (size + heavies, heavy)
  }

  private func copyLine(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(target).storeBytes(
      of: UnsafeRawPointer(source).loadUnaligned(as: SIMD16<Float>.self), as: SIMD16<Float>.self)
  }
}
