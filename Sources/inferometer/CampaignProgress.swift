import Campaign
import Records

/// A campaign's events as one line for people who wait.
enum CampaignProgress {
  static func show(_ event: CampaignEvent) {
    switch event {
    case .preparing(let work): Console.progress(text(work))
    case .running(let progress): Console.progress(text(progress))
    case .finished: break
    case .noted(let warning): Console.note(warning.message)
    }
  }

  private static func text(_ work: CampaignEvent.Preparation) -> String {
    switch work {
    case .load: "loading the weights"
    case .roofs: "measuring what this machine can reach"
    case .calibration: "finding out how much fits into the time"
    case .fill: "filling the caches"
    case .warmUp: "warming up"
    case .nextWindow: "waiting for the next window"
    }
  }

  static func text(_ progress: CampaignEvent.Progress) -> String {
    let shape = progress.shape
    var what =
      switch shape.phase {
      case .prefill: "prefill of \(shape.promptTokens)"
      case .decode: "decode of \(shape.generatedTokens)"
      case .sampling: "sampling of \(shape.generatedTokens)"
      }
    if shape.contextTokens > 0 { what += " at context \(shape.contextTokens)" }
    if shape.sequences > 1 { what += ", \(shape.sequences) sequences" }
    var line = "\(progress.index) of \(progress.count)  \(what)"
    if let remaining = progress.remaining { line += "  \(remaining.value.fixed(0)) s left" }
    return line
  }
}
