import CIntrinsics
import KernelContract

/// Turns cached keys and values into the bfloat16 panels of `TiledAttention`.
enum CachePanels {
  static func convert(_ cache: CachedHead, _ positions: Range<Int>, _ panels: UnsafeMutableRawPointer) {
    switch cache.keyLayout.format {
    case .f32: keys(Float32Element.self, cache, positions, panels)
    case .f16: keys(Float16Element.self, cache, positions, panels)
    case .bf16: keys(BFloat16Element.self, cache, positions, panels)
    case .q8_0: quantisedKeys(cache, positions, panels)
    }
    let target = panels + TiledAttention.valueOffset(cache.keyLayout)
    switch cache.valueLayout.format {
    case .f32: values(Float32Element.self, cache, positions, target)
    case .f16: values(Float16Element.self, cache, positions, target)
    case .bf16: values(BFloat16Element.self, cache, positions, target)
    case .q8_0: quantisedValues(cache, positions, target)
    }
  }

  /// Two elements of sixteen positions make a row of a tile.
  private static func keys<E: PanelElement>(
    _: E.Type, _ cache: CachedHead, _ positions: Range<Int>, _ target: UnsafeMutableRawPointer
  ) {
    let size = cache.keyLayout.paddedHeadSize
    for block in positions.lowerBound / 16..<(positions.upperBound + 31) / 32 * 2 {
      let source = cache.keys + block * size * 16 * E.bytes
      for pair in 0..<size / 2 {
        let even = E.load(source + pair * 32 * E.bytes)
        let odd = E.load(source + (pair * 32 + 16) * E.bytes)
        target.storeBytes(of: bfloat16Pair(even, odd), toByteOffset: (block * size / 2 + pair) * 64, as: WordLanes.self)
      }
    }
  }

  private static func quantisedKeys(
    _ cache: CachedHead, _ positions: Range<Int>, _ target: UnsafeMutableRawPointer
  ) {
    let size = cache.keyLayout.paddedHeadSize
    for block in positions.lowerBound / 16..<(positions.upperBound + 31) / 32 * 2 {
      let source = cache.keys + block * size * 16
      let scales = cache.keys + cache.keyLayout.scale(of: block * 16)
      for pair in 0..<size / 2 {
        let scale = load_f16(scales + pair / 16 * 32)
        let even = load_i8(source + pair * 32) * scale
        let odd = load_i8(source + pair * 32 + 16) * scale
        target.storeBytes(of: bfloat16Pair(even, odd), toByteOffset: (block * size / 2 + pair) * 64, as: WordLanes.self)
      }
    }
  }

  /// Two positions of sixteen elements make a row of a tile: n and n + 16 of 32, whose scores are lane n of two vectors.
  private static func values<E: PanelElement>(
    _: E.Type, _ cache: CachedHead, _ positions: Range<Int>, _ target: UnsafeMutableRawPointer
  ) {
    let size = cache.valueLayout.paddedHeadSize
    let groupBytes = cache.valueLayout.capacity * 32
    for pair in positions.lowerBound / 2..<(positions.upperBound + 31) / 32 * 16 {
      let source = cache.values + (pair / 16 * 32 + pair % 16) * size * E.bytes
      for group in 0..<size / 16 {
        let even = E.load(source + group * 16 * E.bytes)
        let odd = E.load(source + (16 * size + group * 16) * E.bytes)
        target.storeBytes(of: bfloat16Pair(even, odd), toByteOffset: group * groupBytes + pair * 64, as: WordLanes.self)
      }
    }
  }

  private static func quantisedValues(
    _ cache: CachedHead, _ positions: Range<Int>, _ target: UnsafeMutableRawPointer
  ) {
    let size = cache.valueLayout.paddedHeadSize
    let groupBytes = cache.valueLayout.capacity * 32
    for pair in positions.lowerBound / 2..<(positions.upperBound + 31) / 32 * 16 {
      let position = pair / 16 * 32 + pair % 16
      let source = cache.values + position * size
      let evenScales = cache.values + cache.valueLayout.scale(of: position)
      let oddScales = cache.values + cache.valueLayout.scale(of: position + 16)
      for group in 0..<size / 16 {
        let even = load_i8(source + group * 16) * FloatLanes(repeating: half_to_float(evenScales + group / 2 * 32))
        let odd =
          load_i8(source + 16 * size + group * 16) * FloatLanes(repeating: half_to_float(oddScales + group / 2 * 32))
        target.storeBytes(of: bfloat16Pair(even, odd), toByteOffset: group * groupBytes + pair * 64, as: WordLanes.self)
      }
    }
  }
}
