/// Attention of many query rows on matrix tiles: scores are a product with the keys, outputs one with the values, both of them
/// turned into bfloat16 panels once a layer. Arguments as in `AttentionArguments`, with `keys` and `values` the panels.
package final class TiledAttention: Sendable {
  package let isa: InstructionSet
  /// Keys and values of a head for `positions` (from a multiple of 32; read to the next one) into its panels.
  package let convert:
    @Sendable (_ cache: CachedHead, _ positions: Range<Int>, _ panels: UnsafeMutableRawPointer) -> Void
  package let run: @Sendable (AttentionArguments) -> Void

  package init(
    _ isa: InstructionSet,
    convert: @escaping @Sendable (CachedHead, Range<Int>, UnsafeMutableRawPointer) -> Void,
    run: @escaping @Sendable (AttentionArguments) -> Void
  ) {
    self.isa = isa
    self.convert = convert
    self.run = run
  }

  package var identity: KernelIdentity { KernelIdentity(.attention, activations: .bf16, isa: isa) }
  package var identities: [KernelIdentity] { [identity, KernelIdentity(.cachePanels, activations: .bf16, isa: isa)] }

  /// Most rows of one call; outputs are written for whole tiles of 16.
  package static let maximumRows = 128
  /// From how many tokens on the conversion pays.
  package static let minimumTokens = 16

  /// Keys [16 positions][element pair][position][2], then values [16 elements][pair of positions][element][2],
  /// where positions of 32 are paired that lie 16 apart.
  package static func panelBytes(_ layout: CacheLayout) -> Int { 2 * layout.capacity * layout.paddedHeadSize * 2 }
  package static func valueOffset(_ layout: CacheLayout) -> Int { layout.capacity * layout.paddedHeadSize * 2 }

  /// Queries, sixteen sums and an offset of each row; scores and weights of a block of rows.
  package static func scratchBytes(headSize: Int) -> Int {
    maximumRows * ((headSize + 31) / 32 * 32 * 2 + 16 * 4 + 4)
      + AttentionBlock.rows * (AttentionBlock.scored * 4 + AttentionBlock.weighed * 2)
  }
}

/// What `TiledAttention` computes at a time.
public enum AttentionBlock {
  @inlinable @inline(__always) public static var rows: Int { 32 }
  /// Positions that they are scored against.
  @inlinable @inline(__always) public static var scored: Int { 64 }
  /// Positions whose values meet their weights.
  @inlinable @inline(__always) public static var weighed: Int { 512 }
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
