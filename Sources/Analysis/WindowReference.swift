import Records
import Statistics

/// What the probes of a window say of the work in it: whether they foretell how windows differ, and the figure without that.
package struct WindowReference: Encodable, Sendable {
  /// `read` beside a decode, `flops` beside a prefill.
  package var reference: String
  package var phase: Phase
  package var length: Int
  package var windows: Int
  /// By what share deviations of windows left out fall; nil with the reason where it cannot be told.
  package var cut: Double?
  package var absentReason: String?
  /// Seconds of a token at the reference's middle, where the cut is large enough to apply it.
  package var adjustedSecondsPerToken: Estimate?
  /// Bytes or operations a second: the middle of the reference.
  package var referenceRate: Double?

  /// Of the runs of one place. Nil where runs are of no windows.
  init?(_ observations: [Observation], phase: Phase, length: Int) {
    let windows = Dictionary(grouping: observations) { $0.window ?? -1 }
    guard windows[-1] == nil, windows.count > 1 else { return nil }
    self.phase = phase
    self.length = length
    self.windows = windows.count
    reference = phase == .prefill ? "flops" : "read"
    let roof: KeyPath<Measured, Double?> = phase == .prefill ? \.flopRoofFlopsPerSecond : \.readRoofBytesPerSecond
    let pairs = windows.sorted { $0.key < $1.key }.compactMap { _, runs -> (Double, Double)? in
      guard let middle = try? Sample(runs.compactMap { $0.measured[keyPath: roof] }).median else { return nil }
      let seconds = runs.reduce(0) { $0 + $1.measured.seconds }
      let tokens = runs.reduce(0) { $0 + Double($1.measured.tokens) }
      return tokens > 0 ? (seconds / tokens, middle) : nil
    }
    guard let found = ControlVariate(pairs.map(\.0), reference: pairs.map(\.1)) else {
      absentReason = "\(pairs.count) windows have a probe beside the work, and six that differ are needed"
      return
    }
    cut = found.cut
    adjustedSecondsPerToken = found.adjusted
    referenceRate = (try? Sample(pairs.map(\.1)))?.median
  }
}
