import CostCurves
import Pricing

/// What a reader or a seller asks for: a speed for each reader, a time for each of its tokens, or a price.
package enum Target: Sendable {
  case tokensPerSecond(Double)
  case seconds(Double)
  case dollarsPerMillion(Double)

  /// `20tok/s`, `50ms`, `$0.10`; nil for anything else.
  package init?(_ text: String) {
    func positive(_ number: Substring) -> Double? { Double(number).flatMap { $0 > 0 && $0.isFinite ? $0 : nil } }
    if text.hasPrefix("$"), let value = positive(text.dropFirst()) {
      self = .dollarsPerMillion(value)
    } else if text.hasSuffix("tok/s"), let value = positive(text.dropLast(5)) {
      self = .tokensPerSecond(value)
    } else if text.hasSuffix("ms"), let value = positive(text.dropLast(2)) {
      self = .seconds(value / 1000)
    } else {
      return nil
    }
  }

  /// Where it is met by the mean, as paid, within what was measured; nil where it is nowhere.
  package struct Met: Encodable, Sendable {
    /// With the sequences that were asked for.
    package var longestContext: Int?
    /// At the context that was asked for; of a price the fewest, of a speed the most.
    package var sequences: Int?
  }

  func met(_ question: Question, _ subject: SubjectSummary) -> Met {
    let tariff = subject.price.tariff
    func curve(_ sequences: Int) -> Curve? {
      sequences == 1 ? subject.decodeCurve?.curve : subject.batchCurve?.curve
    }
    func isMet(_ context: Int, _ sequences: Int) -> Bool {
      guard let step = try? curve(sequences)?.predict(at: Place(context: context, sequences: sequences)) else {
        return false
      }
      switch self {
      case .tokensPerSecond(let speed): return step.value <= 1 / speed
      case .seconds(let seconds): return step.value <= seconds
      case .dollarsPerMillion(let dollars):
        return tariff.dollarsPerMillionTokens(secondsPerToken: step.scaled(by: 1 / Double(sequences))).value <= dollars
      }
    }
    var met = Met()
    if let domain = curve(question.sequences)?.domain.contextTokens, isMet(domain.lowerBound, question.sequences) {
      // Costs do not fall with the context.
      var (low, high) = (domain.lowerBound, domain.upperBound)
      while low < high {
        let middle = low + (high - low + 1) / 2
        if isMet(middle, question.sequences) { low = middle } else { high = middle - 1 }
      }
      met.longestContext = low
    }
    let most = min(subject.batchCurve?.curve.domain.sequences.upperBound ?? 1, 1 << 12)
    let fitting = (1...max(1, most)).filter { isMet(question.contextTokens, $0) }
    if case .dollarsPerMillion = self { met.sequences = fitting.first } else { met.sequences = fitting.last }
    return met
  }
}
