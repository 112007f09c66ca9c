import CIntrinsics
import KernelContract

extension UnsafePointer<Float> {
  /// Elements `index ..< index + 16`, zero from `length` on.
  @inline(always) func lanes(_ index: Int, before length: Int) -> FloatLanes {
    if index + 16 <= length { return lanes(index) }
    var rest = FloatLanes.zero
    if index < length { for i in index..<length { rest[i - index] = self[i] } }
    return rest
  }
}

extension UnsafeMutablePointer<Float> {
  @inline(always) func lanes(_ index: Int, before length: Int) -> FloatLanes {
    UnsafePointer(self).lanes(index, before: length)
  }
  @inline(always) func store(_ value: FloatLanes, _ index: Int, before length: Int) {
    if index + 16 <= length { return store(value, index) }
    for i in index..<length { self[i] = value[i - index] }
  }
}

enum Elementwise {
  static func norm(
    _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ epsilon: Float, _ length: Int,
    _ output: UnsafeMutablePointer<Float>
  ) {
    var squares = FloatLanes.zero
    var i = 0
    while i < length {
      let v = x.lanes(i, before: length)
      squares.add(product: v, v)
      i += 16
    }
    let factor = FloatLanes(repeating: 1 / (sum_lanes(squares) / Float(length) + epsilon).squareRoot())
    i = 0
    while i < length {
      output.store(x.lanes(i, before: length) * factor * weight.lanes(i, before: length), i, before: length)
      i += 16
    }
  }

  static func add(_ x: UnsafeMutablePointer<Float>, _ y: UnsafePointer<Float>, _ length: Int) {
    var i = 0
    while i < length {
      x.store(x.lanes(i, before: length) + y.lanes(i, before: length), i, before: length)
      i += 16
    }
  }

  static func scale(_ x: UnsafeMutablePointer<Float>, _ factor: Float, _ length: Int) {
    var i = 0
    while i < length {
      x.store(x.lanes(i, before: length) * FloatLanes(repeating: factor), i, before: length)
      i += 16
    }
  }

  static func siluProduct(_ gate: UnsafeMutablePointer<Float>, _ up: UnsafePointer<Float>, _ length: Int) {
    var i = 0
    while i < length {
      let g = gate.lanes(i, before: length)
      gate.store(silu(g) * up.lanes(i, before: length), i, before: length)
      i += 16
    }
  }

  static func geluProduct(_ gate: UnsafeMutablePointer<Float>, _ up: UnsafePointer<Float>, _ length: Int) {
    var i = 0
    while i < length {
      let g = gate.lanes(i, before: length)
      gate.store(gelu(g) * up.lanes(i, before: length), i, before: length)
      i += 16
    }
  }

  static func softcap(_ x: UnsafeMutablePointer<Float>, _ cap: Float, _ length: Int) {
    var i = 0
    while i < length {
      x.store(capped(x.lanes(i, before: length), cap), i, before: length)
      i += 16
    }
  }

  static func roundToBFloat16(_ x: UnsafeMutablePointer<Float>, _ length: Int) {
    var i = 0
    while i < length {
      x.store(FloatLanes(lanes: bfloat16Bits(x.lanes(i, before: length)) &<< 16), i, before: length)
      i += 16
    }
  }
}

/// Rotary position embedding: (x, y) → (x·cos − y·sin, x·sin + y·cos).
enum Rotation {
  static func adjacent(
    _ x: UnsafeMutablePointer<Float>, _ cosines: UnsafePointer<Float>, _ sines: UnsafePointer<Float>, _ pairs: Int
  ) {
    for i in 0..<pairs {
      let (a, b) = (x[2 * i], x[2 * i + 1])
      x[2 * i] = a * cosines[i] - b * sines[i]
      x[2 * i + 1] = a * sines[i] + b * cosines[i]
    }
  }

  static func halves(
    _ x: UnsafeMutablePointer<Float>, _ cosines: UnsafePointer<Float>, _ sines: UnsafePointer<Float>, _ pairs: Int
  ) {
    for i in 0..<pairs {
      let (a, b) = (x[i], x[i + pairs])
      x[i] = a * cosines[i] - b * sines[i]
      x[i + pairs] = a * sines[i] + b * cosines[i]
    }
  }
}
