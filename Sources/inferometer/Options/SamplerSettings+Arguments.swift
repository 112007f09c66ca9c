import Engine

extension Option {
  static let temperature = Option(
    "--temperature", "--temp", value: "T", help: "divide the logits by T; 0 takes the likeliest token (0)")
  static let topK = Option("--top-k", value: "K", help: "draw among the K likeliest tokens; 0 for all (0)")
  static let topP = Option("--top-p", value: "P", help: "draw among the likeliest that reach this share; 1 for all (1)")
  static let minP = Option(
    "--min-p", value: "P", help: "draw among those at least this share as likely as the likeliest; 0 for all (0)")
  static let typical = Option(
    "--typical", "--typical-p", value: "P", help: "draw among the least surprising that reach this share; 1 for all (1)"
  )
  static let repeatPenalty = Option(
    "--repeat-penalty", value: "X", help: "make tokens of the recent text less likely; 1 changes nothing (1)")
  static let repeatLastN = Option(
    "--repeat-last-n", value: "N", help: "how many tokens are recent; 0 for none, -1 for all (64)")
  static let presencePenalty = Option(
    "--presence-penalty", value: "X", help: "subtract X from the logits of recent tokens (0)")
  static let frequencyPenalty = Option(
    "--frequency-penalty", value: "X", help: "subtract X from these once for each occurrence (0)")
  static let samplingSeed = Option("-s", "--seed", value: "N", help: "the same seed draws the same tokens (0)")
}

extension OptionGroup {
  static let sampling = OptionGroup(
    "Sampling",
    [
      .temperature, .topK, .topP, .minP, .typical, .repeatPenalty, .repeatLastN, .presencePenalty, .frequencyPenalty,
      .samplingSeed,
    ])
}

extension SamplerSettings {
  /// Options that choose among tokens to draw, of which there is one at temperature 0.
  private static let filters = [Option.topK, .topP, .minP, .typical, .samplingSeed]

  init(_ arguments: Arguments) throws(UsageError) {
    self = .greedy
    temperature = try arguments.number(.temperature, in: 0...1e6) ?? temperature
    topK = try arguments.integer(.topK, in: 0...1 << 24) ?? topK
    topP = try arguments.number(.topP, in: 0...1) ?? topP
    minP = try arguments.number(.minP, in: 0...1) ?? minP
    typicalP = try arguments.number(.typical, in: 0...1) ?? typicalP
    repeatPenalty = try arguments.number(.repeatPenalty, in: 1e-6...1e6) ?? repeatPenalty
    repeatLastN = try arguments.integer(.repeatLastN, in: -1...1 << 24) ?? repeatLastN
    presencePenalty = try arguments.number(.presencePenalty, in: -1e6...1e6) ?? presencePenalty
    frequencyPenalty = try arguments.number(.frequencyPenalty, in: -1e6...1e6) ?? frequencyPenalty
    seed = UInt64(try arguments.integer(.samplingSeed, in: 0...Int.max) ?? 0)
  }

  /// An option that was given and cannot matter.
  static func idleOption(_ arguments: Arguments) -> Option? {
    (try? SamplerSettings(arguments).temperature) == 0 ? filters.first(where: arguments.contains) : nil
  }
}
