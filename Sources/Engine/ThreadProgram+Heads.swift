import KernelContract
import Model

// Queries, keys and values on their way from their products to attention. A decoding step does this inside of attention's tasks,
// one of which sees a sequence's new position, and so needs no barrier of its own; a prompt's tokens see each other.

extension ThreadProgram {
  var isDecoding: Bool { step.runs.count == tokens }

  /// A query head with its bias and norm, rotated and scaled.
  func prepareQuery(_ index: Int, _ token: Int, _ position: Int, _ head: Int, _ x: UnsafeMutablePointer<Float>) {
    let layer = engine.model.layers[index]
    let size = model.headSize
    x.update(from: workspace.query + token * workspace.queryStride + head * size, count: size)
    if let bias = layer.queryBias { vectors.add(x, bias.pointer + head * size, size) }
    if let norm = layer.queryNorm { vectors.norm(x, norm.pointer, model.normEpsilon, size, x) }
    rotate(index, position, x)
    vectors.scale(x, model.attentionScale, size)
  }

  /// A token's key and value of a head, with their biases, norm and rotation, go into the cache.
  func store(_ index: Int, _ run: Run, _ token: Int, _ head: Int) {
    let layer = engine.model.layers[index]
    let cache = engine.cache
    let size = model.headSize
    let position = run.firstPosition + token - run.tokens.lowerBound
    let key = workspace.key + token * workspace.keyValueStride + head * size
    let value = workspace.value + token * workspace.keyValueStride + head * size
    if let bias = layer.keyBias { vectors.add(key, bias.pointer + head * size, size) }
    if let bias = layer.valueBias { vectors.add(value, bias.pointer + head * size, size) }
    if let norm = layer.keyNorm { vectors.norm(key, norm.pointer, model.normEpsilon, size, key) }
    rotate(index, position, key)
    vectors.storeKey(
      key, cache.keyLayout, position, cache.keys(sequence: run.sequence, layer: index, head: head))
    vectors.storeValue(
      value, cache.valueLayout, position, cache.values(sequence: run.sequence, layer: index, head: head))
  }

  /// The keys and values of all tokens of a prompt, before any of them is attended to.
  func storePrompt(_ index: Int) {
    if isDecoding { return }
    for token in share(tokens, part: thread, of: threads) {
      let run = step.run(of: token)
      for head in 0..<model.keyValueHeadCount { store(index, run, token, head) }
    }
    engine.pool.barrier()
  }

  private func rotate(_ index: Int, _ position: Int, _ x: UnsafeMutablePointer<Float>) {
    let table = model.isSliding(layer: index) ? engine.slidingRotation ?? engine.globalRotation : engine.globalRotation
    let rotate = model.rotation.pairing == .adjacent ? vectors.rotateAdjacent : vectors.rotateHalves
    rotate(x, table.cosines(position), table.sines(position), table.pairs)
  }
}
