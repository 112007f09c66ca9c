import Engine
import Testing

/// Known answers of the authors' distribution (Random123, kat_vectors).
@Suite struct PhiloxTests {
  @Test func knownAnswers() {
    #expect(
      Philox.bits(counter: .zero, key: .zero) == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.bits(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.bits(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  /// 0xe169c58d6627e8d5 without its last twelve bits, in parts of 2⁵², and half of one.
  @Test func uniformIsInside() {
    #expect(Philox.uniform(seed: 0, step: 0) == (Double(0xe_169c_58d6_627e) + 0.5) * 0x1p-52)
    for step in 0..<1000 {
      let value = Philox.uniform(seed: 77, step: UInt64(step))
      #expect(value > 0 && value < 1)
    }
  }

  @Test func seedAndStepCountInFull() {
    let values = Set([(0, 0), (1, 0), (1 << 32, 0), (0, 1), (0, 1 << 32)].map { Philox.uniform(seed: $0, step: $1) })
    #expect(values.count == 5)
  }
}
