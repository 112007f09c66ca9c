/// The key by which a filter orders tokens: their logits or, where a mean is given, how near these are to it. Larger keys come
/// first, equal ones by token.
struct Order {
  let mean: Double?
  /// No key is above it.
  let highest: Float

  static func byLogit(top: Float) -> Order { Order(mean: nil, highest: top) }
  static func nearest(to mean: Double) -> Order { Order(mean: mean, highest: 0) }

  func key(_ logit: Float) -> Float {
    guard let mean else { return logit }
    return Float(-abs(Double(logit) - mean))
  }

  /// The keys of many, which may go to `room`.
  func keys(
    _ logits: UnsafePointer<Float>, _ count: Int, _ room: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    guard let mean else { return logits }
    for i in 0..<count { room[i] = Float(-abs(Double(logits[i]) - mean)) }
    return UnsafePointer(room)
  }

  /// The largest logit below a bound with a key of at most this.
  func largest(to key: Float, below bound: Float) -> Double {
    guard let mean else { return Double(key) }
    let above = mean - Double(key)
    return above < Double(bound) ? above : mean + Double(key)
  }

  /// Just the logits with keys of at least `key`, up to but without `upper`.
  func logits(from key: Float) -> (lower: Float, upper: Float) {
    guard let mean else { return (key, .infinity) }
    let nearest = Float(mean)
    guard self.key(nearest) >= key else { return (nearest, nearest) }
    let lower = first(from: -.infinity, through: nearest) { self.key($0) >= key }
    return (lower, first(from: nearest, through: .infinity) { self.key($0) < key })
  }

  /// The first Float for which the condition holds, which it does for all behind it and, at the latest, for the last one.
  private func first(from low: Float, through high: Float, where condition: (Float) -> Bool) -> Float {
    var low = low.rank
    var high = high.rank
    while low < high {
      let middle = low + (high - low) / 2
      if condition(Float(rank: middle)) { high = middle } else { low = middle + 1 }
    }
    return Float(rank: high)
  }
}

/// What a filter leaves: all with larger keys, and those with just this key up to the position `last`.
struct Cut {
  let order: Order
  let key: Float
  var last = Int.max

  func keeps(_ logit: Float, at position: Int) -> Bool {
    let key = order.key(logit)
    return key > self.key || key == self.key && position <= last
  }
}

extension Float {
  /// Floats in order have these integers in order.
  var rank: Int {
    let bits = Int32(bitPattern: bitPattern)
    return Int(bits >= 0 ? bits : Int32.min &- bits)
  }

  init(rank: Int) {
    let rank = Int32(rank)
    self.init(bitPattern: UInt32(bitPattern: rank >= 0 ? rank : Int32.min &- rank))
  }
}
