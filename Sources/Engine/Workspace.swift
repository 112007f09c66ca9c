import KernelContract
import Kernels
import Model

/// Activations of one row set: shared by all threads, or a thread's own where repeating small work is cheaper than waiting.
struct RowBuffers {
  /// The residual stream, [token][embedding].
  let residual: UnsafeMutablePointer<Float>
  /// Prepared activations, [token][depth] in the layout of the format, one buffer a format.
  let int8: UnsafeMutableRawPointer
  let f32: UnsafeMutableRawPointer
  let bf16: UnsafeMutableRawPointer

  func prepared(_ format: ActivationFormat) -> UnsafeMutableRawPointer {
    switch format {
    case .int8: int8
    case .f32: f32
    case .bf16: bf16
    }
  }
}

/// All memory that a step writes, allocated once.
final class Workspace: @unchecked Sendable {
  /// Tokens of a step up to which every thread prepares all rows itself.
  static let repeatedTokens = 4

  let shared: RowBuffers
  let own: [RowBuffers]
  let ownThreads: [ThreadScratch]
  /// [token][head][head size]; rows are `queryStride` apart.
  let query, attention: UnsafeMutablePointer<Float>
  /// [token][key-value head][head size]; rows are `keyValueStride` apart.
  let key, value: UnsafeMutablePointer<Float>
  /// [token][embedding]; rows are `projectionStride` apart.
  let projection: UnsafeMutablePointer<Float>
  /// [token][feed-forward column]; rows are `gateStride` apart.
  let gate, up: UnsafeMutablePointer<Float>
  /// [row that is asked for][vocabulary]; rows are `logitStride` apart.
  let logits: UnsafeMutablePointer<Float>
  /// Floats from one row to the next: each width, up to a multiple of 16.
  let queryStride, keyValueStride, projectionStride, gateStride, logitStride: Int
  let residualStride: Int
  let logitRows: Int
  /// Partial attention of splits: [split][sequence][head][padded head], with maxima and sums beside it.
  let partials, partialMaxima, partialSums: UnsafeMutablePointer<Float>
  let splits: Int
  /// Gate times up, [token][feed-forward column], prepared for the product that follows: each thread writes the columns that it computed.
  let gated: UnsafeMutableRawPointer
  /// A layer's keys and values as panels, [key-value head], where attention is tiled.
  let panels: UnsafeMutableRawPointer?
  private let memory: [AlignedMemory]

  struct ThreadScratch {
    /// One row of the widest operand each.
    let row, second: UnsafeMutablePointer<Float>
    /// [query row][padded head] of one piece of attention.
    let queries, outputs: UnsafeMutablePointer<Float>
    /// [query row].
    let maxima, sums: UnsafeMutablePointer<Float>
    /// As many bytes as the product's and the attention's kernels ask for.
    let matrix: UnsafeMutableRawPointer
    let attention: UnsafeMutableRawPointer
  }

  init(_ model: ModelDescription, _ options: EngineOptions, threads: Int, logitRows: Int, panelBytes: Int?) throws {
    var memory: [AlignedMemory] = []
    func floats(_ count: Int) throws -> UnsafeMutablePointer<Float> {
      try raw(count * 4).assumingMemoryBound(to: Float.self)
    }
    func raw(_ bytes: Int) throws -> UnsafeMutableRawPointer {
      guard let block = AlignedMemory(bytes: bytes) else { throw EngineError("not enough memory for activations") }
      memory.append(block)
      return block.pointer
    }
    func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
    let tokens = MatrixKernel.paddedTokens(max(options.microBatch, options.sequences))
    let queryWidth = model.headCount * model.headSize
    let widest = (max(model.embeddingLength, model.feedForwardLength, queryWidth) + 31) / 32 * 32
    let residualStride = padded(model.embeddingLength)
    func rows(_ count: Int) throws -> RowBuffers {
      RowBuffers(
        residual: try floats(count * residualStride),
        int8: try raw(ActivationFormat.int8.bytes(depth: widest, tokens: count)),
        f32: try raw(ActivationFormat.f32.bytes(depth: widest, tokens: count)),
        bf16: try raw(ActivationFormat.bf16.bytes(depth: widest, tokens: count)))
    }
    self.residualStride = residualStride
    shared = try rows(tokens)
    own = try (0..<threads).map { _ in try rows(Self.repeatedTokens) }

    queryStride = padded(queryWidth)
    keyValueStride = padded(model.keyValueHeadCount * model.headSize)
    projectionStride = padded(model.embeddingLength)
    gateStride = padded(model.feedForwardLength)
    logitStride = padded(model.vocabularySize)
    self.logitRows = logitRows
    query = try floats(tokens * queryStride)
    key = try floats(tokens * keyValueStride)
    value = try floats(tokens * keyValueStride)
    attention = try floats(tokens * queryStride)
    projection = try floats(tokens * projectionStride)
    gate = try floats(tokens * gateStride)
    up = try floats(tokens * gateStride)
    logits = try floats(MatrixKernel.paddedTokens(logitRows) * logitStride)

    let head = (model.headSize + 31) / 32 * 32
    splits = (options.contextLength + Engine.splitPositions - 1) / Engine.splitPositions
    partials = try floats(splits * options.sequences * model.headCount * head)
    partialMaxima = try floats(splits * options.sequences * model.headCount)
    partialSums = try floats(splits * options.sequences * model.headCount)
    panels = try panelBytes.map(raw)
    // The widest format; pages that a narrower one does not reach are never touched.
    gated = try raw(ActivationFormat.f32.bytes(depth: (model.feedForwardLength + 31) / 32 * 32, tokens: tokens))
    let attentionRows = max(AttentionContract.maximumRows, TiledAttention.maximumRows)
    ownThreads = try (0..<threads).map { _ in
      ThreadScratch(
        row: try floats(widest + 16), second: try floats(widest + 16),
        queries: try floats(attentionRows * head), outputs: try floats(attentionRows * head),
        maxima: try floats(attentionRows), sums: try floats(attentionRows),
        matrix: try raw(MatrixKernel.scratchBytes(depth: widest)),
        attention: try raw(
          max(AttentionContract.scratchBytes, TiledAttention.scratchBytes(headSize: model.headSize))))
    }
    self.memory = memory
  }
}
