import KernelContract

extension Sieve {
  /// A number in (0, 1) for each attempt decides.
  func draw(temperature: Double, uniform: (UInt32) -> Double) -> Int32 {
    let scale = Self.scale(temperature)
    var attempt: UInt32 = 0
    // The sums are those that the cut was found by. A draw from all that stays is one from what stays.
    while let cut, temperature == 1, attempt < Self.attempts {
      let position = pick(scale, uniform(attempt))
      if cut.keeps(values[position], at: position) { return token(position) }
      attempt += 1
    }
    settle()
    kernels.runSums(values, count, top, scale, sums, nil, nil)
    sum = total(sums, runs(of: count))
    return token(pick(scale, uniform(attempt)))
  }

  /// After this many draws that miss, a list of what stays is the shorter way.
  private static var attempts: UInt32 { 4 }

  private func token(_ position: Int) -> Int32 { isWhole ? Int32(position) : tokens[position] }

  /// A position by the weights, of which the sums are at hand.
  private func pick(_ scale: Float, _ uniform: Double) -> Int {
    var rest = uniform * sum
    // The sums are taken in another order than their total: should they end early, the last run with a weight is meant.
    var run = 0
    for i in 0..<runs(of: count) where sums[i] > 0 {
      run = i
      if rest < Double(sums[i]) { break }
      rest -= Double(sums[i])
    }
    let start = run * SamplingKernels.run
    let length = min(SamplingKernels.run, count - start)
    kernels.weights(values + start, length, top, scale, chosenWeights)
    var index = 0
    for i in 0..<length where chosenWeights[i] > 0 {
      index = i
      if rest < Double(chosenWeights[i]) { break }
      rest -= Double(chosenWeights[i])
    }
    return start + index
  }

  func distribution(temperature: Double) -> [(token: Int32, probability: Double)] {
    settle()
    kernels.weights(values, count, top, Self.scale(temperature), weights)
    let sum = (0..<count).reduce(0) { $0 + Double(weights[$1]) }
    return (0..<count).lazy.filter { self.weights[$0] > 0 }
      .map { (self.isWhole ? Int32($0) : self.tokens[$0], Double(self.weights[$0]) / sum) }
  }

  /// Finite, so that the largest logit's difference of 0 stays 0.
  private static func scale(_ temperature: Double) -> Float { Float(min(log2e / temperature, 1e30)) }

  func total(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
    var a = SIMD4<Double>.zero
    var i = 0
    while i + 4 <= count {
      a += SIMD4(Double(x[i]), Double(x[i + 1]), Double(x[i + 2]), Double(x[i + 3]))
      i += 4
    }
    var sum = (a[0] + a[1]) + (a[2] + a[3])
    while i < count {
      sum += Double(x[i])
      i += 1
    }
    return sum
  }
}
