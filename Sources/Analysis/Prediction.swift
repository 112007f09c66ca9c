import CostCurves
import Pricing
import Records
import Statistics

/// What is asked: a prompt of that many tokens behind others that are in the cache, and a step of some sequences at a context.
package struct Question: Encodable, Hashable, Sendable {
  package var promptTokens: Int
  package var cachedTokens: Int
  package var contextTokens: Int
  package var sequences: Int

  package init(promptTokens: Int, cachedTokens: Int = 0, contextTokens: Int, sequences: Int = 1) {
    self.promptTokens = promptTokens
    self.cachedTokens = cachedTokens
    self.contextTokens = contextTokens
    self.sequences = sequences
  }

  var prefill: Place { Place(tokens: promptTokens, context: cachedTokens) }
  var step: Place { Place(context: contextTokens, sequences: sequences) }
}

/// What the curves of one subject answer to a question.
package struct Prediction: Encodable, Sendable {
  package var schema = "inferometer.prediction"
  package var schemaVersion = 1
  package var question: Question
  package var model: ModelIdentity
  package var configuration: RunConfiguration
  package var slices: [Int]?
  package var prefill: Answer
  package var step: Answer
  /// Where a target is met; nil where none was asked for.
  package var target: Target.Met?

  /// How far beyond what was measured an answer is given at all, in multiples of the farthest place.
  package static let reach = 4.0

  /// What one phase takes, or why that is not known.
  package struct Answer: Encodable, Sendable {
    package var place: Place
    /// The whole prefill, or a step of all sequences, as paid.
    package var seconds: Estimate?
    package var undisturbedSeconds: Estimate?
    /// For each token of all sequences.
    package var secondsPerToken: Estimate?
    package var tokensPerSecond: Estimate?
    package var dollarsPerMillionTokens: Estimate?
    /// Of the whole prefill or step, with what is known of the energy where it was measured; and how it came about.
    package var joules: Estimate?
    package var energyLabel: String?
    package var parts: [Part] = []
    package var domain: Domain?
    package var absentReason: String?
    /// The command whose measurement would settle what is extrapolated or absent.
    package var remedy: String?
  }

  /// What a term of the curve has of the seconds.
  package struct Part: Encodable, Sendable {
    package var term: Term
    package var seconds: Double
    package var share: Double
  }

  package init(_ question: Question, target: Target? = nil, _ subject: SubjectSummary) {
    self.target = target?.met(question, subject)
    self.question = question
    model = subject.model
    configuration = subject.configuration
    slices = subject.slices
    let tariff = subject.price.tariff
    let command = Self.command(question, subject)
    prefill = Answer(
      question.prefill, subject.prefillCurve?.curve, subject.undisturbedPrefillCurve?.curve, tariff,
      absence: subject.prefillCurveAbsentReason, command)
    let single = question.sequences == 1
    step = Answer(
      question.step, single ? subject.decodeCurve?.curve : subject.batchCurve?.curve,
      single ? subject.undisturbedDecodeCurve?.curve : nil, tariff,
      absence: single ? subject.decodeCurveAbsentReason : "steps of several sequences were not measured", command)
    prefill.addEnergy(subject.prefillEnergyCurve, MeasuredPoint.reference(among: subject.prefill)?.energy)
    if single { step.addEnergy(subject.decodeEnergyCurve, MeasuredPoint.reference(among: subject.decode)?.energy) }
  }

  /// What would measure the places of a question.
  static func command(_ question: Question, _ subject: SubjectSummary) -> String {
    let model = subject.model
    let preset = model.source.hasPrefix("preset:") ? model.source.dropFirst(7) : nil
    var words = ["inferometer measure"]
    words.append(preset.map { "--preset \($0) --format \(model.format)" } ?? "-m \(model.source)")
    words.append("-t \(subject.configuration.threads)")
    let contexts = Set([0, 128, 512, question.contextTokens, question.promptTokens]).sorted()
    words.append("--contexts \(contexts.map(String.init).joined(separator: ","))")
    if question.cachedTokens > 0 { words.append("--cached \(question.cachedTokens)") }
    words.append(
      question.sequences > 1
        ? "-npl \(Set([2, 4, question.sequences]).sorted().map(String.init).joined(separator: ","))" : "-npl 1")
    if let slices = subject.slices { words.append("--slice \(slices.map(String.init).joined(separator: ","))") }
    return words.joined(separator: " ").printable
  }
}

extension Prediction.Answer {
  /// Joules by their curve, as uncertain as those of the place that was measured nearest to the reference length.
  fileprivate mutating func addEnergy(_ curve: Curve?, _ measured: PointEnergy?) {
    guard seconds != nil, let measured, let interval = measured.joulesPerToken.interval, interval.low > 0,
      let fitted = try? curve?.predict(at: place, reach: Prediction.reach), fitted.value > 0
    else { return }
    let factor = fitted.value / measured.joulesPerToken.value
    joules = measured.joulesPerToken.scaled(by: factor)
    energyLabel = measured.label
  }

  init(
    _ place: Place, _ curve: Curve?, _ undisturbed: Curve?, _ tariff: Tariff, absence: String?, _ command: String
  ) {
    self.place = place
    domain = curve?.domain
    guard let curve else {
      absentReason = absence ?? "not measured"
      remedy = command
      return
    }
    do {
      let seconds = try curve.predict(at: place, reach: Prediction.reach)
      let tokens = Double(place.tokens * place.sequences)
      let each = seconds.scaled(by: 1 / tokens)
      self.seconds = seconds
      secondsPerToken = each
      tokensPerSecond = Estimate.exact(1).ratio(to: each)
      dollarsPerMillionTokens = tariff.dollarsPerMillionTokens(secondsPerToken: each)
      undisturbedSeconds = try? undisturbed?.predict(at: place, reach: Prediction.reach)
      let parts = curve.parts(at: place)
      let sum = parts.reduce(0) { $0 + $1.cost }
      self.parts = parts.map { Prediction.Part(term: $0.term, seconds: $0.cost, share: $0.cost / sum) }
      if seconds.warnings.contains(where: { $0.code == "extrapolated" }) { remedy = command }
    } catch {
      absentReason = "\(error)"
      remedy = command
    }
  }
}
