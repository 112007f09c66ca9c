import Machine
import Statistics

/// What was timed of one kernel, or of somebody else's library, at one size: an object of `kernels --json`, and a line of
/// the `kernels.jsonl` that a comparison keeps. What is optional is missing where it has no meaning, and in the lines that
/// comparisons of version 0.1.0 kept, which left most of it out.
package struct KernelRecord: Codable, Sendable, Equatable {
  /// Speed relative to another record of the same problem: above 1, this one is faster.
  package struct Ratio: Codable, Sendable, Equatable {
    package var against: String
    package var speedRatio: Estimate

    package init(against: String, speedRatio: Estimate) {
      self.against = against
      self.speedRatio = speedRatio
    }
  }

  package var toolVersion: String?
  package var machineFingerprint: String?
  /// Such as `matvec.q4_0.int8.avx512vnni`, or the name of a library.
  package var kernel: String
  /// What a library says of itself.
  package var version: String?
  /// Nil for a library.
  package var isa: String?
  package var activations: String?
  /// The format of the weights, or of keys and values; nil where there are none.
  package var format: String?
  package var size: String
  package var threads: Int
  /// Whether what is read comes from memory or from the last call's caches.
  package var isCold: Bool
  /// The same operation and parameters as `test-backend-ops perf` of llama.cpp prints them; nil where it has no such operation.
  package var backendOperation: String?
  /// The largest error as a share of its bound; nil where it is without bounds.
  package var errorOfBound: Double?
  package var isWrong: Bool?
  /// What one call computes and moves.
  package var flops: Int?
  package var bytes: Int?
  package var flopsPerByte: Double?
  package var callsPerSample = 0
  /// How much longer each sample was made on purpose.
  package var slowedShare: Double?
  /// Seconds of a call, one a sample; empty for a kernel that is wrong.
  package var sampleSeconds: [Double] = []
  package var seconds: Estimate?
  package var flopsPerSecond: Estimate?
  package var bytesPerSecond: Estimate?
  package var readRoofBytesPerSecond: Finding<Double>?
  package var peakFlopsPerSecond: Finding<Double>?
  /// The share of the read roof that it reaches by the bytes that it reads. Nil for a warm one too: what does not come from
  /// memory is not under that roof.
  package var shareOfReadRoof: Double?
  package var shareOfPeak: Double?
  package var ratios: [Ratio]?
  /// Why the times should not be trusted, as codes (`VerdictCode`); nil where nobody watched.
  package var verdict: [String]?
  /// Whether machines can be compared by it.
  package var canonical: Bool?
  /// Which process of a comparison made it, from 0.
  package var process: Int?

  package init(kernel: String, size: String, threads: Int, isCold: Bool) {
    self.kernel = kernel
    self.size = size
    self.threads = threads
    self.isCold = isCold
  }

  /// The first thing that no record can have, or nil.
  var defect: String? {
    if !(1...1 << 20).contains(threads) { return "threads is \(threads); expected 1 or more" }
    if !(0...1 << 32).contains(process ?? 0) { return "process is \(process ?? 0); expected 0 or more" }
    if let share = slowedShare, !(0...1e6).contains(share) { return "slowed_share is \(share); expected 0 or more" }
    for (name, count) in [("flops", flops), ("bytes", bytes)] {
      if let count, count < 0 { return "\(name) is \(count); expected 0 or more" }
    }
    if let bad = sampleSeconds.first(where: { !(0...1e9).contains($0) }) {
      return "sample_seconds holds \(bad); expected seconds"
    }
    return nil
  }
}
