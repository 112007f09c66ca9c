import CIntrinsics
import KernelContract

/// Sixteen vectors of one stream, then sixteen of the next, so that the loop costs little beside loads from the first cache.
enum Stream {
  static func probes(_ add: (StreamProbe) -> Void) {
    add(
      StreamProbe(.read, isa) { x in
        var step = Read()
        run(&step, x)
        return step.count
      })
    add(
      StreamProbe(.copy, isa) { x in
        var step = Copy()
        run(&step, x)
        return 0
      })
    add(
      StreamProbe(.triad, isa) { x in
        var step = Triad()
        run(&step, x)
        return 0
      })
  }

  @inline(always)
  private static func run<S: StreamStep>(_ step: inout S, _ x: StreamProbe.Arguments) {
    var offset = 0
    while offset < x.bytes {
      for stream in 0..<x.streams { step.take(x.base + stream * x.streamStride + offset, x.arrayStride) }
      offset += 16 * 64
    }
  }
}

/// What is done to sixteen vectors (`StreamProbe.step`) of each array of a stream. A closure would not be inlined.
private protocol StreamStep {
  mutating func take(_ p: UnsafeMutableRawPointer, _ arrayStride: Int)
}

private struct Read: StreamStep {
  /// Two chains suffice: an exclusive or is ready in the next cycle, for which there are two loads.
  var words = InlineArray<2, WordLanes>(repeating: .zero)

  @inline(always) mutating func take(_ p: UnsafeMutableRawPointer, _ arrayStride: Int) {
    for i in 0..<16 { words[i & 1] ^= UnsafeRawPointer(p).words(i * 64) }
  }

  var count: Int {
    let all = words[0] ^ words[1]
    var word: UInt32 = 0
    for lane in 0..<16 { word ^= all[lane] }
    return Int(word)
  }
}

private struct Copy: StreamStep {
  @inline(always) func take(_ p: UnsafeMutableRawPointer, _ arrayStride: Int) {
    for i in 0..<16 {
      p.storeBytes(of: UnsafeRawPointer(p).words(arrayStride + i * 64), toByteOffset: i * 64, as: WordLanes.self)
    }
  }
}

private struct Triad: StreamStep {
  let factor = FloatLanes(repeating: 0.5)

  @inline(always) func take(_ p: UnsafeMutableRawPointer, _ arrayStride: Int) {
    for i in 0..<16 {
      let b = UnsafeRawPointer(p).floats(arrayStride + i * 64)
      let c = UnsafeRawPointer(p).floats(2 * arrayStride + i * 64)
      p.storeBytes(of: b.adding(product: c, factor), toByteOffset: i * 64, as: FloatLanes.self)
    }
  }
}
