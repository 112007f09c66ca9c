/// Choices that are best made by timing, because machines of one instruction set differ in them.
package struct KernelTuning: Codable, Sendable, Hashable {
  /// From how many tokens on a panel is unpacked once rather than each weight for every four tokens.
  package var manyTokens: Int

  package init(manyTokens: Int) { self.manyTokens = manyTokens }

  package static let manyTokensRange = 1...1024

  /// On AMX a tile holds 16 tokens and costs the same for fewer.
  package static let standard = KernelTuning(manyTokens: 12)
}
