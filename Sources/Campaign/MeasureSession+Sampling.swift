import Records

/// Choosing tokens, timed once in every round: it depends on no context.
extension MeasureSession {
  /// Enough for a window of some tens of milliseconds, below which energy cannot be told.
  private static let sampledTokens = 4096

  private var sampling: RunShape { RunShape(phase: .sampling, generatedTokens: Self.sampledTokens) }

  func isSamplingMissing(_ repetition: Int) -> Bool { isMissing(sampling, repetition) }

  func measureSampling(_ repetition: Int, _ announce: (RunShape) -> Void) throws {
    guard isSamplingMissing(repetition), repetition == 0 || now < deadline else { return }
    announce(sampling)
    try keep(single.sample(Self.sampledTokens), of: single, repetition)
  }
}
