import CIntrinsics
import KernelContract

/// Rows of activations in the form that a matrix kernel reads (`KernelContract.ActivationFormat`).
enum Prepare {
  static func row(
    _ x: UnsafePointer<Float>, _ columns: Range<Int>, _ depth: Int, _ format: ActivationFormat, _ token: Int,
    _ destination: UnsafeMutableRawPointer
  ) {
    switch format {
    case .f32: float32(x, columns, depth, destination + token * Float32Row(depth: depth).bytes)
    case .int8: int8(x, columns, depth, destination + token * Int8Row(depth: depth).bytes)
    case .bf16: bfloat16Tiles(x, columns, depth, token, destination)
    }
  }

  private static func float32(
    _ x: UnsafePointer<Float>, _ columns: Range<Int>, _ depth: Int, _ destination: UnsafeMutableRawPointer
  ) {
    let row = Float32Row(depth: depth)
    for block in columns.lowerBound / 32..<(columns.upperBound + 31) / 32 {
      let a = x.lanes(block * 32, before: columns.upperBound)
      let b = x.lanes(block * 32 + 16, before: columns.upperBound)
      let (first, second) = (sum_lanes(a), sum_lanes(b))
      destination.storeBytes(of: a, toByteOffset: block * 128, as: FloatLanes.self)
      destination.storeBytes(of: b, toByteOffset: block * 128 + 64, as: FloatLanes.self)
      destination.storeBytes(of: first + second, toByteOffset: row.sums32 + block * 4, as: Float.self)
      destination.storeBytes(of: first, toByteOffset: row.sums16 + block * 8, as: Float.self)
      destination.storeBytes(of: second, toByteOffset: row.sums16 + block * 8 + 4, as: Float.self)
    }
  }

  private static func int8(
    _ x: UnsafePointer<Float>, _ columns: Range<Int>, _ depth: Int, _ destination: UnsafeMutableRawPointer
  ) {
    let row = Int8Row(depth: depth)
    for block in columns.lowerBound / 32..<(columns.upperBound + 31) / 32 {
      let a = x.lanes(block * 32, before: columns.upperBound)
      let b = x.lanes(block * 32 + 16, before: columns.upperBound)
      let largestMagnitude = largest_lane(maximum(magnitude(a), magnitude(b)))
      let scale = largestMagnitude / 127
      let inverse = FloatLanes(repeating: largestMagnitude > 0 ? 127 / largestMagnitude : 0)
      let p = nearestIntegers(a * inverse)
      let q = nearestIntegers(b * inverse)
      store_low_bytes(destination + block * 32, p)
      store_low_bytes(destination + block * 32 + 16, q)
      let (first, second) = (sum_lanes(to_float(p)), sum_lanes(to_float(q)))  // at most 16·127: exact
      destination.storeBytes(of: scale, toByteOffset: row.scales + block * 4, as: Float.self)
      destination.storeBytes(of: Int32(first + second), toByteOffset: row.sums32 + block * 4, as: Int32.self)
      destination.storeBytes(of: Int32(first), toByteOffset: row.sums16 + block * 8, as: Int32.self)
      destination.storeBytes(of: Int32(second), toByteOffset: row.sums16 + block * 8 + 4, as: Int32.self)
      destination.storeBytes(
        of: scale * (first + second), toByteOffset: row.scaledSums32 + block * 4, as: Float.self)
      destination.storeBytes(of: scale * first, toByteOffset: row.scaledSums16 + block * 8, as: Float.self)
      destination.storeBytes(of: scale * second, toByteOffset: row.scaledSums16 + block * 8 + 4, as: Float.self)
    }
  }

  /// Tiles of 16 tokens × 32 columns, [token / 16][column / 32][token % 16][32].
  private static func bfloat16Tiles(
    _ x: UnsafePointer<Float>, _ columns: Range<Int>, _ depth: Int, _ token: Int, _ destination: UnsafeMutableRawPointer
  ) {
    let first = destination + token / 16 * 16 * depth * 2 + token % 16 * 64
    for block in columns.lowerBound / 32..<(columns.upperBound + 31) / 32 {
      store_low_halves(first + block * 1024, bfloat16Bits(x.lanes(block * 32, before: columns.upperBound)))
      store_low_halves(first + block * 1024 + 32, bfloat16Bits(x.lanes(block * 32 + 16, before: columns.upperBound)))
    }
  }
}
