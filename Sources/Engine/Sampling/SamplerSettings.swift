/// How the next token is chosen. By default it is drawn from the model's own distribution, which no filter changes.
package struct SamplerSettings: Codable, Sendable, Equatable {
  /// Divides the logits; at 0 the largest is taken, and only the penalties matter besides.
  package var temperature = 1.0
  /// How many of the largest logits stay; 0 for all.
  package var topK = 0
  /// The most probable tokens stay, until their probabilities reach this share; 1 for all.
  package var topP = 1.0
  /// Tokens stay whose probability is at least this share of the most probable one's; 0 for all.
  package var minP = 0.0
  /// The tokens stay whose surprise is closest to the mean surprise, until their probabilities exceed this share; 1 for all.
  package var typicalP = 1.0
  /// Divides positive and multiplies other logits of tokens in the recent history; 1 for none.
  package var repeatPenalty = 1.0
  /// Tokens of the history that count as recent; −1 for all.
  package var repeatLastN = 64
  /// Taken from the logits of tokens in the recent history.
  package var presencePenalty = 0.0
  /// Taken from them once for every occurrence.
  package var frequencyPenalty = 0.0
  package var seed: UInt64 = 0

  package init() {}

  package static var greedy: SamplerSettings {
    var settings = SamplerSettings()
    settings.temperature = 0
    return settings
  }

  /// Whether a history changes any logit.
  var penalises: Bool {
    repeatLastN != 0 && (repeatPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0)
  }

  /// The settings, if every one is within its range.
  package func validated() throws -> SamplerSettings {
    try Self.require(temperature >= 0 && temperature.isFinite, "temperature", temperature, "a number from 0")
    try Self.require(topK >= 0, "top-k", topK, "0 (all) or more")
    try Self.require((0...1).contains(topP), "top-p", topP, "a number from 0 to 1")
    try Self.require((0...1).contains(minP), "min-p", minP, "a number from 0 to 1")
    try Self.require((0...1).contains(typicalP), "typical-p", typicalP, "a number from 0 to 1")
    try Self.require(
      repeatPenalty > 0 && repeatPenalty.isFinite, "repeat-penalty", repeatPenalty, "a number above 0")
    try Self.require(repeatLastN >= -1, "repeat-last-n", repeatLastN, "-1 (all), 0 (none) or more")
    try Self.require(presencePenalty.isFinite, "presence-penalty", presencePenalty, "a finite number")
    try Self.require(frequencyPenalty.isFinite, "frequency-penalty", frequencyPenalty, "a finite number")
    return self
  }

  private static func require(
    _ condition: Bool, _ option: String, _ value: some CustomStringConvertible, _ expected: String
  ) throws {
    guard condition else {
      throw SamplerSettingsError(description: "--\(option) \(value): it must be \(expected)")
    }
  }
}

/// A setting outside of its range, by the name of its option.
package struct SamplerSettingsError: Error, CustomStringConvertible {
  package let description: String
}
