/// Which layers of gemma3 see only a window.
struct SlidingPattern {
  let window: Int
  /// nil where every layer slides.
  let globalLayerEvery: Int?

  /// nil where no layer slides.
  init?(_ read: Hyperparameters, layers: Int) throws(GGUFError) {
    window = try read.integer("attention.sliding_window", in: 0...Limit.context, default: 0)
    guard window > 0 else { return nil }
    let name = "attention.sliding_window_pattern"
    if case .array? = read.metadata[read.key(name)] {
      globalLayerEvery = try Self.period(read, name, layers: layers)
    } else {
      let period = try read.integer(name, in: 0...Limit.layers, default: 6)
      globalLayerEvery = period == 0 ? nil : period
    }
    if globalLayerEvery == 1 { return nil }
  }

  /// The n of "every n-th layer is global" from one flag a layer, true where it slides.
  private static func period(_ read: Hyperparameters, _ name: String, layers: Int) throws(GGUFError) -> Int? {
    let slides = try read.metadata.bools(read.key(name))
    guard slides.count == layers else {
      throw read.metadata.failure(read.key(name), "has \(slides.count) elements for \(layers) layers")
    }
    guard let global = slides.firstIndex(of: false) else { return nil }
    let period = global + 1
    guard slides.indices.allSatisfy({ slides[$0] == (($0 + 1) % period != 0) }) else {
      throw read.metadata.failure(read.key(name), "is not 'every n-th layer global', the only pattern supported")
    }
    return period
  }
}
