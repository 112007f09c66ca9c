import CIntrinsics
import KernelContract

/// Writes one position's head into the key-value cache (`KernelContract.CacheLayout`).
enum CacheStore {
  static func key(
    _ x: UnsafePointer<Float>, _ layout: CacheLayout, _ position: Int, _ cache: UnsafeMutableRawPointer
  ) {
    let element = CacheLayout.elementBytes(layout.format)
    let block = position / 16 * layout.paddedHeadSize
    store(
      x, layout, cache + (block * 16 + position % 16) * element, stride: 16 * element,
      scales: cache + layout.scale(of: position))
  }

  static func value(
    _ x: UnsafePointer<Float>, _ layout: CacheLayout, _ position: Int, _ cache: UnsafeMutableRawPointer
  ) {
    let element = CacheLayout.elementBytes(layout.format)
    store(
      x, layout, cache + position * layout.paddedHeadSize * element, stride: element,
      scales: cache + layout.scale(of: position))
  }

  /// Converts 32 elements at a time and puts them `stride` bytes apart; elements past the head stay as they are, zero.
  private static func store(
    _ x: UnsafePointer<Float>, _ layout: CacheLayout, _ first: UnsafeMutableRawPointer, stride: Int,
    scales: UnsafeMutableRawPointer
  ) {
    let element = CacheLayout.elementBytes(layout.format)
    // With a larger alignment the buffer would come from the heap.
    withUnsafeTemporaryAllocation(byteCount: 128, alignment: 16) { buffer in
      let converted = buffer.baseAddress!
      var index = 0
      while index < layout.headSize {
        let count = min(32, layout.headSize - index)
        let a = x.lanes(index, before: layout.headSize)
        let b = x.lanes(index + 16, before: layout.headSize)
        switch layout.format {
        case .f32:
          converted.storeBytes(of: a, as: FloatLanes.self)
          converted.storeBytes(of: b, toByteOffset: 64, as: FloatLanes.self)
        case .f16:
          store_f16(converted, a)
          store_f16(converted + 32, b)
        case .bf16:
          store_low_halves(converted, bfloat16Bits(a))
          store_low_halves(converted + 32, bfloat16Bits(b))
        case .q8_0:
          let largestMagnitude = largest_lane(maximum(magnitude(a), magnitude(b)))
          let inverse = FloatLanes(repeating: largestMagnitude > 0 ? 127 / largestMagnitude : 0)
          store_low_bytes(converted, nearestIntegers(a * inverse))
          store_low_bytes(converted + 16, nearestIntegers(b * inverse))
          store_f16(converted + 64, FloatLanes(repeating: largestMagnitude / 127))
          (scales + index).copyMemory(from: converted + 64, byteCount: 2)
        }
        switch element {
        case 4: for i in 0..<count { scatter(UInt32.self, converted, i, first + (index + i) * stride) }
        case 2: for i in 0..<count { scatter(UInt16.self, converted, i, first + (index + i) * stride) }
        default: for i in 0..<count { scatter(UInt8.self, converted, i, first + (index + i) * stride) }
        }
        index += 32
      }
    }
  }

  @inline(always)
  private static func scatter<T: BitwiseCopyable>(
    _: T.Type, _ source: UnsafeMutableRawPointer, _ index: Int, _ target: UnsafeMutableRawPointer
  ) {
    target.storeBytes(
      of: source.load(fromByteOffset: index * MemoryLayout<T>.size, as: T.self), as: T.self)
  }
}
