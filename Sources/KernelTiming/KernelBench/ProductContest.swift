import Engine
import KernelContract
import Kernels
import Model
import Statistics

/// A product of random matrices: the copies of the weights, the activations in every form that a contender takes, the output.
package final class ProductContest: @unchecked Sendable {
  let shape: ProductShape
  let matrix: RandomMatrix
  let pool: ThreadPool
  private let copies: Int
  let activations: [Float]
  private let outputStride: Int
  let output: AlignedMemory
  private let scratch: [AlignedMemory]
  private let packed: BenchMemory
  private var nextGroup = 0

  /// How many copies of a matrix of `bytes` bytes are read in turn.
  package typealias Copies = (_ bytes: Int) -> Int

  package static func contest(
    _ shape: ProductShape, _ format: WeightFormat, kernels: [MatrixKernel], libraries: [CBLAS], copies: Copies,
    pool: ThreadPool
  ) throws -> Contest {
    let product = try ProductContest(shape, format, copies: copies, pool: pool)
    var contenders = try kernels.map(product.contender)
    if !libraries.isEmpty {
      let rows = try product.plainRows(copies: copies)
      contenders += libraries.map { product.contender($0, weights: rows) }
    }
    return Contest(problem: .product(shape, format), contenders: contenders)
  }

  /// What a contest allocates, roughly: a real number, because shapes may be absurd.
  static func bytes(
    _ shape: ProductShape, _ format: WeightFormat, copies: Copies, besideLibraries: Bool
  ) -> Double {
    let packed = PackedLayout(format: format, rows: shape.rows, columns: shape.columns).bytes
    let plain = besideLibraries ? format.bytes(of: shape.columns) * shape.rows : 0
    let rows = Double(shape.tokens + 16) * 4 * (Double(shape.columns) * 3 + Double(shape.rows))
    return Double(packed) * Double(copies(packed)) + Double(plain) * Double(copies(plain)) + rows
  }

  init(_ shape: ProductShape, _ format: WeightFormat, copies: Copies, pool: ThreadPool) throws {
    self.shape = shape
    self.pool = pool
    let matrix = RandomMatrix(format, rows: shape.rows, columns: shape.columns, seed: 1)
    self.matrix = matrix
    let layout = matrix.layout
    self.copies = copies(layout.bytes)
    var generator = SplitMix64(seed: 2)
    activations = (0..<shape.tokens * shape.columns).map { _ in Float(2 * generator.unit() - 1) }
    outputStride = layout.groups * PackedLayout.groupRows
    output = try memory(MatrixKernel.paddedTokens(shape.tokens) * outputStride * 4)
    scratch = try (0..<pool.threads).map { _ in try memory(MatrixKernel.scratchBytes(depth: layout.depth)) }
    packed = try BenchMemory(
      bytes: layout.bytes, copies: self.copies, pool: pool,
      part: { part, parts in
        let groups = Self.groups(of: layout, part, parts)
        return groups.lowerBound * layout.groupBytes..<groups.upperBound * layout.groupBytes
      }, write: { matrix.pack(groups: Self.groups(of: layout, $0, $1), into: $2) })
  }

  /// As the engine shares out a matrix: in pairs of groups.
  private static func groups(of layout: PackedLayout, _ part: Int, _ parts: Int) -> Range<Int> {
    share(layout.groups, part: part, of: parts, unit: 2)
  }

  private func contender(_ kernel: MatrixKernel) throws -> Contender {
    let layout = matrix.layout
    let prepared = try prepared(for: kernel)
    let run: TurnTimer.Body = { [self] calls in
      for call in calls {
        pool.run { thread in
          multiply(
            kernel, prepared, copy: call, groups: Self.groups(of: layout, thread, pool.threads), tokens: shape.tokens,
            thread: thread)
        }
      }
    }
    return Contender(
      kernel.identity, run: run,
      check: { [self] in
        deviation(after: run, kernel.activations, stride: outputStride) { token, x in
          ProductCheck.columns(
            x, depth: layout.depth, format: kernel.activations, token: token, prepared: prepared.pointer)
        }
      })
  }

  /// The activations in the form that a kernel takes.
  func prepared(for kernel: MatrixKernel) throws(KernelTimingError) -> AlignedMemory {
    let depth = matrix.layout.depth
    let prepared = try memory(kernel.activations.bytes(depth: depth, tokens: shape.tokens))
    let vectors = KernelList.vectors(kernel.isa)
    activations.withUnsafeBufferPointer { rows in
      for token in 0..<shape.tokens {
        vectors.prepare(
          rows.baseAddress! + token * shape.columns, 0..<shape.columns, depth, kernel.activations, token,
          prepared.pointer)
      }
    }
    return prepared
  }

  private func multiply(
    _ kernel: MatrixKernel, _ prepared: AlignedMemory, copy: Int, groups: Range<Int>, tokens: Int, thread: Int
  ) {
    kernel.run(
      MatrixArguments(
        weights: packed.copy(copy), layout: matrix.layout, groups: groups, activations: prepared.pointer,
        tokens: tokens, output: output.floats, outputStride: outputStride, scratch: scratch[thread].pointer))
  }

  /// Multiplies the first `tokens` tokens by the next part of the rows, on the calling thread: as many rows as tiles take at
  /// once, so that calls are short and weights come from behind the second cache. Returns something of the output.
  func step(_ kernel: MatrixKernel, _ prepared: AlignedMemory, tokens: Int) -> Int {
    let count = min(TileBlocking.groups, matrix.layout.groups)
    if nextGroup + count > matrix.layout.groups { nextGroup = 0 }
    multiply(kernel, prepared, copy: 0, groups: nextGroup..<nextGroup + count, tokens: tokens, thread: 0)
    nextGroup += count
    return Int(output.pointer.load(as: UInt8.self))
  }
}
