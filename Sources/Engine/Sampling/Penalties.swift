/// Changes the logits of the tokens in the recent history, at a cost that grows with the history and not with the vocabulary.
final class Penalties {
  private let settings: SamplerSettings
  private let vocabularySize: Int
  /// How often each token occurs; all 0 between calls.
  private let counts: UnsafeMutablePointer<Int32>
  /// The tokens that occur, and what their logits were.
  private let tokens: UnsafeMutablePointer<Int32>
  private let originals: UnsafeMutablePointer<Float>
  private var distinct = 0
  /// A row that may be changed where the caller's may not.
  private let row: UnsafeMutablePointer<Float>

  init(_ settings: SamplerSettings, vocabularySize: Int) {
    self.settings = settings
    self.vocabularySize = vocabularySize
    counts = .allocate(capacity: vocabularySize)
    counts.initialize(repeating: 0, count: vocabularySize)
    tokens = .allocate(capacity: vocabularySize)
    originals = .allocate(capacity: vocabularySize)
    row = .allocate(capacity: vocabularySize)
  }

  deinit {
    counts.deallocate()
    tokens.deallocate()
    originals.deallocate()
    row.deallocate()
  }

  /// Copies the logits to a row that `apply` may change.
  func copy(_ logits: UnsafePointer<Float>) -> UnsafeMutablePointer<Float> {
    row.update(from: logits, count: vocabularySize)
    return row
  }

  /// Tokens outside of the vocabulary are none of the model's, and are passed over.
  func apply(_ history: [Int32], to logits: UnsafeMutablePointer<Float>) {
    let recent = settings.repeatLastN < 0 ? history.count : min(history.count, settings.repeatLastN)
    distinct = 0
    for token in history[(history.count - recent)...] where token >= 0 && token < vocabularySize {
      if counts[Int(token)] == 0 {
        tokens[distinct] = token
        distinct += 1
      }
      counts[Int(token)] &+= 1
    }
    for i in 0..<distinct {
      let token = Int(tokens[i])
      originals[i] = logits[token]
      logits[token] = penalised(logits[token], occurrences: counts[token])
      counts[token] = 0
    }
  }

  func undo(in logits: UnsafeMutablePointer<Float>) {
    for i in 0..<distinct { logits[Int(tokens[i])] = originals[i] }
    distinct = 0
  }

  private func penalised(_ logit: Float, occurrences: Int32) -> Float {
    let logit = Double(logit)
    let scaled = logit > 0 ? logit / settings.repeatPenalty : logit * settings.repeatPenalty
    return Float(scaled - Double(occurrences) * settings.frequencyPenalty - settings.presencePenalty)
  }
}
