import Engine
import KernelContract
import Kernels
import Model
import Statistics

/// A product of random matrices: the copies of the weights, the activations in every form that a contender takes, the output.
package final class ProductContest {
  let shape: ProductShape
  let matrix: RandomMatrix
  let pool: ThreadPool
  private let copies: Int
  let activations: [Float]
  private let outputStride: Int
  let output: AlignedMemory
  private let scratch: [AlignedMemory]
  private let packed: BenchMemory

  /// How many copies of a matrix of so many bytes are read in turn.
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

  private init(_ shape: ProductShape, _ format: WeightFormat, copies: Copies, pool: ThreadPool) throws {
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
    let prepared = try memory(kernel.activations.bytes(depth: layout.depth, tokens: shape.tokens))
    let vectors = KernelList.vectors(kernel.isa)
    activations.withUnsafeBufferPointer { rows in
      for token in 0..<shape.tokens {
        vectors.prepare(
          rows.baseAddress! + token * shape.columns, 0..<shape.columns, layout.depth, kernel.activations, token,
          prepared.pointer)
      }
    }
    let run: TurnTimer.Body = { [self] calls in
      for call in calls {
        pool.run { thread in
          kernel.run(
            MatrixArguments(
              weights: packed.copy(call), layout: layout, groups: Self.groups(of: layout, thread, pool.threads),
              activations: prepared.pointer, tokens: shape.tokens, output: output.floats,
              outputStride: outputStride, scratch: scratch[thread].pointer))
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
}
