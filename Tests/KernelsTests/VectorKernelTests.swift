import Glibc
import KernelContract
import KernelReference
import Kernels
import TestSupport
import Testing

/// Operations on rows against their definitions in Double, on every instruction set that runs here.
@Suite struct VectorKernelTests {
  static let usable = InstructionSetStatus.all.filter { $0.isUsable && $0.isa != .amx }.map(\.isa)
  /// Lanes ± 1, several vectors, none.
  static let lengths = [0, 1, 15, 16, 17, 48, 577]

  private func random(_ count: Int, _ seed: UInt64, scale: Float = 1) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in generator.symmetricFloat() * scale }
  }

  /// |error| ≤ `roundings` half-ulps of the magnitude.
  private func expect(
    _ value: Float, _ expected: Double, roundings: Double, magnitude: Double? = nil, _ what: String,
    location: SourceLocation = #_sourceLocation
  ) {
    let bound = roundings * 0x1p-24 * max(magnitude ?? abs(expected), 1e-30)
    #expect(abs(Double(value) - expected) <= bound, "\(what): \(value), not \(expected)", sourceLocation: location)
  }

  @Test(arguments: usable, lengths)
  func norm(isa: InstructionSet, length: Int) {
    let x = random(length, 1, scale: 3)
    let weight = random(length, 2)
    var output = [Float](repeating: 7, count: length + 1)
    KernelList.vectors(isa).norm(x, weight, 1e-5, length, &output)
    let expected = Reference.norm(x, weight: weight, epsilon: 1e-5)
    // A sum of positive terms in any order, half of whose relative error remains after the root, and four roundings more.
    for i in 0..<length { expect(output[i], expected[i], roundings: Double(length) / 2 + 5, "norm \(i)") }
    #expect(output[length] == 7)
  }

  @Test(arguments: usable, lengths)
  func gatesAndCap(isa: InstructionSet, length: Int) {
    let vectors = KernelList.vectors(isa)
    let gate = random(length, 3, scale: 12)
    let up = random(length, 4)
    var silu = gate
    var gelu = gate
    var capped = gate
    vectors.siluProduct(&silu, up, length)
    vectors.geluProduct(&gelu, up, length)
    vectors.softcap(&capped, 5, length)
    for i in 0..<length {
      let x = Double(gate[i])
      // e^x: 4 half-ulps and |x| more for the rounded argument; then a handful of roundings.
      let exponent = 2 * 0.7978845608 * abs(x) * (1 + 0.044715 * x * x)
      expect(silu[i], Reference.silu(x, exp: { exp($0) }) * Double(up[i]), roundings: 12 + abs(x), "silu \(x)")
      expect(
        gelu[i], Reference.gelu(x, tanh: { tanh($0) }) * Double(up[i]), roundings: 16 + 6 * exponent,
        magnitude: abs(x * Double(up[i])), "gelu \(x)")
      expect(capped[i], 5 * tanh(x / 5), roundings: 32, magnitude: 5, "softcap \(x)")
    }
  }

  @Test(arguments: usable)
  func rotates(isa: InstructionSet) {
    let vectors = KernelList.vectors(isa)
    let pairs = 24
    let x = random(2 * pairs, 5)
    let angles = random(pairs, 6, scale: 3)
    let (cosines, sines) = (angles.map { cosf($0) }, angles.map { sinf($0) })
    var adjacent = x
    var halves = x
    vectors.rotateAdjacent(&adjacent, cosines, sines, pairs)
    vectors.rotateHalves(&halves, cosines, sines, pairs)
    for i in 0..<pairs {
      for (result, a, b) in [(adjacent, 2 * i, 2 * i + 1), (halves, i, i + pairs)] {
        let (c, s, p, q) = (Double(cosines[i]), Double(sines[i]), Double(x[a]), Double(x[b]))
        expect(result[a], p * c - q * s, roundings: 3, magnitude: abs(p * c) + abs(q * s), "pair \(i)")
        expect(result[b], p * s + q * c, roundings: 3, magnitude: abs(p * s) + abs(q * c), "pair \(i)")
      }
    }
  }

  /// int8 rows: each value within half a step of its block, the sums exact; zero blocks stay zero.
  @Test(arguments: usable)
  func preparesInt8(isa: InstructionSet) {
    let columns = 77
    let depth = 96
    var x = random(columns, 7, scale: 5)
    for i in 32..<64 { x[i] = 0 }
    let row = Int8Row(depth: depth)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 2 * row.bytes, alignment: 64)
    defer { memory.deallocate() }
    KernelList.vectors(isa).prepare(x, 0..<columns, depth, .int8, 1, memory)
    let base = memory + row.bytes
    for block in 0..<3 {
      let scale = (base + row.scales).load(fromByteOffset: block * 4, as: Float.self)
      let quants = (0..<32).map { Int(base.load(fromByteOffset: block * 32 + $0, as: Int8.self)) }
      let values = (0..<32).map { block * 32 + $0 < columns ? x[block * 32 + $0] : 0 }
      let largest = values.map(abs).max()!
      expect(scale, Double(largest) / 127, roundings: 1, "scale")
      for (q, value) in zip(quants, values) {
        #expect(abs(Double(q) * Double(scale) - Double(value)) <= Double(scale) * 0.50002)
      }
      #expect((base + row.sums32).load(fromByteOffset: block * 4, as: Int32.self) == Int32(quants.reduce(0, +)))
      for half in 0..<2 {
        let sum = quants[half * 16..<half * 16 + 16].reduce(0, +)
        #expect((base + row.sums16).load(fromByteOffset: (block * 2 + half) * 4, as: Int32.self) == Int32(sum))
        let scaled = (base + row.scaledSums16).load(fromByteOffset: (block * 2 + half) * 4, as: Float.self)
        #expect(scaled == scale * Float(sum))
      }
    }
  }

  /// Threads prepare a row's columns in parts: byte for byte what the whole row gives.
  @Test(arguments: usable)
  func preparesInParts(isa: InstructionSet) {
    let (columns, depth) = (77, 96)
    let x = random(columns, 9, scale: 3)
    for format in [ActivationFormat.int8, .f32, .bf16] {
      let bytes = format.bytes(depth: depth, tokens: 2)
      let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
      let parts = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
      defer {
        whole.deallocate()
        parts.deallocate()
      }
      whole.initializeMemory(as: UInt8.self, repeating: 0)
      parts.initializeMemory(as: UInt8.self, repeating: 0)
      let prepare = KernelList.vectors(isa).prepare
      prepare(x, 0..<columns, depth, format, 1, whole.baseAddress!)
      for part in [32..<64, 0..<32, 64..<columns] { prepare(x, part, depth, format, 1, parts.baseAddress!) }
      #expect(whole.elementsEqual(parts), "\(format)")
    }
  }

  @Test(arguments: usable)
  func roundsToBFloat16(isa: InstructionSet) {
    // 1 + 2⁻⁸ is a tie between 1 and 1 + 2⁻⁷: to even, 1; 1 + 3·2⁻⁸ goes up to 1 + 2⁻⁶.
    var x: [Float] = [1 + 0x1p-8, 1 + 3 * 0x1p-8, -1 - 0x1.1p-8, 0, -0.0, 3]
    KernelList.vectors(isa).roundToBFloat16(&x, x.count)
    #expect(x == [1, 1 + 0x1p-6, -1 - 0x1p-7, 0, 0, 3])
  }
}
