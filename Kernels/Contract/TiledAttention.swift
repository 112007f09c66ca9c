/// Attention of many query rows on matrix tiles: scores are a product with the keys, outputs one with the values, both of them
/// turned into bfloat16 panels once a layer. Arguments as in `AttentionArguments`, with `keys` and `values` the panels.
package final class TiledAttention: Sendable {
  /// Keys and values of a head for `positions` (from a multiple of 32; read to the next one) into its panels.
  package let convert:
    @Sendable (_ cache: CachedHead, _ positions: Range<Int>, _ panels: UnsafeMutableRawPointer) -> Void
  package let run: @Sendable (AttentionArguments) -> Void

  package init(
    convert: @escaping @Sendable (CachedHead, Range<Int>, UnsafeMutableRawPointer) -> Void,
    run: @escaping @Sendable (AttentionArguments) -> Void
  ) {
    self.convert = convert
    self.run = run
  }

  /// Most rows of one call; outputs are written for whole tiles of 16.
  package static let maximumRows = 128
  /// Positions scored before the running softmax is updated.
  package static let tilePositions = 256
  /// From how many tokens on the conversion pays.
  package static let minimumTokens = 16

  /// Keys [16 positions][element pair][position][2], then values [16 elements][position pair][element][2].
  package static func panelBytes(_ layout: CacheLayout) -> Int { 2 * layout.capacity * layout.paddedHeadSize * 2 }
  package static func valueOffset(_ layout: CacheLayout) -> Int { layout.capacity * layout.paddedHeadSize * 2 }

  /// Queries, scores and weights.
  package static func scratchBytes(headSize: Int) -> Int {
    maximumRows * ((headSize + 31) / 32 * 32 * 2 + tilePositions * 4 + tilePositions * 2)
  }
}

/// One head's keys and values in the cache.
package struct CachedHead {
  package let keys: UnsafeRawPointer
  package let values: UnsafeRawPointer
  package let keyLayout: CacheLayout
  package let valueLayout: CacheLayout

  package init(keys: UnsafeRawPointer, values: UnsafeRawPointer, keyLayout: CacheLayout, valueLayout: CacheLayout) {
    self.keys = keys
    self.values = values
    self.keyLayout = keyLayout
    self.valueLayout = valueLayout
  }
}
