/// What a piece of work asks of a machine, in the quantities that its cost grows with. Demands add up.
package struct Demand: Codable, Hashable, Sendable {
  /// Passes through all layers: each streams the weights and has the threads meet.
  package var passes: Double
  /// Rows that go through the layers: tokens of all sequences.
  package var rows: Double
  /// Tokens that are attended to, summed over the rows; of layers that see different windows the mean.
  package var pairs: Double
  /// Squares of what each row attends to, for a cost that grows faster than the context.
  package var squaredPairs: Double
  /// Tokens of the cache that each pass finds there, summed over passes and sequences: they are read back and unpacked.
  package var recalled: Double

  package init(
    passes: Double = 0, rows: Double = 0, pairs: Double = 0, squaredPairs: Double = 0, recalled: Double = 0
  ) {
    self.passes = passes
    self.rows = rows
    self.pairs = pairs
    self.squaredPairs = squaredPairs
    self.recalled = recalled
  }

  package static func + (a: Demand, b: Demand) -> Demand {
    Demand(
      passes: a.passes + b.passes, rows: a.rows + b.rows, pairs: a.pairs + b.pairs,
      squaredPairs: a.squaredPairs + b.squaredPairs, recalled: a.recalled + b.recalled)
  }

  package static func * (a: Demand, factor: Double) -> Demand {
    Demand(
      passes: a.passes * factor, rows: a.rows * factor, pairs: a.pairs * factor,
      squaredPairs: a.squaredPairs * factor, recalled: a.recalled * factor)
  }
}

/// What of a model and of how it is run decides the demand of a place.
package struct Growth: Codable, Hashable, Sendable {
  /// Layers that see the same part of a context.
  package struct Layers: Codable, Hashable, Sendable {
    package var count: Int
    /// Tokens that each attends to, its own included; nil for all.
    package var window: Int?

    package init(count: Int, window: Int? = nil) {
      self.count = count
      self.window = window
    }
  }

  /// Tokens of a prompt that go through the layers together; nil for all.
  package var microBatch: Int?
  package var layers: [Layers]

  package init(microBatch: Int? = nil, layers: [Layers] = [Layers(count: 1)]) {
    self.microBatch = microBatch
    self.layers = layers
  }

  /// The demand of a place: prompts one sequence after another, or one step of all sequences.
  package func demand(of place: Place) -> Demand {
    guard place.tokens > 1 else { return steps(from: place.context, count: place.tokens, sequences: place.sequences) }
    let part = microBatch ?? place.tokens
    let passes = Double((place.tokens - 1) / part + 1)
    var one = Demand(passes: passes, rows: Double(place.tokens))
    let starts = Run(first: Double(place.context), step: Double(part), count: passes)
    for layers in shares {
      let attended = Run(first: Double(place.context) + 1, count: Double(place.tokens)).sums(cappedAt: layers.window)
      one.pairs += layers.share * attended.sum
      one.squaredPairs += layers.share * attended.squares
      one.recalled += layers.share * starts.sums(cappedAt: layers.window).sum
    }
    return one * Double(place.sequences)
  }

  /// The demand of decode steps at the contexts first, first + 1, … (count of them).
  package func steps(from first: Int, count: Int, sequences: Int = 1) -> Demand {
    let attended = Run(first: Double(first) + 1, count: Double(count))
    var rows = Demand(rows: Double(count))
    for layers in shares {
      let sums = attended.sums(cappedAt: layers.window)
      rows.pairs += layers.share * sums.sum
      rows.squaredPairs += layers.share * sums.squares
    }
    var demand = rows * Double(sequences)
    demand.passes = Double(count)
    return demand
  }

  /// What one more token at the end of a prompt adds, within the same pass.
  package func oneMore(at place: Place) -> Demand {
    var demand = steps(from: place.context + place.tokens, count: 1, sequences: place.sequences)
    demand.passes = 0
    return demand
  }

  private var shares: [(share: Double, window: Double)] {
    let total = Double(layers.reduce(0) { $0 + $1.count })
    return layers.map { (Double($0.count) / total, $0.window.map(Double.init) ?? .infinity) }
  }
}

/// An arithmetic sequence of numbers that rise.
private struct Run {
  var first: Double
  var step = 1.0
  var count: Double

  /// The sums of min(x, cap) and of its square, in closed form.
  func sums(cappedAt cap: Double) -> (sum: Double, squares: Double) {
    let below = min(count, max(0, ((cap - first) / step).rounded(.down) + 1))
    let steps = below * (below - 1) / 2
    let squaredSteps = steps * (2 * below - 1) / 3
    let capped = count - below
    return (
      below * first + step * steps + (capped > 0 ? capped * cap : 0),
      below * first * first + 2 * first * step * steps + step * step * squaredSteps
        + (capped > 0 ? capped * cap * cap : 0)
    )
  }
}
