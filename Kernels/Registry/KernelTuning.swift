import KernelContract

/// Choices that are best made by timing, because machines of one instruction set differ in them: for each format of weights, from
/// how many tokens on a panel is unpacked once rather than each weight for every few tokens.
package struct KernelTuning: Codable, Sendable, Hashable {
  /// More tokens than there can be: the panel is never unpacked.
  package static let never = Int.max
  package static let range = 1...1024
  /// What was not timed: on AMX a tile holds 16 tokens and costs the same for fewer.
  private static let standardTokens = 12

  private var tokens: [WeightFormat: Int]

  package init(_ tokens: [WeightFormat: Int] = [:]) { self.tokens = tokens }

  /// The same for all formats.
  package init(all tokens: Int) {
    self.tokens = Dictionary(uniqueKeysWithValues: WeightFormat.allCases.map { ($0, tokens) })
  }

  package static let standard = KernelTuning()

  package subscript(format: WeightFormat) -> Int {
    get { tokens[format] ?? Self.standardTokens }
    set { tokens[format] = newValue }
  }

  /// The formats that it says something of.
  package var formats: [WeightFormat] { WeightFormat.allCases.filter { tokens[$0] != nil } }

  /// `{"Q4_0": 33, "Q8_0": null}`: null is never.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    tokens = [:]
    for (name, count) in try container.decode([String: Int?].self) {
      guard let format = WeightFormat(rawValue: name), Self.range.contains(count ?? 1) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "it holds what is no format with a number of tokens from 1 to 1024 or null")
      }
      tokens[format] = count ?? Self.never
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    let pairs = formats.map { ($0.rawValue, self[$0] == Self.never ? nil : self[$0]) }
    try container.encode(Dictionary(uniqueKeysWithValues: pairs))
  }
}
