import Glibc
import KernelContract
import Model

// Attention is cut into pieces. Those of decoding tokens are alike, and each thread has its share of neighbours, whose keys and values
// lie one behind the other; a prompt's threads take them as they come: later tokens see more positions than earlier ones.

extension ThreadProgram {
  /// A prompt: (run, key-value head, as many tokens as fill a tile of rows). A decoding sequence: (run, key-value head, split of
  /// the cached positions), whose partial results are merged afterwards. The cut depends on lengths alone, never on threads.
  func attend(_ layer: Int) {
    let heads = model.keyValueHeadCount
    let window = model.isSliding(layer: layer) ? model.slidingWindow ?? .max : .max
    let mine =
      isDecoding
      ? share(step.runs.reduce(0) { $0 + pieceCount($1, window) * heads }, part: thread, of: threads) : nil
    var task = mine?.lowerBound ?? engine.pool.takeTask()
    let operations = headOperations(layer)
    var first = 0
    for run in step.runs {
      let count = pieceCount(run, window)
      var prepared: Int?
      while task < min(first + count * heads, mine?.upperBound ?? .max) {
        let (head, index) = ((task - first) / count, (task - first) % count)
        if run.tokens.count == 1 {
          if prepared != head { prepareQueries(operations, run, run.tokens, head) }
          prepared = head
          let piece = piece(index, of: count, run, window)
          if isDecoding, piece.positions.contains(run.firstPosition) {
            store(layer, operations, run, run.tokens, head..<head + 1)
          }
          attend(layer, run, head, piece, window)
        } else {
          // Last pieces first: the longest tasks are not left for the end.
          let piece = piece(count - 1 - index, of: count, run, window)
          prepareQueries(operations, run, piece.tokens, head)
          attend(layer, run, head, piece, window)
        }
        task = mine == nil ? engine.pool.takeTask() : task + 1
      }
      first += count * heads
    }
    engine.pool.barrier()
  }

  /// The tiled kernel where this step is a prompt long enough for it.
  var tiled: TiledAttention? {
    engine.kernels.tiledAttention(tokens: tokens, sequences: step.runs.count)
  }

  private func panels(_ head: Int) -> UnsafeMutableRawPointer? {
    workspace.panels.map { $0 + head * TiledAttention.panelBytes(engine.cache.keyLayout) }
  }

  /// Turns the keys and values that the prompt sees into panels, 64 positions of a head at a time shared out to the threads.
  func convertCache(_ layer: Int) {
    guard let tiled, let run = step.runs.first else { return }
    let window = model.isSliding(layer: layer) ? model.slidingWindow ?? .max : .max
    let first = (window <= run.firstPosition ? run.firstPosition - window + 1 : 0) / 64
    let end = run.firstPosition + run.tokens.count
    let blocks = (end + 63) / 64 - first
    for item in share(blocks * model.keyValueHeadCount, part: thread, of: threads) {
      let (head, block) = (item / blocks, first + item % blocks)
      tiled.convert(
        CachedHead(
          keys: engine.cache.keys(sequence: run.sequence, layer: layer, head: head),
          values: engine.cache.values(sequence: run.sequence, layer: layer, head: head),
          keyLayout: engine.cache.keyLayout, valueLayout: engine.cache.valueLayout),
        block * 64..<min(block * 64 + 64, end), panels(head)!)
    }
    engine.pool.barrier()
  }

  private struct Piece {
    /// Indices in the step.
    let tokens: Range<Int>
    let positions: Range<Int>
    /// Which partial result, where there is more than one.
    let split: Int?
  }

  /// Positions that a decoding token sees, in whole splits.
  private func splits(_ run: Run, _ window: Int) -> Range<Int> {
    let oldest = window <= run.firstPosition ? run.firstPosition - window + 1 : 0
    return oldest / Engine.splitPositions..<run.firstPosition / Engine.splitPositions + 1
  }

  /// Tokens of a prompt that fill a tile of rows.
  private var pieceTokens: Int {
    (tiled == nil ? AttentionContract.maximumRows : TiledAttention.maximumRows) / model.groupSize
  }

  private func pieceCount(_ run: Run, _ window: Int) -> Int {
    run.tokens.count == 1 ? splits(run, window).count : (run.tokens.count + pieceTokens - 1) / pieceTokens
  }

  private func piece(_ index: Int, of count: Int, _ run: Run, _ window: Int) -> Piece {
    let end = run.firstPosition + run.tokens.count
    guard run.tokens.count == 1 else {
      let start = run.tokens.lowerBound + index * pieceTokens
      return Piece(tokens: start..<min(start + pieceTokens, run.tokens.upperBound), positions: 0..<end, split: nil)
    }
    guard count > 1 else { return Piece(tokens: run.tokens, positions: 0..<end, split: nil) }
    let split = splits(run, window).lowerBound + index
    let start = split * Engine.splitPositions
    return Piece(tokens: run.tokens, positions: start..<min(start + Engine.splitPositions, end), split: split)
  }

  private func attend(_ layer: Int, _ run: Run, _ head: Int, _ piece: Piece, _ window: Int) {
    let cache = engine.cache
    let size = model.headSize
    let padded = cache.keyLayout.paddedHeadSize
    let group = model.groupSize
    let panels = tiled == nil ? nil : panels(head)
    let slot = piece.split.map { ($0 * engine.options.sequences + run.sequence) * model.headCount + head * group }
    let output = slot.map { workspace.partials + $0 * padded } ?? scratch.outputs
    let sums = slot.map { workspace.partialSums + $0 } ?? scratch.sums
    let arguments = AttentionArguments(
      keys: panels ?? cache.keys(sequence: run.sequence, layer: layer, head: head),
      values: panels.map { $0 + TiledAttention.valueOffset(cache.keyLayout) }
        ?? cache.values(sequence: run.sequence, layer: layer, head: head), keyLayout: cache.keyLayout,
      valueLayout: cache.valueLayout, queries: scratch.queries, queryStride: padded, tokens: piece.tokens.count,
      groupSize: group, firstPosition: run.firstPosition + piece.tokens.lowerBound - run.tokens.lowerBound,
      positions: piece.positions, window: window, softcap: model.attentionSoftcap ?? 0, output: output,
      outputStride: padded, maxima: slot.map { workspace.partialMaxima + $0 } ?? scratch.maxima, sums: sums,
      scratch: scratch.attention)
    // One or the other called by name: a closure held for both would be allocated for each piece.
    if let tiled { tiled.run(arguments) } else { vectors.attention(arguments) }
    if piece.split != nil { return }
    for row in 0..<piece.tokens.count * group {
      let (token, query) = (piece.tokens.lowerBound + row / group, head * group + row % group)
      let target = workspace.attention + token * workspace.queryStride + query * size
      target.update(from: output + row * padded, count: size)
      vectors.scale(target, 1 / sums[row], size)
    }
  }

  /// The attention row of a token, its splits merged: each is weighted by exp(its maximum − the largest).
  func merged(_ layer: Int, _ token: Int) -> UnsafeMutablePointer<Float> {
    let row = workspace.attention + token * workspace.queryStride
    let run = step.run(of: token)
    let window = model.isSliding(layer: layer) ? model.slidingWindow ?? .max : .max
    let splits = splits(run, window)
    guard run.tokens.count == 1, splits.count > 1 else { return row }
    let padded = engine.cache.keyLayout.paddedHeadSize
    let size = model.headSize
    for head in 0..<model.headCount {
      func slot(_ split: Int) -> Int { (split * engine.options.sequences + run.sequence) * model.headCount + head }
      let top = splits.reduce(-Float.infinity) { max($0, workspace.partialMaxima[slot($1)]) }
      let total = splits.reduce(Float(0)) {
        $0 + workspace.partialSums[slot($1)] * expf(workspace.partialMaxima[slot($1)] - top)
      }
      // The scratch row, not the shared one: threads that repeat the work would race.
      let target = scratch.row + head * size
      target.update(repeating: 0, count: size)
      for split in splits {
        let weight = expf(workspace.partialMaxima[slot(split)] - top) / total
        let part = workspace.partials + slot(split) * padded
        for i in 0..<size { target[i] += weight * part[i] }
      }
    }
    return scratch.row
  }
}
