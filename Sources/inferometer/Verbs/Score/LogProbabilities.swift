import Glibc

/// log softmax of a row of logits, in Double so that a long vocabulary loses nothing.
struct LogProbabilities {
  private let logits: UnsafeBufferPointer<Float>
  private let logSum: Double

  /// `logits` must outlive the value.
  init(_ logits: UnsafeBufferPointer<Float>) {
    self.logits = logits
    let maximum = Double(logits.max() ?? 0)
    logSum = maximum + log(logits.reduce(0) { $0 + exp(Double($1) - maximum) })
  }

  var isFinite: Bool { logSum.isFinite }

  subscript(token: Int32) -> Double { Double(logits[Int(token)]) - logSum }

  /// The likeliest tokens, best first, the lower number first where two are alike.
  func top(_ count: Int) -> [TokenProbability] {
    logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }.prefix(count).map {
      TokenProbability(token: Int32($0), logProbability: self[Int32($0)])
    }
  }
}

/// In JSON a pair: `[token, log-probability]`.
struct TokenProbability: Encodable, Equatable {
  let token: Int32
  let logProbability: Double

  func encode(to encoder: any Encoder) throws {
    var pair = encoder.unkeyedContainer()
    try pair.encode(token)
    try pair.encode(logProbability)
  }
}
