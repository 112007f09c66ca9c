import Glibc
import Statistics

/// Seeded keys, values and queries, each row made when it is asked for: multiples of 1/128 within ±127/128, which all cache
/// formats hold exactly. One of every 32 is the largest, so that Q8_0's scale is 1/128.
struct AttentionData {
  let shape: AttentionShape

  private enum Kind: UInt64 { case key = 1, value, query }

  func key(head: Int, position: Int) -> [Float] { row(.key, head, position) }
  func value(head: Int, position: Int) -> [Float] { row(.value, head, position) }

  /// Scaled by a power of two to scores of a standard deviation near 2.5: then some tens to hundreds of positions matter, and a
  /// tile of them that was left out shows.
  func query(head: Int, token: Int) -> [Float] {
    let scale = Float(exp2(log2(7.5 / Double(shape.headSize).squareRoot()).rounded()))
    return row(.query, head, token).map { $0 * scale }
  }

  private func row(_ kind: Kind, _ head: Int, _ index: Int) -> [Float] {
    var generator = SplitMix64(seed: kind.rawValue << 56 | UInt64(head) << 40 | UInt64(index))
    return (0..<shape.headSize).map { $0 % 32 == 0 ? 127.0 / 128 : Float(generator.index(below: 255) - 127) / 128 }
  }
}
