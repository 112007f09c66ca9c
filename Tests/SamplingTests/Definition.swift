import Engine
import Foundation

/// The chain by its definition, in Double and with a full sort in every step.
struct Definition {
  /// Logits that may come, after penalties.
  private var entries: [(token: Int32, logit: Double)]

  /// Tokens that may come, and how probable they are; a token that is less probable than the first by 2⁻¹²⁶ is left out,
  /// which is what the smallest Float can tell from nothing.
  static func distribution(
    _ logits: [Float], _ settings: SamplerSettings, history: [Int32] = []
  ) -> [Int32: Double] {
    let penalised = penalise(logits, settings, history)
    if settings.temperature == 0 {
      let best = penalised.filter { !$0.isNaN }.max() ?? 0
      return [Int32(penalised.firstIndex(of: best) ?? 0): 1]
    }
    var definition = Definition(
      entries: penalised.enumerated().filter { $0.element > -.infinity }.map { (Int32($0.offset), Double($0.element)) })
    if settings.topK > 0 { definition.keepTop(settings.topK) }
    if settings.typicalP < 1 { definition.keepTypical(settings.typicalP) }
    if settings.topP < 1 { definition.keepNucleus(settings.topP) }
    if settings.minP > 0 { definition.keepProbable(settings.minP) }
    let top = definition.top
    let weights = definition.entries.map { exp(($0.logit - top) / settings.temperature) }
    let possible = zip(definition.entries, weights).filter { $0.1 > 0x1p-126 }
    let sum = possible.reduce(0) { $0 + $1.1 }
    return Dictionary(uniqueKeysWithValues: possible.map { ($0.0.token, $0.1 / sum) })
  }

  /// Logits are Floats, and so are penalised ones.
  static func penalise(_ logits: [Float], _ settings: SamplerSettings, _ history: [Int32]) -> [Float] {
    var result = logits
    let recent = settings.repeatLastN < 0 ? history[...] : history.suffix(settings.repeatLastN)
    for (token, times) in Dictionary(grouping: recent, by: { $0 }).mapValues(\.count)
    where logits.indices.contains(Int(token)) {
      var logit = Double(logits[Int(token)])
      if logit > 0 { logit /= settings.repeatPenalty } else { logit *= settings.repeatPenalty }
      logit -= Double(times) * settings.frequencyPenalty
      logit -= settings.presencePenalty
      result[Int(token)] = Float(logit)
    }
    return result
  }

  private var top: Double { entries.map(\.logit).max() ?? 0 }

  private var probabilities: [Double] {
    let top = top
    let weights = entries.map { exp($0.logit - top) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  private mutating func keepTop(_ k: Int) {
    entries = Array(entries.sorted { ($1.logit, $0.token) < ($0.logit, $1.token) }.prefix(k))
  }

  private mutating func keepNucleus(_ share: Double) {
    entries.sort { ($1.logit, $0.token) < ($0.logit, $1.token) }
    var sum = 0.0
    let count = probabilities.firstIndex {
      sum += $0
      return sum >= share
    }
    entries = Array(entries.prefix((count ?? entries.count) + 1))
  }

  private mutating func keepTypical(_ share: Double) {
    let probabilities = probabilities
    let entropy = probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    let ranked = zip(entries, probabilities).map { (entry: $0, probability: $1, distance: abs(-log($1) - entropy)) }
      .sorted { ($0.distance, $0.entry.token) < ($1.distance, $1.entry.token) }
    var sum = 0.0
    let count = ranked.firstIndex {
      sum += $0.probability
      return sum > share
    }
    entries = ranked.prefix((count ?? ranked.count) + 1).map(\.entry)
  }

  private mutating func keepProbable(_ share: Double) {
    let least = top + log(share)
    entries.removeAll { $0.logit < least }
  }
}
