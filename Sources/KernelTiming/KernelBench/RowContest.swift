import Engine
import Glibc
import KernelContract
import Kernels
import Model
import Statistics

/// An operation on rows, which the threads share out. Most work in place: after the first call they find their own result.
package final class RowContest {
  private let operation: RowOperation
  private let shape: RowShape
  private let pool: ThreadPool
  /// Rows, `stride` bytes apart; a file's rows where they are weights.
  private let x: BenchMemory
  private let stride: Int
  /// A second row for each, or what is written of all: rows, prepared activations or a cache.
  private let y: BenchMemory
  private let layout: CacheLayout?
  /// A norm's weights, or cosines and then sines.
  private let shared: AlignedMemory
  private let data: RowData

  package static func contest(
    _ operation: RowOperation, _ shape: RowShape, sets: [InstructionSet], copies: (Int) -> Int, pool: ThreadPool
  ) throws -> Contest {
    let rows = try RowContest(operation, shape, copies: copies, pool: pool)
    var contenders = sets.map { rows.contender(KernelList.vectors($0)) }
    if case .embedding(let format) = operation {
      let identity = RawRow.identity(format)
      contenders = sets.contains(identity.isa) ? [rows.contender(KernelList.vectors(identity.isa), identity)] : []
    }
    return Contest(problem: .rows(operation, shape), contenders: contenders)
  }

  /// What a contest allocates, roughly.
  static func bytes(_ operation: RowOperation, _ shape: RowShape, copies: (Int) -> Int) -> Double {
    let (x, y) = (stride(operation, shape) * shape.rows, secondBytes(operation, shape))
    return Double(x + y) * Double(copies(x + y))
  }

  private static func stride(_ operation: RowOperation, _ shape: RowShape) -> Int {
    if case .embedding(let format) = operation { return format.bytes(of: shape.columns) }
    return (4 * shape.columns + 63) / 64 * 64
  }

  private static func secondBytes(_ operation: RowOperation, _ shape: RowShape) -> Int {
    switch operation {
    case .quantize(let format): format.bytes(depth: (shape.columns + 31) / 32 * 32, tokens: shape.rows)
    case .storeKey(let format), .storeValue(let format):
      CacheLayout(format: format, headSize: shape.columns, capacity: shape.rows).bytes
    case .scale, .softcap, .rope, .ropeNeox, .roundBFloat16: 64
    case .norm, .add, .swiglu, .geglu, .embedding: (4 * shape.columns + 63) / 64 * 64 * shape.rows
    }
  }

  private init(_ operation: RowOperation, _ shape: RowShape, copies: (Int) -> Int, pool: ThreadPool) throws {
    self.operation = operation
    self.shape = shape
    self.pool = pool
    let data = RowData(operation, shape)
    let stride = Self.stride(operation, shape)
    let (xBytes, yBytes) = (stride * shape.rows, Self.secondBytes(operation, shape))
    let count = copies(xBytes + yBytes)
    self.data = data
    self.stride = stride
    layout =
      switch operation {
      case .storeKey(let format), .storeValue(let format):
        CacheLayout(format: format, headSize: shape.columns, capacity: shape.rows)
      default: nil
      }
    x = try BenchMemory(
      bytes: xBytes, copies: count, pool: pool,
      part: { part, parts in
        let mine = share(shape.rows, part: part, of: parts)
        return mine.lowerBound * stride..<mine.upperBound * stride
      },
      write: { part, parts, target in
        for row in share(shape.rows, part: part, of: parts) { data.write(row, to: target + row * stride) }
      })
    y = try BenchMemory(
      bytes: yBytes, copies: count, pool: pool, part: { share(yBytes, part: $0, of: $1, unit: 64) },
      write: { part, parts, target in
        let mine = share(yBytes, part: part, of: parts, unit: 64)
        (target + mine.lowerBound).initializeMemory(as: UInt8.self, repeating: 0, count: mine.count)
        pool.barrier()
        guard data.hasSecondRows else { return }
        for row in share(shape.rows, part: part, of: parts) {
          (target + row * stride).copyMemory(from: data.second(row), byteCount: 4 * shape.columns)
        }
        pool.barrier()
      })
    shared = try memory(4 * shape.columns + 64)
    shared.floats.update(from: data.shared, count: shape.columns)
  }

  private func contender(_ vectors: VectorKernels, _ identity: KernelIdentity? = nil) -> Contender {
    let body = body(vectors)
    let run: TurnTimer.Body = { [self] calls in
      for call in calls {
        pool.run { thread in body(share(shape.rows, part: thread, of: pool.threads), x.copy(call), y.copy(call)) }
      }
    }
    return Contender(
      identity ?? vectors.identity(operation.kernel), run: run,
      check: { [self] in
        for row in 0..<shape.rows { data.write(row, to: x.copy(0) + row * stride) }
        run(0..<1)
        return spread(shape.rows, 16).reduce(0) { largest, row in
          max(largest, RowCheck.deviation(of: written(row), operation, x: data.first(row), y: data.second(row)))
        }
      })
  }

  /// A row of the first copy after a call.
  private func written(_ row: Int) -> [Double] {
    switch operation {
    case .quantize(let format): return RowCheck.prepared(format, columns: shape.columns, token: row, in: y.copy(0))
    case .storeKey, .storeValue:
      return layout.map {
        RowCheck.cached($0, isKey: operation.kernel == .storeKey, position: row, in: y.copy(0))
      } ?? []
    case .norm, .embedding: return floats(y.copy(0) + row * ((4 * shape.columns + 63) / 64 * 64))
    default: return floats(x.copy(0) + row * stride)
    }
  }

  private func floats(_ row: UnsafeRawPointer) -> [Double] {
    (0..<shape.columns).map { Double(row.load(fromByteOffset: 4 * $0, as: Float.self)) }
  }

  // MARK: - What is timed

  private typealias Body = (_ rows: Range<Int>, _ x: UnsafeMutableRawPointer, _ y: UnsafeMutableRawPointer) -> Void

  /// The loop over a thread's rows.
  private func body(_ vectors: VectorKernels) -> Body {
    let (columns, stride, pairs) = (shape.columns, stride, shape.columns / 2)
    let depth = (columns + 31) / 32 * 32
    let shared = UnsafePointer(shared.floats)
    func each(_ work: @escaping (_ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>) -> Void) -> Body {
      { rows, x, y in
        for row in rows {
          let offset = row * stride
          work((x + offset).assumingMemoryBound(to: Float.self), (y + offset).assumingMemoryBound(to: Float.self))
        }
      }
    }
    switch operation {
    case .norm: return each { vectors.norm($0, shared, RowCheck.epsilon, columns, $1) }
    case .add: return each { vectors.add($0, $1, columns) }
    case .scale: return each { x, _ in vectors.scale(x, RowCheck.factor, columns) }
    case .swiglu: return each { vectors.siluProduct($0, $1, columns) }
    case .geglu: return each { vectors.geluProduct($0, $1, columns) }
    case .softcap: return each { x, _ in vectors.softcap(x, RowCheck.cap, columns) }
    case .rope: return each { x, _ in vectors.rotateAdjacent(x, shared, shared + pairs, pairs) }
    case .ropeNeox: return each { x, _ in vectors.rotateHalves(x, shared, shared + pairs, pairs) }
    case .roundBFloat16: return each { x, _ in vectors.roundToBFloat16(x, columns) }
    case .quantize(let format):
      return { rows, x, y in
        for row in rows {
          vectors.prepare(
            (x + row * stride).assumingMemoryBound(to: Float.self), 0..<columns, depth, format, row, y)
        }
      }
    case .storeKey, .storeValue:
      guard let layout else { return { _, _, _ in } }
      let store = operation.kernel == .storeKey ? vectors.storeKey : vectors.storeValue
      return { rows, x, y in
        for row in rows { store((x + row * stride).assumingMemoryBound(to: Float.self), layout, row, y) }
      }
    case .embedding(let format):
      let target = (4 * columns + 63) / 64 * 64
      return { rows, x, y in
        for row in rows {
          RawRow.floats(
            format, x + row * stride, count: columns, into: (y + row * target).assumingMemoryBound(to: Float.self))
        }
      }
    }
  }
}

/// Seeded rows, each made when it is asked for.
private struct RowData: Sendable {
  private let operation: RowOperation
  private let shape: RowShape
  /// The matrix of an embedding; nil for other operations.
  private let weights: RandomMatrix?

  init(_ operation: RowOperation, _ shape: RowShape) {
    self.operation = operation
    self.shape = shape
    if case .embedding(let format) = operation {
      weights = RandomMatrix(format, rows: shape.rows, columns: shape.columns, seed: 1)
    } else {
      weights = nil
    }
  }

  var hasSecondRows: Bool { [.add, .swiglu, .geglu].contains(operation) }

  /// Floats within ±4, where gates and caps bend.
  private func floats(_ stream: UInt64, _ row: Int) -> [Float] {
    var generator = SplitMix64(seed: stream << 56 | UInt64(row))
    return (0..<shape.columns).map { _ in Float(8 * generator.unit() - 4) }
  }

  /// A norm's weights, or cosines and sines: a pair's are of one angle.
  var shared: [Float] {
    guard [.rope, .ropeNeox].contains(operation) else { return floats(3, 0) }
    let angles = floats(3, 0).prefix(shape.columns / 2)
    return angles.map { Float(cos(Double($0))) } + angles.map { Float(sin(Double($0))) } + [0]
  }

  func first(_ row: Int) -> [Float] {
    guard let weights else { return floats(1, row) }
    var values = [Float](repeating: 0, count: shape.columns)
    withUnsafeTemporaryAllocation(byteCount: weights.rowBytes, alignment: 64) { bytes in
      weights.fill(bytes, rows: row..<row + 1)
      RawRow.floats(weights.layout.format, bytes.baseAddress!, count: shape.columns, into: &values)
    }
    return values
  }

  func second(_ row: Int) -> [Float] { hasSecondRows ? floats(2, row) : shared }

  /// As the kernel reads it.
  func write(_ row: Int, to target: UnsafeMutableRawPointer) {
    if let weights {
      let bytes = UnsafeMutableRawBufferPointer(start: target, count: weights.rowBytes)
      return weights.fill(bytes, rows: row..<row + 1)
    }
    target.copyMemory(from: first(row), byteCount: 4 * shape.columns)
  }
}
