import Engine
import Foundation
import Kernels
import TestSupport

/// Rows of logits that look different to a filter.
enum Rows: String, CaseIterable {
  /// Nearly all of the probability on a few tokens, as in text.
  case peaked
  /// Normal, with a standard deviation of 3 or 1: thousands of tokens matter, or most of them.
  case wide, flat
  /// Multiples of ½: many equal logits.
  case tied
  /// Every third NaN or −∞.
  case broken
  /// All below zero.
  case negative
  /// All within 10⁻³, and all the same.
  case near, equal

  func logits(_ count: Int, seed: UInt64 = 1) -> [Float] {
    var generator = SeededGenerator(seed: seed &+ UInt64(count) << 8)
    func normal() -> Double {
      // Box–Muller.
      sqrt(-2 * log(Double.random(in: 0x1p-60..<1, using: &generator)))
        * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
    }
    return (0..<count).map { i in
      switch self {
      case .peaked: Float(normal() * 2 + (i % 97 == 5 ? 14 - 3 * log(Double(i / 97 + 1)) : 0))
      case .wide: Float(normal() * 3)
      case .flat: Float(normal())
      case .tied: Float((normal() * 4).rounded() / 2)
      case .broken: i % 3 == 1 ? (i % 2 == 0 ? .nan : -.infinity) : Float(normal() * 3)
      case .negative: Float(normal() * 2 - 40)
      case .near: Float(Double.random(in: 5..<5.001, using: &generator))
      case .equal: 1.5
      }
    }
  }
}

func settings(_ change: (inout SamplerSettings) -> Void) -> SamplerSettings {
  var settings = SamplerSettings()
  change(&settings)
  return settings
}

let usableSets = InstructionSetStatus.all.filter(\.isUsable).map(\.isa)
