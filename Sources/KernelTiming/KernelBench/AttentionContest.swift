import Engine
import KernelContract
import Kernels
import Model

/// Attention over one layer's cache, cut into tasks as the engine cuts it; merging the parts of a decoding token is not timed.
package final class AttentionContest {
  let shape: AttentionShape
  let layout: CacheLayout
  let data: AttentionData
  private let pool: ThreadPool
  private let cache: BenchMemory
  private let queries: AlignedMemory
  private let panels: AlignedMemory
  private let tileTasks: AttentionTasks
  private let rowTasks: AttentionTasks
  let output: AlignedMemory
  /// Maximum and sum of each row of the output.
  let limits: AlignedMemory
  private let scratch: [AlignedMemory]

  package static func contest(
    _ shape: AttentionShape, _ format: CacheFormat, kernels: [AttentionKernel], copies: (Int) -> Int, pool: ThreadPool
  ) throws -> Contest {
    let attention = try AttentionContest(shape, format, copies: copies, pool: pool)
    return Contest(problem: .attention(shape, format), contenders: kernels.map(attention.contender))
  }

  /// What a contest allocates, roughly.
  static func bytes(_ shape: AttentionShape, _ format: CacheFormat, copies: (Int) -> Int) -> Double {
    let head = CacheLayout(format: format, headSize: shape.headSize, capacity: shape.positions).bytes * 2
    let bytes = head * shape.keyValueHeads
    let rows = Double(shape.heads * shape.tokens) * Double(shape.headSize + 32) * 16
    return Double(bytes) * Double(copies(bytes)) + Double(bytes) * 2 + rows
  }

  private init(_ shape: AttentionShape, _ format: CacheFormat, copies: (Int) -> Int, pool: ThreadPool) throws {
    self.shape = shape
    self.pool = pool
    let layout = CacheLayout(format: format, headSize: shape.headSize, capacity: shape.positions)
    let data = AttentionData(shape: shape)
    self.layout = layout
    self.data = data
    let headBytes = 2 * layout.bytes
    let heads = shape.keyValueHeads
    cache = try BenchMemory(
      bytes: heads * headBytes, copies: copies(heads * headBytes), pool: pool,
      part: { part, parts in
        let mine = share(heads, part: part, of: parts)
        return mine.lowerBound * headBytes..<mine.upperBound * headBytes
      },
      write: { part, parts, target in
        let vectors = KernelList.vectors(.baseline)
        for head in share(heads, part: part, of: parts) {
          let keys = target + head * headBytes
          for position in 0..<shape.positions {
            vectors.storeKey(data.key(head: head, position: position), layout, position, keys)
            vectors.storeValue(data.value(head: head, position: position), layout, position, keys + layout.bytes)
          }
        }
      })
    let padded = layout.paddedHeadSize
    queries = try memory(shape.heads * shape.tokens * padded * 4)
    panels = try memory(heads * TiledAttention.panelBytes(layout))
    rowTasks = AttentionTasks(shape, maximumRows: AttentionContract.maximumRows)
    tileTasks = AttentionTasks(shape, maximumRows: TiledAttention.maximumRows)
    let rows = max(rowTasks.rows, tileTasks.rows)
    output = try memory(rows * padded * 4)
    limits = try memory(rows * 8)
    let scratchBytes = max(
      AttentionContract.scratchBytes, TiledAttention.scratchBytes(headSize: shape.headSize))
    scratch = try (0..<pool.threads).map { _ in try memory(scratchBytes) }
    for head in 0..<shape.heads {
      for token in 0..<shape.tokens {
        queryRow(head, token).update(from: data.query(head: head, token: token), count: shape.headSize)
      }
    }
  }

  var group: Int { shape.heads / shape.keyValueHeads }

  /// Token-major within the heads that share keys.
  private func queryRow(_ head: Int, _ token: Int) -> UnsafeMutablePointer<Float> {
    let row = (head / group * shape.tokens + token) * group + head % group
    return queries.floats + row * layout.paddedHeadSize
  }

  private func keys(_ copy: Int, _ head: Int) -> UnsafeMutableRawPointer {
    cache.copy(copy) + head * 2 * layout.bytes
  }

  private func contender(_ kernel: AttentionKernel) -> Contender {
    let run: TurnTimer.Body
    let tasks: AttentionTasks
    var onTiles = false
    switch kernel {
    case .rows(let vectors):
      tasks = rowTasks
      run = { [self] calls in
        for call in calls {
          perform(tasks, vectors.attention) { (keys(call, $0), keys(call, $0) + layout.bytes) }
        }
      }
    case .tiles(let tiled):
      tasks = tileTasks
      onTiles = true
      run = { [self] calls in
        for call in calls {
          perform(tasks, tiled.run, before: { convert(tiled, call, thread: $0) }) { head in
            let panel = panels.pointer + head * TiledAttention.panelBytes(layout)
            return (panel, panel + TiledAttention.valueOffset(layout))
          }
        }
      }
    }
    return Contender(
      kernel.identity, run: run,
      check: { [self] in
        output.floats.update(repeating: .nan, count: output.count / 4)
        run(0..<1)
        return deviation(tasks, onTiles: onTiles)
      })
  }

  /// 64 positions of a head at a time.
  private func convert(_ tiled: TiledAttention, _ call: Int, thread: Int) {
    let blocks = (shape.positions + 63) / 64
    for item in share(blocks * shape.keyValueHeads, part: thread, of: pool.threads) {
      let (head, block) = (item / blocks, item % blocks)
      tiled.convert(
        CachedHead(
          keys: keys(call, head), values: keys(call, head) + layout.bytes, keyLayout: layout, valueLayout: layout),
        block * 64..<min(block * 64 + 64, shape.positions), panels.pointer + head * TiledAttention.panelBytes(layout))
    }
    pool.barrier()
  }

  private func perform(
    _ tasks: AttentionTasks, _ attention: (AttentionArguments) -> Void, before: (_ thread: Int) -> Void = { _ in },
    _ cached: (_ head: Int) -> (keys: UnsafeMutableRawPointer, values: UnsafeMutableRawPointer)
  ) {
    let padded = layout.paddedHeadSize
    pool.resetTasks()
    pool.run { thread in
      before(thread)
      let mine = shape.tokens == 1 ? share(tasks.all.count, part: thread, of: pool.threads) : nil
      var next = mine?.lowerBound ?? pool.takeTask()
      while next < mine?.upperBound ?? tasks.all.count {
        defer { next = mine == nil ? pool.takeTask() : next + 1 }
        let task = tasks.all[next]
        let (keys, values) = cached(task.head)
        attention(
          AttentionArguments(
            keys: keys, values: values, keyLayout: layout, valueLayout: layout,
            queries: queryRow(task.head * group, task.tokens.lowerBound), queryStride: padded,
            tokens: task.tokens.count, groupSize: group,
            firstPosition: shape.positions - shape.tokens + task.tokens.lowerBound, positions: task.positions,
            window: .max, softcap: 0, output: output.floats + task.firstRow * padded, outputStride: padded,
            maxima: limits.floats + 2 * task.firstRow, sums: limits.floats + 2 * task.firstRow + task.paddedRows,
            scratch: scratch[thread].pointer))
      }
    }
  }
}
