import Analysis
import CostCurves
import Quantities
import Statistics

/// What curves answer to a question.
extension ReportPage {
  package mutating func add(_ prediction: Prediction, tariff: String) {
    let question = prediction.question
    field("model", Wording.line(of: prediction.model))
    field("setup", "\(Wording.count(prediction.configuration.threads, "thread")), \(prediction.configuration.isa)")
    if let slices = prediction.slices {
      field("slices", "extrapolated in depth from \(slices.map(String.init).joined(separator: ", ")) layers")
    }
    field("host", tariff)
    let cached = question.cachedTokens > 0 ? " behind \(question.cachedTokens) in the cache" : ""
    add("Prompt of \(Wording.count(question.promptTokens, "token"))\(cached)", prediction.prefill)
    let several = question.sequences > 1 ? " of \(question.sequences) sequences" : ""
    add("Step\(several) at context \(question.contextTokens)", prediction.step)
    if let target = prediction.target {
      add(.section("Target"))
      let context = target.longestContext.map { "up to context \($0)" } ?? "at no context that was measured"
      add(.entry("context", "\(context), with \(Wording.count(question.sequences, "sequence"))"))
      let sequences =
        target.sequences.map { Wording.count($0, "sequence") } ?? "no number of sequences that was measured"
      add(.entry("seqs", "\(sequences), at context \(question.contextTokens)"))
    }
    add(.note(Wording.predictions))
  }

  private mutating func add(_ title: String, _ answer: Prediction.Answer) {
    add(.section(title))
    if let seconds = answer.seconds {
      let quiet = answer.undisturbedSeconds.map { "; undisturbed \(Unit.seconds.text($0))" } ?? ""
      add(.entry("time", "\(Unit.seconds.text(seconds)) as paid\(quiet)"))
      if let rate = answer.tokensPerSecond { add(.entry("speed", "\(Unit.bare(rate)) tokens/s")) }
      if let dollars = answer.dollarsPerMillionTokens {
        add(.entry("price", "\(Unit.dollars(dollars)) per million tokens"))
      }
      if let joules = answer.joules, let label = answer.energyLabel {
        add(.entry("energy", "\(Unit.joules.text(joules)): \(label)"))
      }
      let parts = answer.parts.filter { $0.share > 0 }.map {
        "\($0.term.rawValue.replacing("_", with: " ")) \(Unit.share.text($0.share))"
      }
      add(.entry("made of", parts.joined(separator: ", ")))
      for warning in seconds.warnings { add(.entry("!", warning.message)) }
    } else {
      add(.entry("absent", answer.absentReason ?? "not measured"))
    }
    if let domain = answer.domain { add(.entry("known", Wording.text(domain))) }
    if let remedy = answer.remedy { add(.entry("settle", remedy)) }
  }
}

extension Wording {
  static let predictions =
    "± is the 95 % interval of the curve: how well this measurement knows the mean cost there. Beyond what was measured it "
    + "holds what other shapes that fit as well would say."

  /// From where to where, axis by axis; one that has a single place is left out.
  static func text(_ domain: Domain) -> String {
    Axis.allCases.compactMap { axis in
      let range = domain[axis]
      if range.upperBound <= 1 { return nil }
      return "\(axis.name) \(range.lowerBound)" + (range.count > 1 ? " to \(range.upperBound)" : "")
    }.joined(separator: ", ")
  }
}
