import KernelContract
import Kernels
import Machine

/// A product of a packed matrix that means nothing: every byte of it is 0x3c, so that scales are about 1 in every format.
final class SyntheticProduct: @unchecked Sendable {
  private let layout: PackedLayout
  private let weights: ProbeMemory
  private let activations: [ActivationFormat: ProbeMemory]
  private let output: ProbeMemory
  private let scratch: ProbeMemory
  private var group = 0

  private static let rows = 4096
  private static let columns = 2048
  /// Of one call: as many rows as tiles take at once, so that calls are short and weights come from behind the second cache.
  private static let groupsPerCall = TileBlocking.groups

  init(_ format: WeightFormat, tokens: Int, vectors: VectorKernels) throws {
    let layout = PackedLayout(format: format, rows: Self.rows, columns: Self.columns)
    self.layout = layout
    let weights = try ProbeMemory(bytes: layout.bytes)
    self.weights = weights
    let rowBytes = format.bytes(of: Self.columns)
    let rows = [UInt8](repeating: 0x3c, count: PackedLayout.groupRows * rowBytes)
    for group in 0..<layout.groups {
      rows.withUnsafeBytes {
        Packing.pack(
          group: weights.base + group * layout.groupBytes, layout: layout, rows: $0.baseAddress!, rowBytes: rowBytes,
          rowCount: PackedLayout.groupRows)
      }
    }
    let row = (0..<Self.columns).map { Float($0 % 7) - 3 }
    var activations: [ActivationFormat: ProbeMemory] = [:]
    for prepared in [ActivationFormat.f32, .int8, .bf16] {
      let memory = try ProbeMemory(bytes: prepared.bytes(depth: layout.depth, tokens: tokens))
      for token in 0..<tokens { vectors.prepare(row, 0..<Self.columns, layout.depth, prepared, token, memory.base) }
      activations[prepared] = memory
    }
    self.activations = activations
    output = try ProbeMemory(bytes: MatrixKernel.paddedTokens(tokens) * layout.groups * PackedLayout.groupRows * 4)
    scratch = try ProbeMemory(bytes: MatrixKernel.scratchBytes(depth: layout.depth))
  }

  /// The next part of the rows.
  func run(_ kernel: MatrixKernel, tokens: Int) -> Int {
    guard let prepared = activations[kernel.activations] else { return 0 }
    if group + Self.groupsPerCall > layout.groups { group = 0 }
    kernel.run(
      MatrixArguments(
        weights: weights.base, layout: layout, groups: group..<group + Self.groupsPerCall, activations: prepared.base,
        tokens: tokens, output: output.base.assumingMemoryBound(to: Float.self),
        outputStride: layout.groups * PackedLayout.groupRows, scratch: scratch.base))
    group += Self.groupsPerCall
    return Int(output.base.load(as: UInt8.self))
  }
}
