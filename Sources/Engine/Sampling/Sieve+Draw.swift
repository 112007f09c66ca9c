import KernelContract

extension Sieve {
  func draw(temperature: Double, uniform: Double) -> Int32 {
    let scale = Self.scale(temperature)
    kernels.runSums(values, count, top, scale, sums, nil)
    let runs = runs(of: count)
    var rest = uniform * total(sums, runs)
    // The sums are taken in another order than their total: should they end early, the last run with a weight is meant.
    var run = 0
    for i in 0..<runs where sums[i] > 0 {
      run = i
      if rest < Double(sums[i]) { break }
      rest -= Double(sums[i])
    }
    let start = run * SamplingKernels.run
    let length = min(SamplingKernels.run, count - start)
    kernels.weights(values + start, length, top, scale, weights)
    var index = 0
    for i in 0..<length where weights[i] > 0 {
      index = i
      if rest < Double(weights[i]) { break }
      rest -= Double(weights[i])
    }
    return isWhole ? Int32(start + index) : tokens[start + index]
  }

  func distribution(temperature: Double) -> [(token: Int32, probability: Double)] {
    kernels.weights(values, count, top, Self.scale(temperature), weights)
    let sum = (0..<count).reduce(0) { $0 + Double(weights[$1]) }
    return (0..<count).lazy.filter { self.weights[$0] > 0 }
      .map { (self.isWhole ? Int32($0) : self.tokens[$0], Double(self.weights[$0]) / sum) }
  }

  /// Finite, so that the largest logit's difference of 0 stays 0.
  private static func scale(_ temperature: Double) -> Float { Float(min(log2e / temperature, 1e30)) }

  /// Sum of e^(x − top); the runs' moments on request.
  func total(moments: UnsafeMutablePointer<Float>?) -> Double {
    kernels.runSums(values, count, top, Float(Self.log2e), sums, moments)
    return total(sums, runs(of: count))
  }

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
