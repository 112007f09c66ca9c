import KernelContract
import Model

/// The tokens that are still in play, and the filters that take some away. Weights are Floats and sums Doubles: shares of
/// probability are met to about 10⁻⁷. All memory is allocated at the start, and every array begins on a line of its own.
final class Sieve {
  let kernels: SamplingKernels
  /// Logits in play, by rising token: the row itself, or `list` after the first filter.
  private(set) var values: UnsafePointer<Float>
  private(set) var count = 0
  private(set) var isWhole = true
  /// A cut that was not made yet: what it leaves may never be needed as a list.
  var cut: Cut?
  /// No value in play but NaN is above or below.
  var top: Float = 0
  private(set) var bottom: Float = 0

  private let vocabularySize: Int
  private let memory: AlignedMemory

  /// The maximum and the sum of each run of the row.
  let maxima: UnsafeMutablePointer<Float>
  let sums: UnsafeMutablePointer<Float>
  /// The sum of `sums`.
  var sum = 0.0
  /// Room for a value of each token in play.
  private let list: UnsafeMutablePointer<Float>
  let tokens: UnsafeMutablePointer<Int32>
  let weights: UnsafeMutablePointer<Float>
  /// For what is chosen from them, and for what then remains.
  let indices: UnsafeMutablePointer<Int32>
  let chosen: UnsafeMutablePointer<Float>
  let chosenWeights: UnsafeMutablePointer<Float>
  let keys: UnsafeMutablePointer<Float>
  let restIndices: UnsafeMutablePointer<Int32>
  let rest: UnsafeMutablePointer<Float>
  let restWeights: UnsafeMutablePointer<Float>

  /// Turns the exponent of e into that of 2.
  static let log2e = 1.442_695_040_888_963_4

  /// Nil where there is not enough memory.
  init?(_ kernels: SamplingKernels, vocabularySize: Int) {
    let line = 16
    let runs = (vocabularySize / SamplingKernels.run + line) / line * line
    let row = (vocabularySize + SamplingKernels.slack + line - 1) / line * line
    guard let memory = AlignedMemory(bytes: 4 * (2 * runs + 10 * row)) else { return nil }
    self.memory = memory
    self.kernels = kernels
    self.vocabularySize = vocabularySize
    maxima = memory.floats
    sums = maxima + runs
    list = sums + runs
    weights = list + row
    chosen = weights + row
    chosenWeights = chosen + row
    keys = chosenWeights + row
    rest = keys + row
    restWeights = rest + row
    tokens = UnsafeMutableRawPointer(restWeights + row).assumingMemoryBound(to: Int32.self)
    indices = tokens + row
    restIndices = indices + row
    values = UnsafePointer(list)
  }

  func greedy(_ row: UnsafePointer<Float>) -> Int32 { Int32(kernels.argmax(row, vocabularySize)) }

  /// Puts a whole row in play; false where its largest logit is not finite.
  func fill(_ row: UnsafePointer<Float>) -> Bool {
    kernels.runMaxima(row, vocabularySize, maxima)
    top = maxima[kernels.argmax(maxima, runs(of: vocabularySize))]
    values = row
    count = vocabularySize
    isWhole = true
    bottom = -.infinity
    cut = nil
    return top.isFinite
  }

  func keep(_ cut: Cut) {
    self.cut = cut
    settle()
  }

  /// Goes from the row, or from a longer list, to a list of what the cut leaves.
  func settle() {
    guard let cut else { return }
    self.cut = nil
    let (lower, upper) = cut.order.logits(from: cut.key)
    let positions = isWhole ? tokens : indices
    count = kernels.select(values, count, isWhole ? maxima : nil, lower, upper, positions, list)
    if cut.last < .max { dropTies(cut, positions) }
    if !isWhole { for i in 0..<count { tokens[i] = tokens[Int(indices[i])] } }
    values = UnsafePointer(list)
    isWhole = false
    bottom = lower
    if cut.order.mean != nil { top = values[kernels.argmax(values, count)] }
  }

  private func dropTies(_ cut: Cut, _ positions: UnsafeMutablePointer<Int32>) {
    var kept = 0
    for i in 0..<count where cut.keeps(list[i], at: Int(positions[i])) {
      list[kept] = list[i]
      positions[kept] = positions[i]
      kept += 1
    }
    count = kept
  }

  func runs(of count: Int) -> Int { (count + SamplingKernels.run - 1) / SamplingKernels.run }
}
