import Glibc
import Model

/// Cosines and sines of every position's angles, computed once in Double.
struct RotationTable: @unchecked Sendable {
  let pairs: Int
  private let memory: AlignedMemory

  init(_ rotation: ModelDescription.Rotation, sliding: Bool, positions: Int) throws {
    pairs = rotation.dimensions / 2
    guard let memory = AlignedMemory(bytes: positions * pairs * 2 * 4) else {
      throw EngineError("not enough memory for the rotations of \(positions) positions")
    }
    self.memory = memory
    let (frequencies, magnitude) = Self.frequencies(rotation, sliding: sliding)
    for position in 0..<positions {
      let row = memory.floats + position * pairs * 2
      for i in 0..<pairs {
        let angle = Double(position) * frequencies[i]
        row[i] = Float(cos(angle) * magnitude)
        row[pairs + i] = Float(sin(angle) * magnitude)
      }
    }
  }

  /// [position][cosines | sines], `pairs` of each.
  var angles: UnsafePointer<Float> { UnsafePointer(memory.floats) }

  /// Radians a position for each pair, and the factor on all cosines and sines.
  static func frequencies(_ rotation: ModelDescription.Rotation, sliding: Bool) -> ([Double], Double) {
    let base = sliding ? rotation.slidingBase ?? rotation.base : rotation.base
    let n = rotation.dimensions
    let plain = (0..<n / 2).map { pow(base, -2 * Double($0) / Double(n)) }
    // Sliding layers never look past the range that they were trained on, so they are not scaled.
    if sliding && rotation.slidingBase != nil { return (plain, 1) }
    switch rotation.scaling {
    case .none: return (plain, 1)
    case .linear(let factor): return (plain.map { $0 / factor }, 1)
    case .perFrequency(let factors): return (zip(plain, factors).map { $0 / Double($1) }, 1)
    case .yarn(let factor, let original, let attentionFactor, let betaFast, let betaSlow):
      // arXiv 2309.00071 §3.2: fast pairs keep their frequency, slow ones are interpolated, a ramp between.
      func pair(ofRotations turns: Double) -> Double {
        Double(n) * log(Double(original) / (turns * 2 * .pi)) / (2 * log(base))
      }
      let low = max(0, pair(ofRotations: betaFast).rounded(.down))
      let high = min(Double(n - 1), pair(ofRotations: betaSlow).rounded(.up))
      let scaled = plain.enumerated().map { index, frequency in
        let ramp = min(1, max(0, (Double(index) - low) / max(0.001, high - low)))
        return frequency / factor * ramp + frequency * (1 - ramp)
      }
      return (scaled, attentionFactor * (1 + 0.1 * log(factor)))
    }
  }
}
