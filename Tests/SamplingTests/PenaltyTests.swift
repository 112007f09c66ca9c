import Engine
import Kernels
import TestSupport
import Testing

@Suite struct PenaltyTests {
  private static let history: [Int32] = [3, 1, 3, 0, 2, 3, 99, -4]

  /// Twice seen, positive: 2 / 1.25 − 2·0.1 − 0.5 = 0.9. Once seen, negative: −1·1.25 − 0.1 − 0.5 = −1.85.
  @Test func workedByHand() throws {
    let settings = settings {
      ($0.repeatPenalty, $0.frequencyPenalty, $0.presencePenalty, $0.repeatLastN) = (1.25, 0.1, 0.5, 3)
    }
    let sampler = try Sampler(settings, kernels: KernelSelection().sampling, vocabularySize: 3)
    let logits: [Float] = [2, -1, 0.9]
    // The first token lies before the last three.
    let found = logits.withUnsafeBufferPointer { sampler.distribution($0, history: [2, 0, 1, 0]) }
    #expect(found.map(\.token) == [0, 1, 2])
    #expect(abs(found[0].probability - found[2].probability) < 1e-6)
    #expect(abs(found[1].probability / found[2].probability - 0.063_927_861) < 1e-6)  // e^(−1.85 − 0.9)
  }

  @Test(arguments: [0, 1, 4, 5, 64, -1])
  func followsTheDefinition(lastN: Int) throws {
    for (repetition, frequency, presence) in [
      (1.3, 0.0, 0.0), (1, 0.4, 0), (1, 0, 0.7), (0.8, -0.2, 0.3), (1.1, 0.2, 0.1),
    ] {
      for temperature in [0, 0.9] {
        let settings = settings {
          ($0.repeatPenalty, $0.frequencyPenalty, $0.presencePenalty) = (repetition, frequency, presence)
          ($0.repeatLastN, $0.temperature, $0.topK) = (lastN, temperature, 4)
        }
        for count in [5, 100] {
          let logits = Rows.flat.logits(count, seed: 3)
          let sampler = try Sampler(settings, kernels: KernelSelection().sampling, vocabularySize: count)
          let found = logits.withUnsafeBufferPointer { sampler.distribution($0, history: Self.history) }
          let expected = Definition.distribution(logits, settings, history: Self.history)
          #expect(found.map(\.token) == expected.keys.sorted(), "\(settings)")
          #expect(found.allSatisfy { abs($0.probability - expected[$0.token]!) < 1e-6 }, "\(settings)")
        }
      }
    }
  }

  /// Both ways to hand over logits choose the same, and leave them as they were.
  @Test func logitsAreRestored() throws {
    var generator = SeededGenerator(seed: 4)
    let history = (0..<3000).map { _ in Int32.random(in: 0..<200, using: &generator) }
    let settings = settings { ($0.repeatPenalty, $0.frequencyPenalty, $0.repeatLastN) = (1.2, 0.01, -1) }
    let original = Rows.wide.logits(300)
    var logits = original
    var first = try Sampler(settings, kernels: KernelSelection().sampling, vocabularySize: 300)
    var second = try Sampler(settings, kernels: KernelSelection().sampling, vocabularySize: 300)
    for length in stride(from: 0, through: 3000, by: 150) {
      let recent = Array(history.prefix(length))
      let copied = original.withUnsafeBufferPointer { first.next($0, history: recent) }
      let inPlace = logits.withUnsafeMutableBufferPointer { second.next($0, history: recent) }
      #expect(copied == inPlace)
      #expect(logits == original)
    }
  }

  @Test func extremePenaltiesStillChoose() throws {
    for (repetition, presence) in [(1e300, 0.0), (1e-300, 0), (1, 1e300), (1, -1e300)] {
      let settings = settings { ($0.repeatPenalty, $0.presencePenalty, $0.topP) = (repetition, presence, 0.9) }
      var sampler = try Sampler(settings, kernels: KernelSelection().sampling, vocabularySize: 4)
      let token = [Float](repeating: 1, count: 4).withUnsafeBufferPointer { sampler.next($0, history: [0, 1]) }
      #expect((0..<4).contains(token))
    }
  }
}
