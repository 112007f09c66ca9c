import Glibc
import KernelContract
import KernelReference
import Kernels
import TestSupport
import Testing

@Suite struct GatedProductTests {
  static let shapes = [(32, 256, 3), (48, 1024, 35), (560, 256, 18)]

  /// One block and several, rows that fill tiles of columns and ones that do not, two formats.
  @Test(
    .enabled(if: InstructionSetStatus.best == .amx, "this machine has no tiles"),
    arguments: shapes, [GateFunction.silu, .gelu])
  func matchesTheReference(shape: (rows: Int, columns: Int, tokens: Int), function: GateFunction) {
    let (rows, columns, tokens) = shape
    var generator = SeededGenerator(seed: UInt64(rows + columns + tokens))
    let x = (0..<tokens).map { _ in (0..<columns).map { _ in generator.symmetricFloat() } }
    let gate = RandomMatrix(.q8_0, rows: rows, columns: columns, seed: 1)
    let up = RandomMatrix(.q4_K, rows: rows, columns: columns, seed: 2)
    let depth = (rows + 31) / 32 * 32
    let output = product(gate, up, x, function, depth: depth)
    for token in 0..<tokens {
      for row in 0..<rows {
        let g = dot(gate, row, x[token])
        let u = dot(up, row, x[token])
        // Bounds of both products as in MatrixKernelTests; neither function is steeper than 1.13. Then the quick function's
        // relative 1.5e-4 and the rounding of the result, 2⁻⁸.
        let f = function == .silu ? Reference.silu(g.value, exp: exp) : Reference.gelu(g.value, tanh: tanh)
        let expected = f * u.value
        let bound =
          1.13 * g.error * (abs(u.value) + u.error) + abs(f) * u.error + abs(expected) * (1.5e-4 + 0x1p-8) + 1e-30
        let value = Double(output[token * depth + row])
        guard abs(value - expected) <= bound else {
          Issue.record("\(shape) \(function) token \(token) row \(row): \(value), not \(expected) ± \(bound)")
          return
        }
      }
    }
  }

  private func dot(_ matrix: RandomMatrix, _ row: Int, _ x: [Float]) -> (value: Double, error: Double) {
    let dot = matrix.bytes.withUnsafeBytes {
      Reference.dot(matrix.format, row: $0.baseAddress! + row * matrix.rowBytes, x)
    }
    let l1 = x.reduce(0.0) { $0 + abs(Double($1)) }
    return (dot.value, Double(x.count + 16) * 0x1p-24 * l1 * matrix.largestPart + 0x1.2dp-7 * dot.magnitude)
  }

  /// [token][depth], read back from the tiles.
  private func product(
    _ gate: RandomMatrix, _ up: RandomMatrix, _ x: [[Float]], _ function: GateFunction, depth: Int
  ) -> [Float] {
    let memory = TestMemory()
    let tokens = x.count
    let activations = memory.allocate(ActivationFormat.bf16.bytes(depth: gate.columns, tokens: tokens))
    for token in 0..<tokens {
      KernelList.vectors(.avx512vnni).prepare(x[token], 0..<gate.columns, gate.columns, .bf16, token, activations)
    }
    let scratch = memory.allocate(MatrixKernel.scratchBytes(depth: gate.columns))
    let unused = memory.allocate(64).assumingMemoryBound(to: Float.self)
    func arguments(_ matrix: RandomMatrix) -> MatrixArguments {
      let layout = PackedLayout(format: matrix.format, rows: matrix.rows, columns: matrix.columns)
      return MatrixArguments(
        weights: memory.packed(matrix, layout), layout: layout, groups: 0..<layout.groups, activations: activations,
        tokens: tokens, output: unused, outputStride: 0, scratch: scratch)
    }
    func unpack(_ format: WeightFormat) -> UnpackPanel {
      KernelList.matrices.first { $0.format == format && $0.activations == .bf16 }!.unpack
    }
    let output = memory.allocate(ActivationFormat.bf16.bytes(depth: depth, tokens: tokens))
    KernelList.gatedProduct.run(
      GatedArguments(
        gate: arguments(gate), up: arguments(up), unpackGate: unpack(gate.format), unpackUp: unpack(up.format),
        function: function, output: output, depth: depth))
    return (0..<tokens * depth).map { i in
      let (token, column) = (i / depth, i % depth)
      let tile = token / 16 * (depth / 32) + column / 32
      let bits = output.load(fromByteOffset: tile * 1024 + token % 16 * 64 + column % 32 * 2, as: UInt16.self)
      return Float(bitPattern: UInt32(bits) << 16)
    }
  }
}

/// Zeroed memory on 64-byte lines that lives as long as this.
private final class TestMemory {
  private var blocks: [UnsafeMutableRawPointer] = []

  func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    blocks.append(block)
    return block
  }

  func packed(_ matrix: RandomMatrix, _ layout: PackedLayout) -> UnsafeMutableRawPointer {
    let target = allocate(layout.bytes)
    matrix.bytes.withUnsafeBytes { source in
      for group in 0..<layout.groups {
        Packing.pack(
          group: target + group * layout.groupBytes, layout: layout,
          rows: source.baseAddress! + group * 16 * matrix.rowBytes, rowBytes: matrix.rowBytes,
          rowCount: min(16, matrix.rows - group * 16))
      }
    }
    return target
  }

  deinit { for block in blocks { block.deallocate() } }
}
