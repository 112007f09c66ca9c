import Foundation
import Statistics

/// Normal deviates by Box and Muller.
struct NormalNoise {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func next() -> Double { (-2 * log(random.unit())).squareRoot() * cos(2 * .pi * random.unit()) }
  mutating func unit() -> Double { random.unit() }
}

/// Times of steps as a shared virtual machine gives them: each process has a speed of its own, and by the shape of the noise
/// one of two modes, a drift while it runs, bursts of several steps that hold it up, or all of these.
struct NoisyMachine {
  private var noise: NormalNoise

  private let shape: Shape

  enum Shape: String, CaseIterable, Sendable {
    case bursts, drifts, modes = "two modes", all = "all three"
  }

  init(seed: UInt64, shape: Shape = .all) {
    noise = NormalNoise(seed: seed)
    self.shape = shape
  }

  private func has(_ part: Shape) -> Bool { shape == part || shape == .all }

  mutating func process(steps: Int) -> [Double] {
    let mode = has(.modes) && noise.unit() < 0.3 ? 1.15 : 1
    let base = mode * exp(0.02 * noise.next())
    let drift = has(.drifts) ? 0.02 * noise.next() : 0
    var burst = 0
    return (0..<steps).map { step in
      burst = has(.bursts) && noise.unit() < 0.004 ? 6 : max(0, burst - 1)
      let place = Double(step) / Double(steps) - 0.5
      return base * (1 + drift * place) * exp(0.01 * noise.next()) * (burst > 0 ? 1 + noise.unit() : 1)
    }
  }

  mutating func processes(_ count: Int, steps: Int) throws -> [Sample] {
    try (0..<count).map { _ in try Sample(process(steps: steps)) }
  }
}
