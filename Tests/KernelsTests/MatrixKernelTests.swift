import KernelContract
import KernelReference
import Kernels
import TestSupport
import Testing

/// One packed matrix, prepared activations and the product of a kernel, with NaN around everything that may not be touched.
private struct Product {
  let output: [[Float]]
  let activations: [[Float]]

  init(_ kernel: MatrixKernel, _ matrix: RandomMatrix, tokens: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let layout = PackedLayout(format: matrix.format, rows: matrix.rows, columns: matrix.columns)
    let weights = UnsafeMutableRawPointer.allocate(byteCount: layout.bytes, alignment: 64)
    defer { weights.deallocate() }
    matrix.bytes.withUnsafeBytes { source in
      for group in 0..<layout.groups {
        Packing.pack(
          group: weights + group * layout.groupBytes, layout: layout,
          rows: source.baseAddress! + group * 16 * matrix.rowBytes, rowBytes: matrix.rowBytes,
          rowCount: min(16, matrix.rows - group * 16))
      }
    }
    let x = (0..<tokens).map { _ in (0..<matrix.columns).map { _ in generator.symmetricFloat() } }
    let prepared = UnsafeMutableRawPointer.allocate(
      byteCount: kernel.activations.bytes(depth: layout.depth, tokens: tokens), alignment: 64)
    defer { prepared.deallocate() }
    prepared.initializeMemory(
      as: UInt8.self, repeating: 0, count: kernel.activations.bytes(depth: layout.depth, tokens: tokens))
    let vectors = KernelList.vectors(kernel.isa)
    for token in 0..<tokens {
      // NaN behind the row: a kernel that reads past its columns shows it.
      let row = x[token] + [Float](repeating: .nan, count: 32)
      vectors.prepare(row, 0..<matrix.columns, layout.depth, kernel.activations, token, prepared)
    }
    // What the kernel multiplies by: for int8 the quantised values, so that only its own rounding is judged.
    if kernel.activations == .int8 {
      let row = Int8Row(depth: layout.depth)
      activations = (0..<tokens).map { token in
        (0..<matrix.columns).map { column in
          let q = (prepared + token * row.bytes).load(fromByteOffset: column, as: Int8.self)
          let scale = (prepared + token * row.bytes + row.scales).load(fromByteOffset: column / 32 * 4, as: Float.self)
          return Float(q) * scale
        }
      }
    } else {
      activations = x
    }
    let stride = layout.groups * 16 + 16
    var result = [Float](repeating: .nan, count: MatrixKernel.paddedTokens(tokens) * stride + 16)
    let scratch = UnsafeMutableRawPointer.allocate(
      byteCount: MatrixKernel.scratchBytes(depth: layout.depth), alignment: 64)
    defer { scratch.deallocate() }
    result.withUnsafeMutableBufferPointer { buffer in
      // Two calls, so that a range need not start at the first group.
      for groups in [0..<layout.groups / 2, layout.groups / 2..<layout.groups] {
        kernel.run(
          MatrixArguments(
            weights: weights, layout: layout, groups: groups, activations: prepared, tokens: tokens,
            output: buffer.baseAddress!, outputStride: stride, scratch: scratch))
      }
    }
    output = (0..<tokens).map { token in Array(result[token * stride..<token * stride + matrix.rows]) }
    let beyond = (0..<tokens).map { result[$0 * stride + layout.groups * 16] }
    #expect(!beyond.contains { !$0.isNaN }, "\(kernel.identity) wrote past its groups")
  }
}

@Suite struct MatrixKernelTests {
  static let usable = Set(InstructionSetStatus.all.filter(\.isUsable).map(\.isa))
  static let kernels = KernelList.matrices.filter { usable.contains($0.isa) }

  /// Rows and tokens of 1, lanes ± 1, tile heights ± 1; one block and several.
  @Test(arguments: kernels)
  func matchesTheReference(kernel: MatrixKernel) {
    let block = max(kernel.format.blockLength, 32)
    for (rows, blocks, tokens) in [
      (1, 1, 1), (15, 2, 2), (17, 1, 3), (150, 1, 1), (33, 2, 7), (48, 3, 16), (31, 1, 19), (16, 1, 47),
    ] {
      check(kernel, rows: rows, columns: block * blocks, tokens: tokens)
    }
    // More groups and more tokens than are blocked together, and a depth that blocks of 512 do not divide.
    check(kernel, rows: 530, columns: block, tokens: 2)
    check(kernel, rows: 17, columns: block, tokens: 345)
    check(kernel, rows: 40, columns: (800 + block - 1) / block * block, tokens: 35)
    if kernel.format.blockLength == 1 {
      for columns in [1, 31, 33] { check(kernel, rows: 20, columns: columns, tokens: 5) }
    }
  }

  /// Bounds: |error| ≤ (depth + 16)·2⁻²⁴ · Σ|a|·(largest part) for sums in Float of `depth` terms in any order, each with a few
  /// roundings of its own; bfloat16 adds Σ|a·w| times 2⁻⁸ for the activation and 2⁻⁷ − 1/384 for the weight, which is cut off.
  private func check(_ kernel: MatrixKernel, rows: Int, columns: Int, tokens: Int) {
    let seed = UInt64(rows * 1_000_003 + columns * 1009 + tokens)
    let matrix = RandomMatrix(kernel.format, rows: rows, columns: columns, seed: seed)
    let product = Product(kernel, matrix, tokens: tokens, seed: seed + 1)
    matrix.bytes.withUnsafeBytes { bytes in
      for token in 0..<tokens {
        let a = product.activations[token]
        let l1 = a.reduce(0.0) { $0 + abs(Double($1)) }
        for row in 0..<rows {
          let expected = Reference.dot(kernel.format, row: bytes.baseAddress! + row * matrix.rowBytes, a)
          let sums = Double(columns + 16) * 0x1p-24 * l1 * matrix.largestPart
          let tolerance = sums + (kernel.activations == .bf16 ? 0x1.2dp-7 * expected.magnitude : 0)
          let error = abs(Double(product.output[token][row]) - expected.value)
          guard error <= tolerance else {
            Issue.record(
              "\(kernel.identity) \(rows)x\(tokens)x\(columns) seed \(seed) row \(row) token \(token): \(product.output[token][row]), not \(expected.value) ± \(tolerance)"
            )
            return
          }
        }
      }
    }
  }

  /// What is built must be listed for every format, and what can run here must have run.
  @Test func everyVariantIsListed() {
    for isa in InstructionSet.allCases where isa != .amx {
      for format in WeightFormat.allCases {
        let mine = KernelList.matrices.filter { $0.isa == isa && $0.format == format }.map(\.identity)
        #expect(mine.count == (format.blockLength == 1 ? 2 : 4), "\(isa) \(format): \(mine)")
      }
    }
    #expect(Set(KernelList.matrices.map(\.identity)).count == KernelList.matrices.count)
    let ran = Set(Self.kernels.map(\.isa))
    #expect(ran == Self.usable)
    let absent = InstructionSetStatus.all.filter { !$0.isUsable }.map { "\($0.isa.rawValue) (missing \($0.missing))" }
    print("instruction sets run: \(ran.map(\.rawValue).sorted()); not run: \(absent)")
  }
}

extension MatrixKernel: CustomTestStringConvertible {
  package var testDescription: String { identity.description }
}
