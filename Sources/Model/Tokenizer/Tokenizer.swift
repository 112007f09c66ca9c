/// Text to tokens and back, as llama.cpp does it for the same file.
package struct Tokenizer: Sendable {
  private enum Encoder {
    case bytePair(BytePairEncoder)
    case sentencePiece(SentencePieceEncoder)
  }

  private let vocabulary: Vocabulary
  private let splitter: SpecialTokenSplitter
  private let encoder: Encoder
  private let end: Int32?
  private let addsBeginning: Bool
  private let addsEnd: Bool
  /// Encoding puts a space before text, and decoding takes it away.
  let addsSpacePrefix: Bool

  /// The token that begins a text.
  package let beginning: Int32?
  /// Generation ends at any of these.
  package let endTokens: Set<Int32>

  package var vocabularySize: Int { vocabulary.count }

  package init(_ metadata: TokenizerMetadata) throws {
    let count = metadata.tokens.count
    guard count > 0 else { throw metadata.error("tokens", "the vocabulary is empty") }
    for (key, count) in [("tokens", count), ("merges", metadata.merges?.count ?? 0)] where count > Int32.max {
      throw metadata.error(key, "\(count) are more than 32 bits can number")
    }
    for (key, other) in [("scores", metadata.scores?.count), ("token_type", metadata.kinds?.count)] {
      guard let other, other != count else { continue }
      throw metadata.error(key, "\(other) values for \(count) tokens")
    }
    let special: SpecialTokens
    let addsByDefault: Bool
    switch metadata.model {
    case "gpt2":
      let preTokenizer = try PreTokenizer(metadata)
      special = try SpecialTokens(metadata, defaults: [:])
      vocabulary = try Vocabulary(metadata, spelling: .byteAlphabet, attributes: special.attributes)
      encoder = .bytePair(try BytePairEncoder(metadata, preTokenizer: preTokenizer, vocabulary: vocabulary))
      addsByDefault = preTokenizer.addsBeginning
      addsSpacePrefix = false
    case "llama":
      special = try SpecialTokens(metadata, defaults: ["bos": 1, "eos": 2, "unknown": 0])
      vocabulary = try Vocabulary(metadata, spelling: .escapedSpaces, attributes: special.attributes)
      encoder = .sentencePiece(
        try SentencePieceEncoder(metadata, vocabulary: vocabulary, unknown: special.unknown))
      addsByDefault = true
      addsSpacePrefix = metadata.addsSpacePrefix ?? true
    default:
      throw metadata.error(
        "model", "'\(metadata.model)' is not supported: only gpt2 (byte pairs) and llama (SentencePiece)")
    }
    splitter = SpecialTokenSplitter(vocabulary)
    beginning = special.beginning
    end = special.end
    endTokens = special.ends
    addsBeginning = metadata.addsBeginning ?? addsByDefault
    addsEnd = metadata.addsEnd ?? false
    if addsBeginning, beginning == nil {
      throw metadata.error("bos_token_id", "missing, and the tokenizer begins each text with it")
    }
    if addsEnd, end == nil { throw metadata.error("eos_token_id", "missing, and the tokenizer ends each text with it") }
  }

  /// The tokens of a text. `special`: control tokens are read from their spelling; only for text that is trusted.
  /// `addBOS` nil: the text begins, and ends, as the file asks.
  package func encode(_ text: String, special: Bool = false, addBOS: Bool? = nil) -> [Int32] {
    encode(bytes: Array(text.utf8), special: special, addBOS: addBOS)
  }

  /// The tokens of bytes that need not be UTF-8: byte pairs take what is not as U+FFFD, SentencePiece byte for byte.
  package func encode(bytes: [UInt8], special: Bool = false, addBOS: Bool? = nil) -> [Int32] {
    var tokens: [Int32] = []
    if addBOS ?? addsBeginning, let beginning { tokens.append(beginning) }
    var queue = MergeQueue()
    var isFirst = true
    for fragment in splitter.split(bytes, all: special) {
      switch fragment {
      case .token(let token):
        tokens.append(token)
        isFirst = true
      case .text(let range):
        let text = range.count == bytes.count ? bytes : Array(bytes[range])
        switch encoder {
        case .bytePair(let encoder):
          encoder.encode(text, with: vocabulary, using: &queue, into: &tokens)
        case .sentencePiece(let encoder):
          encoder.encode(text, isFirst: isFirst, with: vocabulary, using: &queue, into: &tokens)
        }
        isFirst = false
      }
    }
    if addBOS ?? true, addsEnd, let end { tokens.append(end) }
    return tokens
  }

  /// The bytes that a token stands for, a control token's name included; none for a number that is no token.
  package func piece(_ id: Int32) -> [UInt8] {
    guard id >= 0, id < vocabulary.count else { return [] }
    return vocabulary.piece(id)
  }

  /// Whether the token is not text to be shown: control and unknown tokens.
  package func isControl(_ id: Int32) -> Bool {
    guard id >= 0, id < vocabulary.count else { return false }
    return !vocabulary.attributes[Int(id)].isDisjoint(with: .hidden)
  }

  /// Text from tokens, one at a time. `continuing`: the tokens go on from others, so that a first space belongs to them.
  package func detokenizer(continuing: Bool = false, showsControl: Bool = false) -> Detokenizer {
    Detokenizer(self, dropsSpace: addsSpacePrefix && !continuing, showsControl: showsControl)
  }
}

extension PreTokenizer {
  fileprivate init(_ metadata: TokenizerMetadata) throws {
    guard let name = metadata.preTokenizer else {
      throw metadata.error("pre", "missing; the file predates this key: convert the model again")
    }
    guard let family = PreTokenizer.families[name] else {
      let known = PreTokenizer.families.keys.sorted().joined(separator: " ")
      throw metadata.error("pre", "'\(name)' is not known; these are: \(known)")
    }
    self = family
  }
}
