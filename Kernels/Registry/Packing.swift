import KernelContract

/// Repacks rows of a GGUF tensor into the kernels' layout (`PackedLayout`), without loss: the same quants and scales, reordered.
package enum Packing {
  /// Packs one group. `rows` points to the group's first row as the file has it, `rowCount` (1…16) rows `rowBytes` apart;
  /// rows that are missing become zero weights. `group` is `layout.groupBytes` long.
  package static func pack(
    group: UnsafeMutableRawPointer, layout: PackedLayout, rows: UnsafeRawPointer, rowBytes: Int, rowCount: Int
  ) {
    switch layout.format {
    case .f32, .f16, .bf16: packFloats(group, layout, rows, rowBytes, rowCount)
    default: packQuants(group, layout, rows, rowBytes, rowCount)
    }
  }

  private static func packFloats(
    _ group: UnsafeMutableRawPointer, _ layout: PackedLayout, _ rows: UnsafeRawPointer, _ rowBytes: Int, _ rowCount: Int
  ) {
    group.initializeMemory(as: UInt8.self, repeating: 0, count: layout.groupBytes)
    for row in 0..<rowCount {
      let source = rows + row * rowBytes
      switch layout.format {
      case .f32:
        let target = group.assumingMemoryBound(to: UInt32.self) + row
        for c in 0..<layout.columns { target[c * 16] = source.loadUnaligned(fromByteOffset: c * 4, as: UInt32.self) }
      case .f16:
        let target = group.assumingMemoryBound(to: UInt16.self) + row
        for c in 0..<layout.columns { target[c * 16] = source.loadUnaligned(fromByteOffset: c * 2, as: UInt16.self) }
      default:
        let target = group.assumingMemoryBound(to: UInt16.self) + row * 2
        for c in 0..<layout.columns {
          target[c / 2 * 32 + c % 2] = source.loadUnaligned(fromByteOffset: c * 2, as: UInt16.self)
        }
      }
    }
  }

  private static func packQuants(
    _ group: UnsafeMutableRawPointer, _ layout: PackedLayout, _ rows: UnsafeRawPointer, _ rowBytes: Int, _ rowCount: Int
  ) {
    let format = layout.format
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { quants in
      let q = quants.baseAddress!
      for block in 0..<layout.depth / 32 {
        var quads = InlineArray<8, SIMD16<UInt32>>(repeating: .zero)
        for row in 0..<rowCount {
          BlockReader.quants(format, rows + row * rowBytes, block, q)
          for t in 0..<8 { quads[t][row] = UnsafeRawPointer(q).loadUnaligned(fromByteOffset: t * 4, as: UInt32.self) }
        }
        storePlanes(group, layout, block, quads)
        for row in 0..<16 {
          storeScales(group, layout, block, row, row < rowCount ? rows + row * rowBytes : nil)
        }
      }
    }
  }

  private static func storePlanes(
    _ group: UnsafeMutableRawPointer, _ layout: PackedLayout, _ block: Int, _ quads: InlineArray<8, SIMD16<UInt32>>
  ) {
    func put(_ value: SIMD16<UInt32>, _ offset: Int) {
      group.storeBytes(of: value, toByteOffset: offset, as: SIMD16<UInt32>.self)
    }
    let low = block * PackedLayout.quantBytes(layout.format)
    switch PackedLayout.quantBytes(layout.format) {
    case 512:
      for t in 0..<8 { put(quads[t], low + t * 64) }
    case 256:
      let mask = SIMD16<UInt32>(repeating: 0x0f0f_0f0f)
      for u in 0..<4 { put((quads[2 * u] & mask) | ((quads[2 * u + 1] & mask) &<< 4), low + u * 64) }
    default:
      let mask = SIMD16<UInt32>(repeating: 0x0303_0303)
      for u in 0..<2 {
        var v = SIMD16<UInt32>.zero
        for t in 0..<4 { v |= (quads[4 * u + t] & mask) &<< UInt32(2 * t) }
        put(v, low + u * 64)
      }
    }
    // Bits above those of the first plane: from bit 2 on for Q3_K, from bit 4 on for the others.
    let shift: UInt32 = layout.format == .q3_K ? 2 : 4
    let high = layout.highOffset + block * PackedLayout.highBytes(layout.format)
    switch PackedLayout.highBytes(layout.format) {
    case 64:
      var v = SIMD16<UInt32>.zero
      for t in 0..<8 { v |= ((quads[t] &>> shift) & SIMD16(repeating: 0x0101_0101)) &<< UInt32(t) }
      put(v, high)
    case 128:
      for u in 0..<2 {
        var v = SIMD16<UInt32>.zero
        for t in 0..<4 { v |= ((quads[4 * u + t] &>> shift) & SIMD16(repeating: 0x0303_0303)) &<< UInt32(2 * t) }
        put(v, high + u * 64)
      }
    default: break
    }
  }

  /// `source` is nil for a row that the matrix does not have.
  private static func storeScales(
    _ group: UnsafeMutableRawPointer, _ layout: PackedLayout, _ block: Int, _ row: Int, _ source: UnsafeRawPointer?
  ) {
    let format = layout.format
    let small = group + layout.scaleOffset + block * PackedLayout.scaleBytes(format)
    func half(_ target: UnsafeMutableRawPointer, _ offset: Int?) {
      let value = offset.flatMap { source?.loadUnaligned(fromByteOffset: $0, as: UInt16.self) } ?? 0
      target.storeBytes(of: value, toByteOffset: row * 2, as: UInt16.self)
    }
    let base = block * 32 / format.blockLength * format.blockBytes
    switch format {
    case .q4_1, .q5_1:
      half(small, base)
      half(small + 32, base + 2)
    case .mxfp4:
      let exponent = source?.load(fromByteOffset: base, as: UInt8.self)
      small.storeBytes(of: exponent.map(BlockReader.halvedPowerOfTwo) ?? 0, toByteOffset: row * 2, as: UInt16.self)
    case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq4_xs:
      let (first, second) = source.map { BlockReader.smallScales(format, $0 + base, block & 7) } ?? (0, 0)
      small.storeBytes(of: first, toByteOffset: row, as: UInt8.self)
      if PackedLayout.scaleBytes(format) == 32 { small.storeBytes(of: second, toByteOffset: 16 + row, as: UInt8.self) }
      if block & 7 == 0 {
        let large = group + layout.superOffset + block / 8 * PackedLayout.superBytes(format)
        let offset = BlockReader.superScaleOffset(format)
        half(large, base + offset)
        if PackedLayout.superBytes(format) == 64 { half(large + 32, base + offset + 2) }
      }
    default: half(small, base)
    }
  }
}
