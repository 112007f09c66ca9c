import KernelContract
import Model

// Queries, keys and values on their way from their products to attention. A decoding step does this inside of attention's tasks,
// one of which sees a sequence's new position, and so needs no barrier of its own; a prompt's tokens see each other.

extension ThreadProgram {
  var isDecoding: Bool { step.runs.count == tokens }

  /// Rows of a head's queries, token-major, with their bias and norm, rotated and scaled, in the scratch.
  func prepareQueries(_ operations: HeadOperations, _ run: Run, _ tokens: Range<Int>, _ head: Int) {
    let (size, group, padded) = (model.headSize, model.groupSize, engine.cache.keyLayout.paddedHeadSize)
    let (epsilon, scale) = (model.normEpsilon, model.attentionScale)
    for row in 0..<tokens.count * group {
      let token = tokens.lowerBound + row / group
      let query = head * group + row % group
      let x = scratch.queries + row * padded
      x.update(from: workspace.query + token * workspace.queryStride + query * size, count: size)
      if let bias = operations.queryBias { vectors.add(x, bias + query * size, size) }
      if let norm = operations.queryNorm { vectors.norm(x, norm, epsilon, size, x) }
      rotate(x, operations, run.firstPosition + token - run.tokens.lowerBound)
      vectors.scale(x, scale, size)
    }
  }

  /// Tokens' keys and values of some heads, with their biases, norm and rotation, go into the cache.
  func store(_ layer: Int, _ operations: HeadOperations, _ run: Run, _ tokens: Range<Int>, _ heads: Range<Int>) {
    let cache = engine.cache
    let size = model.headSize
    for head in heads {
      let keys = cache.keys(sequence: run.sequence, layer: layer, head: head)
      let values = cache.values(sequence: run.sequence, layer: layer, head: head)
      for token in tokens {
        let position = run.firstPosition + token - run.tokens.lowerBound
        let key = workspace.key + token * workspace.keyValueStride + head * size
        let value = workspace.value + token * workspace.keyValueStride + head * size
        if let bias = operations.keyBias { vectors.add(key, bias + head * size, size) }
        if let bias = operations.valueBias { vectors.add(value, bias + head * size, size) }
        if let norm = operations.keyNorm { vectors.norm(key, norm, model.normEpsilon, size, key) }
        rotate(key, operations, position)
        vectors.storeKey(key, cache.keyLayout, position, keys)
        vectors.storeValue(value, cache.valueLayout, position, values)
      }
    }
  }

  /// The keys and values of all tokens of a prompt, before any of them is attended to.
  func storePrompt(_ layer: Int) {
    if isDecoding { return }
    let mine = share(tokens, part: thread, of: threads)
    let operations = headOperations(layer)
    for run in step.runs {
      let part = mine.clamped(to: run.tokens)
      if !part.isEmpty { store(layer, operations, run, part, 0..<model.keyValueHeadCount) }
    }
    engine.pool.barrier()
  }

  func headOperations(_ index: Int) -> HeadOperations {
    let layer = engine.model.layers[index]
    let table = model.isSliding(layer: index) ? engine.slidingRotation ?? engine.globalRotation : engine.globalRotation
    return HeadOperations(
      queryBias: layer.queryBias?.pointer, keyBias: layer.keyBias?.pointer, valueBias: layer.valueBias?.pointer,
      queryNorm: layer.queryNorm?.pointer, keyNorm: layer.keyNorm?.pointer, angles: table.angles,
      pairs: table.pairs, pairing: model.rotation.pairing)
  }

  private func rotate(_ x: UnsafeMutablePointer<Float>, _ operations: HeadOperations, _ position: Int) {
    let cosines = operations.angles + position * operations.pairs * 2
    let sines = cosines + operations.pairs
    switch operations.pairing {
    case .adjacent: vectors.rotateAdjacent(x, cosines, sines, operations.pairs)
    case .halves: vectors.rotateHalves(x, cosines, sines, operations.pairs)
    }
  }
}

/// What a layer does to its heads, as plain addresses: to look it up for each row counts references, 6 % of a prompt's time.
struct HeadOperations {
  let queryBias, keyBias, valueBias, queryNorm, keyNorm: UnsafePointer<Float>?
  /// [position][cosines | sines], `pairs` of each.
  let angles: UnsafePointer<Float>
  let pairs: Int
  let pairing: ModelDescription.Rotation.Pairing
}
