import KernelContract

/// The tokens that are still in play, and the filters that take some away. Weights are Floats and sums Doubles: shares of
/// probability are met to about 10⁻⁷. All memory is allocated at the start, and touched only as far as it is needed.
final class Sieve {
  let kernels: SamplingKernels
  /// Logits in play, by rising token: the row itself, or `list` after the first filter.
  private(set) var values: UnsafePointer<Float>
  private(set) var count = 0
  private(set) var isWhole = true
  /// No value in play but NaN is above or below.
  var top: Float = 0
  private(set) var bottom: Float = 0

  private let vocabularySize: Int
  private let floats: UnsafeMutablePointer<Float>
  private let integers: UnsafeMutablePointer<Int32>

  /// One for each run of the row.
  let maxima: UnsafeMutablePointer<Float>
  let sums: UnsafeMutablePointer<Float>
  let moments: UnsafeMutablePointer<Float>
  /// One for each token in play.
  private let list: UnsafeMutablePointer<Float>
  let weights: UnsafeMutablePointer<Float>
  let keys: UnsafeMutablePointer<Float>
  let tokens: UnsafeMutablePointer<Int32>
  /// For what is selected from them.
  let indices: UnsafeMutablePointer<Int32>
  let chosen: UnsafeMutablePointer<Float>
  let chosenWeights: UnsafeMutablePointer<Float>

  /// Turns the exponent of e into that of 2.
  static let log2e = 1.442_695_040_888_963_4

  init(_ kernels: SamplingKernels, vocabularySize: Int) {
    self.kernels = kernels
    self.vocabularySize = vocabularySize
    let runs = (vocabularySize + SamplingKernels.run - 1) / SamplingKernels.run
    let row = vocabularySize + SamplingKernels.slack
    floats = .allocate(capacity: 3 * runs + 5 * row)
    integers = .allocate(capacity: 2 * row)
    maxima = floats
    sums = maxima + runs
    moments = sums + runs
    list = moments + runs
    weights = list + row
    keys = weights + row
    chosen = keys + row
    chosenWeights = chosen + row
    tokens = integers
    indices = tokens + row
    values = UnsafePointer(list)
  }

  deinit {
    floats.deallocate()
    integers.deallocate()
  }

  func greedy(_ row: UnsafePointer<Float>) -> Int32 { Int32(kernels.argmax(row, vocabularySize)) }

  /// Puts a whole row in play; false where its largest logit is not finite.
  func fill(_ row: UnsafePointer<Float>) -> Bool {
    kernels.runMaxima(row, vocabularySize, maxima)
    top = maxima[kernels.argmax(maxima, runs(of: vocabularySize))]
    takeWhole(row)
    return top.isFinite
  }

  func takeWhole(_ row: UnsafePointer<Float>) {
    values = row
    count = vocabularySize
    isWhole = true
    bottom = -.infinity
  }

  /// Goes from the row to a list of its logits that are at least `lower`.
  func takeList(from lower: Float) {
    count = kernels.select(values, count, maxima, lower, .infinity, tokens, list)
    values = UnsafePointer(list)
    isWhole = false
    bottom = lower
  }

  func keepLargest(_ border: Border) {
    keep(values, border)
    bottom = border.key
  }

  /// Closes the list up over the elements that the border shuts out.
  func keep(_ keys: UnsafePointer<Float>, _ border: Border) {
    count = kernels.select(keys, count, nil, border.key, .infinity, indices, chosen)
    if border.ties < .max { dropTies(border) }
    for i in 0..<count { tokens[i] = tokens[Int(indices[i])] }
    if keys == values {
      list.update(from: chosen, count: count)
    } else {
      for i in 0..<count { list[i] = list[Int(indices[i])] }
    }
  }

  private func dropTies(_ border: Border) {
    var ties = 0
    var kept = 0
    for i in 0..<count {
      if chosen[i] == border.key { ties += 1 }
      guard chosen[i] != border.key || ties <= border.ties else { continue }
      chosen[kept] = chosen[i]
      indices[kept] = indices[i]
      kept += 1
    }
    count = kept
  }

  func runs(of count: Int) -> Int { (count + SamplingKernels.run - 1) / SamplingKernels.run }
}
