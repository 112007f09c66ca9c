import KernelContract
import Kernels
import Machine
import Model

/// Runs a loaded model: tokens in, logits out, keys and values kept. One caller at a time.
package final class Engine {
  /// That of the next pass.
  package private(set) var model: LoadedModel
  /// Copies of one model that take turns, pass by pass, so that each finds its weights as far away as those of a deeper model
  /// would be; a single one otherwise.
  private let copies: [LoadedModel]
  private var turn = 0
  package let options: EngineOptions
  package let kernels: KernelSelection
  package let pool: ThreadPool
  package var description: ModelDescription { model.description }

  let cache: KeyValueCache
  let workspace: Workspace
  let globalRotation: RotationTable
  let slidingRotation: RotationTable?
  private var lengths: [Int]

  /// Most tokens whose logits one step can give.
  package static let maximumLogitRows = 32
  /// Cached positions that one attention task of a decoding sequence covers.
  package static let splitPositions = 256

  package convenience init(_ model: LoadedModel, _ options: EngineOptions, pool: ThreadPool? = nil) throws {
    try self.init(copies: [model], options, pool: pool)
  }

  /// `copies` are of one model, at least one.
  package init(copies: [LoadedModel], _ options: EngineOptions, pool: ThreadPool? = nil) throws {
    let model = copies[0]
    guard options.contextLength > 0, options.sequences > 0, options.microBatch > 0 else {
      throw EngineError("context, sequences and micro-batch must be at least 1")
    }
    self.model = model
    self.copies = copies
    self.options = options
    kernels = try KernelSelection(
      cap: options.isaCap, activations: options.activations, tuning: options.tuning)
    self.pool = try pool ?? ThreadPool(threads: options.threads, pin: options.pin)
    let description = model.description
    guard description.groupSize <= AttentionContract.maximumRows else {
      throw EngineError(
        "\(description.groupSize) query heads share a key head; at most \(AttentionContract.maximumRows) are supported")
    }
    let cache = try KeyValueCache(description, options)
    self.cache = cache
    workspace = try Workspace(
      description, options, threads: self.pool.threads,
      logitRows: max(Self.maximumLogitRows, options.sequences),
      panelBytes: kernels.tiledAttention(tokens: options.microBatch).map { _ in
        description.keyValueHeadCount * TiledAttention.panelBytes(cache.keyLayout)
      })
    globalRotation = try RotationTable(description.rotation, sliding: false, positions: options.contextLength)
    slidingRotation =
      description.rotation.slidingBase == nil
      ? nil : try RotationTable(description.rotation, sliding: true, positions: options.contextLength)
    lengths = Array(repeating: 0, count: options.sequences)
  }

  /// Tokens that the sequence holds.
  package func length(of sequence: Int) -> Int { lengths[sequence] }

  /// Forgets what a sequence holds from `length` on.
  package func truncate(_ sequence: Int, to length: Int) { lengths[sequence] = min(lengths[sequence], max(0, length)) }

  package func reset() { for i in lengths.indices { lengths[i] = 0 } }

  /// Appends tokens to a sequence. Logits of the last one are row 0 afterwards.
  package func prefill(_ tokens: [Int32], sequence: Int = 0) throws {
    var start = 0
    while start < tokens.count {
      let end = min(start + options.microBatch, tokens.count)
      let run = try append(tokens[start..<end], to: sequence, offset: 0)
      step(
        Step(
          tokens: Array(tokens[start..<end]), runs: [run],
          logitTokens: end == tokens.count ? [run.tokens.upperBound - 1] : []))
      start = end
    }
  }

  /// Appends tokens to a sequence and hands over the logits of every one, in order.
  package func evaluate(
    _ tokens: [Int32], sequence: Int = 0, _ body: (_ index: Int, _ logits: UnsafeBufferPointer<Float>) -> Void
  ) throws {
    var start = 0
    while start < tokens.count {
      let end = min(start + min(Self.maximumLogitRows, options.microBatch), tokens.count)
      let run = try append(tokens[start..<end], to: sequence, offset: 0)
      step(Step(tokens: Array(tokens[start..<end]), runs: [run], logitTokens: Array(run.tokens)))
      for i in start..<end { body(i, logits(i - start)) }
      start = end
    }
  }

  /// Appends one token to each of the first `tokens.count` sequences. Logits of sequence i are row i afterwards.
  package func decode(_ tokens: [Int32]) throws {
    guard tokens.count <= options.sequences else {
      throw EngineError("\(tokens.count) sequences, but the engine was made for \(options.sequences)")
    }
    let runs = try tokens.indices.map { try append(tokens[$0...$0], to: $0, offset: $0) }
    step(Step(tokens: tokens, runs: runs, logitTokens: Array(tokens.indices)))
  }

  /// Logits of a row of the last step; valid until the next.
  package func logits(_ row: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: workspace.logits + row * workspace.logitStride, count: description.vocabularySize)
  }

  /// Has the next copy make the next pass.
  func takeTurn() {
    if copies.count == 1 { return }
    turn = (turn + 1) % copies.count
    model = copies[turn]
  }

  private func append(_ tokens: ArraySlice<Int32>, to sequence: Int, offset: Int) throws -> Run {
    guard lengths.indices.contains(sequence) else { throw EngineError("there is no sequence \(sequence)") }
    if let bad = tokens.first(where: { $0 < 0 || Int($0) >= description.vocabularySize }) {
      throw EngineError("token \(bad) is outside of the vocabulary of \(description.vocabularySize)")
    }
    let first = lengths[sequence]
    guard tokens.count <= options.contextLength - first else {
      throw EngineError(
        "the context of \(options.contextLength) tokens is full: \(first) are held, \(tokens.count) more asked for")
    }
    lengths[sequence] += tokens.count
    return Run(sequence: sequence, firstPosition: first, tokens: offset..<offset + tokens.count)
  }
}

/// Neighbouring tokens of a step that belong to one sequence.
struct Run {
  let sequence: Int
  let firstPosition: Int
  /// Their indices in the step.
  let tokens: Range<Int>
}

/// What one pass through the layers computes.
struct Step {
  let tokens: [Int32]
  let runs: [Run]
  /// Indices of the tokens whose logits are wanted.
  let logitTokens: [Int]

  func run(of token: Int) -> Run { runs.count == 1 ? runs[0] : runs.first { $0.tokens.contains(token) }! }
}
