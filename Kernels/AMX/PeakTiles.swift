import CIntrinsics
import KernelContract

/// Products of a 2×2 block of full tiles on operands that are loaded once. Tiles hold 16 × 16 sums of 32 bf16 or 64 int8 products.
enum PeakTiles {
  static func probes(_ add: (PeakProbe) -> Void) {
    add(
      PeakProbe(.bf16, isa, multiplyAdds: 4 * 256 * 32) { iterations in
        // 0.5 · 2 in bfloat16
        count(left: 0x3f00_3f00, right: 0x4000_4000, sums: { UnsafeRawPointer($0).floats() }) {
          for _ in 0..<iterations { amx_multiply_bf16_2x2() }
        }
      })
    add(
      PeakProbe(.int8, isa, multiplyAdds: 4 * 256 * 64) { iterations in
        count(left: 0x0101_0101, right: 0x0101_0101, sums: { to_float(unsafeBitCast($0.words(), to: IntLanes.self)) }) {
          for _ in 0..<iterations { amx_multiply_int8_2x2() }
        }
      })
  }

  @inline(always)
  private static func count(
    left: UInt32, right: UInt32, sums: (UnsafeRawPointer) -> FloatLanes, _ multiply: () -> Void
  ) -> Int {
    // Two tiles side by side, twice: rows of two vectors.
    var block = InlineArray<64, WordLanes>(repeating: WordLanes(repeating: left))
    let right = InlineArray<16, WordLanes>(repeating: WordLanes(repeating: right))
    var total = FloatLanes.zero
    withUnsafeMutableBytes(of: &block) { block in
      let c = block.baseAddress!
      amx_configure()
      amx_zero_block()
      withUnsafeBytes(of: right) { amx_load_operands(c, $0.baseAddress!) }
      multiply()
      amx_store_block(c, c + 64, 128, 2)
      amx_release()
      for i in 0..<64 { total += sums(UnsafeRawPointer(c + i * 64)) }
    }
    return Int(sum_lanes(total))
  }
}
