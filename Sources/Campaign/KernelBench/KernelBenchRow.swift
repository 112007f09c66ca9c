import KernelContract
import Machine
import Statistics

/// What the kernel bench found of one contender at one problem.
package struct KernelBenchRow: Encodable, Sendable {
  /// Speed relative to somebody else's of the same contest: above 1, this row is faster.
  package struct Ratio: Encodable, Sendable {
    package let against: String
    package let speedRatio: Estimate
  }

  package let kernel: String
  package let version: String?
  package let isa: InstructionSet?
  package let activations: ActivationFormat
  package let format: String?
  package let size: String
  package let threads: Int
  /// Whether what is read comes from memory or from the last call's caches.
  package let isCold: Bool
  package let backendOperation: String?
  /// The largest error as a share of its bound; nil where it is without bounds.
  package let errorOfBound: Double?
  package let isWrong: Bool
  package let flops: Int
  package let bytes: Int
  package let flopsPerByte: Double
  package let callsPerSample: Int
  /// How much longer each sample was made on purpose.
  package let slowedShare: Double?
  /// Of one call; none of a kernel that is wrong.
  package let sampleSeconds: [Double]
  package let seconds: Estimate?
  package let flopsPerSecond: Estimate?
  package let bytesPerSecond: Estimate?
  package let readRoofBytesPerSecond: Finding<Double>
  package let peakFlopsPerSecond: Finding<Double>
  /// Of a cold row, by the bytes that it reads: what does not come from memory is not under that roof.
  package let shareOfReadRoof: Double?
  package let shareOfPeak: Double?
  package private(set) var ratios: [Ratio] = []

  init(
    _ problem: KernelProblem, _ contender: Contender, conditions: KernelBenchConditions, deviation: Double,
    timing: TurnTimer.Result?, peak: Finding<Double>
  ) {
    kernel = contender.name
    version = contender.version
    isa = contender.isa
    activations = contender.activations
    format = problem.format
    size = problem.size
    threads = conditions.threads
    isCold = conditions.isCold
    backendOperation = problem.backendOperation
    errorOfBound = deviation.isFinite ? deviation : nil
    isWrong = !(deviation <= 1)
    let cost = problem.cost
    let moved = cost.bytesRead + cost.bytesWritten
    flops = cost.flops
    bytes = moved
    flopsPerByte = Double(cost.flops) / Double(max(1, moved))
    slowedShare = conditions.slowdown?.share
    callsPerSample = timing?.callsPerTurn ?? 0
    sampleSeconds = timing?.seconds ?? []
    let seconds = (try? Sample(sampleSeconds))?.medianEstimate()
    self.seconds = seconds
    flopsPerSecond = seconds.flatMap { Estimate.exact(Double(cost.flops)).ratio(to: $0) }
    bytesPerSecond = seconds.flatMap { Estimate.exact(Double(moved)).ratio(to: $0) }
    readRoofBytesPerSecond = conditions.readRoof
    peakFlopsPerSecond = peak
    let read = seconds.flatMap { Estimate.exact(Double(cost.bytesRead)).ratio(to: $0) }
    shareOfReadRoof = conditions.isCold ? Self.share(read, of: conditions.readRoof) : nil
    shareOfPeak = Self.share(flopsPerSecond, of: peak)
  }

  private static func share(_ rate: Estimate?, of roof: Finding<Double>) -> Double? {
    guard let rate, let roof = roof.value, roof > 0 else { return nil }
    return rate.value / roof
  }

  /// Compares round by round, so that what slowed both is in neither.
  mutating func compare(with other: KernelBenchRow) {
    let pairs = zip(other.sampleSeconds, sampleSeconds).filter { $0.1 > 0 }.map { $0.0 / $0.1 }
    guard let sample = try? Sample(pairs) else { return }
    ratios.append(Ratio(against: other.kernel, speedRatio: sample.medianEstimate()))
  }
}
