import Foundation
import KernelTiming
import Testing

/// Four tokens with probabilities 0.3, 0.5, 0.17 and 0.03, judged by hand.
@Suite struct SamplingCheckTests {
  private static let shares = [0.3, 0.5, 0.17, 0.03]

  private func deviation(_ tokens: [Int32], _ method: SamplingMethod, factor: Double = 1, next: Int32? = nil) -> Double
  {
    let logits = Self.shares.map { Float(log($0)) }
    let total = tokens.reduce(0) { $0 + Self.shares[Int($1)] }
    let kept = tokens.enumerated().map { index, token in
      (token: token, probability: Self.shares[Int(token)] / total * (index == 0 ? factor : 1))
    }
    return logits.withUnsafeBufferPointer {
      SamplingCheck($0).deviation(of: kept, next: next ?? tokens.first ?? 0, method)
    }
  }

  @Test func theRightTokensPass() {
    #expect(deviation([1], .greedy) <= 1)
    // 0.3 + 0.5 + 0.17 is the first sum of 0.95 or more.
    #expect(deviation([0, 1, 2], .topP) <= 1)
    // 0.03 is 0.06 of the largest: more than 0.05.
    #expect(deviation([0, 1, 2, 3], .minP) <= 1)
    #expect(deviation([0, 1, 2, 3], .full) <= 1)
    // Surprises 1.20, 0.69, 1.77, 3.51, their mean 1.11: token 0, 1, 2 in this order reach 0.97.
    #expect(deviation([0, 1, 2], .typical) <= 1)
  }

  @Test func othersDoNot() {
    #expect(deviation([0], .greedy) == .infinity)
    for tokens: [Int32] in [[], [0, 1], [0, 1, 3], [0, 1, 2, 3], [0, 1, 1]] {
      #expect(deviation(tokens, .topP) == .infinity, "\(tokens)")
    }
    #expect(deviation([0, 1, 2], .minP) == .infinity && deviation([0, 1, 2], .full) == .infinity)
    #expect(deviation([0, 1, 3], .typical) == .infinity)
    #expect(deviation([0, 1, 2], .topP, next: 3) == .infinity)
    #expect(deviation([0, 1, 2], .topP, factor: 1.0001) > 1)
  }
}
