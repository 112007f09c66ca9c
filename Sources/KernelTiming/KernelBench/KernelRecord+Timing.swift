import KernelContract
import Machine
import Records
import Statistics

extension KernelRecord {
  /// What the bench found of one contender at one problem.
  init(
    _ problem: KernelProblem, _ contender: Contender, conditions: KernelBenchConditions, deviation: Double,
    timing: TurnTimer.Result?, verdict: [String], peak: Finding<Double>
  ) {
    self.init(kernel: contender.name, size: problem.size, threads: conditions.threads, isCold: conditions.isCold)
    callsPerSample = timing?.callsPerTurn ?? 0
    sampleSeconds = timing?.seconds ?? []
    version = contender.version
    isa = contender.isa?.rawValue
    activations = contender.activations.rawValue
    format = problem.format
    backendOperation = problem.backendOperation
    errorOfBound = deviation.isFinite ? deviation : nil
    isWrong = !(deviation <= 1)
    let cost = problem.cost
    let moved = cost.bytesRead + cost.bytesWritten
    flops = cost.flops
    bytes = moved
    flopsPerByte = Double(cost.flops) / Double(max(1, moved))
    slowedShare = conditions.slowdown?.share
    let seconds = (try? Sample(sampleSeconds))?.medianEstimate()
    self.seconds = seconds
    flopsPerSecond = seconds.flatMap { Estimate.exact(Double(cost.flops)).ratio(to: $0) }
    bytesPerSecond = seconds.flatMap { Estimate.exact(Double(moved)).ratio(to: $0) }
    readRoofBytesPerSecond = conditions.readRoof
    peakFlopsPerSecond = peak
    let read = seconds.flatMap { Estimate.exact(Double(cost.bytesRead)).ratio(to: $0) }
    shareOfReadRoof = conditions.isCold ? Self.share(read, of: conditions.readRoof) : nil
    shareOfPeak = Self.share(flopsPerSecond, of: peak)
    ratios = []
    self.verdict = timing == nil ? nil : verdict
  }

  private static func share(_ rate: Estimate?, of roof: Finding<Double>) -> Double? {
    guard let rate, let roof = roof.value, roof > 0 else { return nil }
    return rate.value / roof
  }

  /// Compares round by round, so that what slowed both is in neither.
  mutating func compare(with other: KernelRecord) {
    let pairs = zip(other.sampleSeconds, sampleSeconds).filter { $0.1 > 0 }.map { $0.0 / $0.1 }
    guard let sample = try? Sample(pairs) else { return }
    ratios?.append(Ratio(against: other.kernel, speedRatio: sample.medianEstimate()))
  }
}
