import KernelContract
import Kernels
import Model

// One pass through the layers. Every thread runs the same program; a barrier ends each phase whose result others read.
//
// Steps of few tokens repeat the small per-token work (norms, activations, quantising) on every thread, in buffers of its own,
// because that takes less time than waiting for another thread's share. Steps of many tokens share it out and wait.

extension Engine {
  func step(_ step: Step) {
    pool.run { thread in
      ThreadProgram(engine: self, step: step, thread: thread).run()
    }
    takeTurn()
  }
}

struct ThreadProgram {
  let engine: Engine
  let step: Step
  let thread: Int
  let threads: Int
  let tokens: Int
  let model: ModelDescription
  let vectors: VectorKernels
  let workspace: Workspace
  let scratch: Workspace.ThreadScratch
  /// Whether every thread prepares all rows itself.
  let repeats: Bool
  let rows: RowBuffers
  /// Tokens whose rows this thread prepares.
  let mine: Range<Int>

  init(engine: Engine, step: Step, thread: Int) {
    self.engine = engine
    self.step = step
    self.thread = thread
    threads = engine.pool.threads
    tokens = step.tokens.count
    model = engine.description
    vectors = engine.kernels.vectors
    workspace = engine.workspace
    scratch = workspace.ownThreads[thread]
    repeats = tokens <= Workspace.repeatedTokens
    rows = repeats ? workspace.own[thread] : workspace.shared
    mine = repeats ? 0..<tokens : share(tokens, part: thread, of: threads)
  }

  func run() {
    for index in engine.model.layers.indices {
      let layer = engine.model.layers[index]
      attentionInputs(index, layer)
      storePrompt(index)
      convertCache(index)
      attend(index)
      attentionOutput(index, layer)
      feedForward(layer)
    }
    logits()
  }

  /// A barrier where rows were shared out; nothing where each thread has its own.
  private func awaitRows() { if !repeats { engine.pool.barrier() } }

  private func residual(_ token: Int) -> UnsafeMutablePointer<Float> {
    rows.residual + token * workspace.residualStride
  }

  // MARK: - Phases

  /// Residual → norm → queries, keys and values.
  private func attentionInputs(_ index: Int, _ layer: LoadedModel.Layer) {
    let query = kernel(layer.query)
    let key = kernel(layer.key)
    let value = kernel(layer.value)
    let formats = query.activations.alone.union(key.activations.alone).union(value.activations.alone)
    let before = index == 0 ? nil : engine.model.layers[index - 1].postFeedForwardNorm
    for token in mine {
      if index == 0 { embed(token) } else { absorb(token, before) }
      vectors.norm(residual(token), layer.attentionNorm.pointer, model.normEpsilon, model.embeddingLength, scratch.row)
      prepare(scratch.row, model.embeddingLength, formats, token)
    }
    awaitRows()
    multiply(query, layer.query, workspace.query, workspace.queryStride)
    multiply(key, layer.key, workspace.key, workspace.keyValueStride)
    multiply(value, layer.value, workspace.value, workspace.keyValueStride)
    if thread == 0 { engine.pool.resetTasks() }
    engine.pool.barrier()
  }

  /// Attention output → projection.
  private func attentionOutput(_ index: Int, _ layer: LoadedModel.Layer) {
    let kernel = kernel(layer.attentionOutput)
    for token in mine {
      prepare(merged(index, token), model.headCount * model.headSize, kernel.activations.alone, token)
    }
    awaitRows()
    multiply(kernel, layer.attentionOutput, workspace.projection, workspace.projectionStride)
    engine.pool.barrier()
  }

  /// Residual → norm → gate and up → down.
  private func feedForward(_ layer: LoadedModel.Layer) {
    let gate = kernel(layer.gate)
    let up = kernel(layer.up)
    let formats = gate.activations.alone.union(up.activations.alone)
    for token in mine {
      absorb(token, layer.postAttentionNorm)
      vectors.norm(
        residual(token), layer.feedForwardNorm.pointer, model.normEpsilon, model.embeddingLength, scratch.row)
      prepare(scratch.row, model.embeddingLength, formats, token)
    }
    awaitRows()
    let down = kernel(layer.down)
    let width = model.feedForwardLength
    if let gated = engine.kernels.gated(gate, up, down) {
      gated.run(
        GatedArguments(
          gate: arguments(gate, layer.gate, workspace.gate, workspace.gateStride),
          up: arguments(up, layer.up, workspace.up, workspace.gateStride), unpackGate: gate.unpack, unpackUp: up.unpack,
          function: model.activation, output: workspace.gated, depth: layer.down.layout.depth))
    } else {
      multiply(gate, layer.gate, workspace.gate, workspace.gateStride)
      multiply(up, layer.up, workspace.up, workspace.gateStride)
      join(myGroups(layer.gate), width, down.activations)
    }
    engine.pool.barrier()
    var product = arguments(down, layer.down, workspace.projection, workspace.projectionStride)
    product.activations = UnsafeRawPointer(workspace.gated)
    down.run(product)
    engine.pool.barrier()
  }

  /// Gate times up and its preparation, of the columns that this thread just computed: both matrices are cut alike, in pairs of
  /// groups, which are blocks of 32 columns, so nobody is waited for.
  private func join(_ groups: Range<Int>, _ width: Int, _ format: ActivationFormat) {
    let columns = groups.lowerBound * 16..<min(groups.upperBound * 16, width)
    if columns.isEmpty { return }
    for token in 0..<tokens {
      let gate = workspace.gate + token * workspace.gateStride
      let (mine, up) = (gate + columns.lowerBound, workspace.up + token * workspace.gateStride + columns.lowerBound)
      switch model.activation {
      case .silu: vectors.siluProduct(mine, up, columns.count)
      case .gelu: vectors.geluProduct(mine, up, columns.count)
      }
      if engine.kernels.roundsActivations { vectors.roundToBFloat16(mine, columns.count) }
      vectors.prepare(gate, columns, (width + 31) / 32 * 32, format, token, workspace.gated)
    }
  }

  /// Residual of the wanted tokens → norm → head.
  private func logits() {
    let wanted = step.logitTokens
    guard !wanted.isEmpty, let last = engine.model.layers.last else { return }
    let kernel = engine.kernels.matrix(engine.model.head.format, tokens: wanted.count)
    for (row, token) in wanted.enumerated() where mine.contains(token) {
      absorb(token, last.postFeedForwardNorm)
      vectors.norm(
        residual(token), engine.model.outputNorm.pointer, model.normEpsilon, model.embeddingLength, scratch.row)
      prepare(scratch.row, model.embeddingLength, kernel.activations.alone, row)
    }
    awaitRows()
    let head = engine.model.head
    kernel.run(
      MatrixArguments(
        weights: head.weights, layout: head.layout, groups: myGroups(head),
        activations: rows.prepared(kernel.activations),
        tokens: wanted.count, output: workspace.logits, outputStride: workspace.logitStride, scratch: scratch.matrix))
    if let cap = model.logitSoftcap {
      let columns = myGroups(head).lowerBound * 16..<min(myGroups(head).upperBound * 16, model.vocabularySize)
      if !columns.isEmpty {
        for row in wanted.indices {
          vectors.softcap(workspace.logits + row * workspace.logitStride + columns.lowerBound, cap, columns.count)
        }
      }
    }
  }

  // MARK: - Pieces

  private func embed(_ token: Int) {
    engine.model.embed(step.tokens[token], into: residual(token))
    if model.embeddingScale != 1 { vectors.scale(residual(token), model.embeddingScale, model.embeddingLength) }
  }

  /// Adds what the last projection returned to the residual, through its own norm where the model has one.
  private func absorb(_ token: Int, _ norm: FloatVector?) {
    let projection = workspace.projection + token * workspace.projectionStride
    guard let norm else { return vectors.add(residual(token), projection, model.embeddingLength) }
    vectors.norm(projection, norm.pointer, model.normEpsilon, model.embeddingLength, scratch.second)
    vectors.add(residual(token), scratch.second, model.embeddingLength)
  }

  private func kernel(_ matrix: PackedMatrix) -> MatrixKernel { engine.kernels.matrix(matrix.format, tokens: tokens) }

  private func prepare(
    _ row: UnsafeMutablePointer<Float>, _ columns: Int, _ formats: ActivationFormats, _ token: Int
  ) {
    if engine.kernels.roundsActivations { vectors.roundToBFloat16(row, columns) }
    let depth = (columns + 31) / 32 * 32
    if formats.contains(.int8) { vectors.prepare(row, 0..<columns, depth, .int8, token, rows.int8) }
    if formats.contains(.f32) { vectors.prepare(row, 0..<columns, depth, .f32, token, rows.f32) }
    if formats.contains(.bf16) { vectors.prepare(row, 0..<columns, depth, .bf16, token, rows.bf16) }
  }

  /// The groups of a matrix that this thread multiplies: the ones that it packed. In pairs, which matmul unpacks together.
  private func myGroups(_ matrix: PackedMatrix) -> Range<Int> {
    share(matrix.layout.groups, part: thread, of: threads, unit: 2)
  }

  private func multiply(
    _ kernel: MatrixKernel, _ matrix: PackedMatrix, _ output: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    kernel.run(arguments(kernel, matrix, output, stride))
  }

  private func arguments(
    _ kernel: MatrixKernel, _ matrix: PackedMatrix, _ output: UnsafeMutablePointer<Float>, _ stride: Int
  ) -> MatrixArguments {
    MatrixArguments(
      weights: matrix.weights, layout: matrix.layout, groups: myGroups(matrix),
      activations: rows.prepared(kernel.activations), tokens: tokens, output: output, outputStride: stride,
      scratch: scratch.matrix)
  }
}
