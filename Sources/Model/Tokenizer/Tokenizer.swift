/// Text to tokens and back, as the program that the model was trained with does it.
package struct Tokenizer: Sendable {
  private enum Encoder {
    case bytePair(BytePairEncoder)
    case sentencePiece(SentencePieceEncoder)
  }

  /// What a text is, which decides what is added to it.
  package enum Role: Sendable {
    /// A part of a text, to which nothing is added.
    case part
    /// The start of a text that is to be continued: it begins as the file asks, and does not end.
    case prompt
    /// A whole text, which begins and ends as the file asks.
    case whole
  }

  package struct Encoding: Sendable {
    package var tokens: [Int32] = []
    /// The names of tokens that the file asks to add and that the text spells, so that they are there once.
    package var spelled: [String] = []
  }

  private let vocabulary: Vocabulary
  private let splitter: SpecialTokenSplitter
  private let encoder: Encoder
  /// What the file asks to add to a text, or why it cannot be; nil where it does not ask.
  private let addedBeginning: Result<Int32, GGUFError>?
  private let addedEnd: Result<Int32, GGUFError>?
  /// Encoding puts a space before text, and decoding takes it away.
  let addsSpacePrefix: Bool

  /// The token that begins a text.
  package let beginning: Int32?
  /// Generation ends at any of these.
  package let endTokens: Set<Int32>
  /// What is wrong with the file and does no harm to most texts, a line each.
  package let warnings: [String]

  package var vocabularySize: Int { vocabulary.count }

  package init(_ metadata: TokenizerMetadata) throws {
    let count = metadata.tokens.count
    guard count > 0 else { throw metadata.error("tokens", "the vocabulary is empty") }
    for (key, count) in [("tokens", count), ("merges", metadata.merges?.count ?? 0)] where count > Int32.max {
      throw metadata.error(key, "\(count) are more than 32 bits can number")
    }
    if let kinds = metadata.kinds, kinds.count != count {
      throw metadata.error("token_type", "\(kinds.count) values for \(count) tokens")
    }
    let special: SpecialTokens
    let addsByDefault: Bool
    switch metadata.model {
    case "gpt2":
      let preTokenizer = try PreTokenizer(metadata)
      special = SpecialTokens(metadata, defaults: [:])
      vocabulary = try Vocabulary(metadata, spelling: .byteAlphabet, attributes: special.attributes)
      encoder = .bytePair(try BytePairEncoder(metadata, preTokenizer: preTokenizer, vocabulary: vocabulary))
      addsByDefault = preTokenizer.addsBeginning
      addsSpacePrefix = false
    case "llama":
      special = SpecialTokens(metadata, defaults: ["bos": 1, "eos": 2, "unknown": 0])
      vocabulary = try Vocabulary(metadata, spelling: .escapedSpaces, attributes: special.attributes)
      encoder = .sentencePiece(try SentencePieceEncoder(metadata, vocabulary: vocabulary, special: special))
      addsByDefault = true
      addsSpacePrefix = metadata.addsSpacePrefix ?? true
    default:
      throw metadata.error(
        "model", "'\(metadata.model)' is not supported: only gpt2 (byte pairs) and llama (SentencePiece)")
    }
    splitter = SpecialTokenSplitter(vocabulary)
    beginning = special.beginning
    endTokens = special.ends
    func added(_ token: Int32?, _ key: String, _ need: String) -> Result<Int32, GGUFError> {
      if let token { return .success(token) }
      let reason = special.faults[key] ?? "missing"
      return .failure(metadata.error(key, "\(reason), and the tokenizer \(need) each text with it"))
    }
    addedBeginning =
      metadata.addsBeginning ?? addsByDefault ? added(special.beginning, "bos_token_id", "begins") : nil
    addedEnd =
      special.faults["add_eos_token"].map { .failure(metadata.error("add_eos_token", $0)) }
      ?? (metadata.addsEnd == true ? added(special.end, "eos_token_id", "ends") : nil)

    var faults = special.faults.mapValues { $0 + "; it is left out" }
    faults["token_type"] = special.kindFault
    faults["tokens"] = vocabulary.fault
    if metadata.model == "gpt2", metadata.preTokenizer == nil {
      faults["pre"] = "missing; text is cut as for 'default', which may not be the model's way: convert the model again"
    }
    warnings = faults.sorted { $0.key < $1.key }.map { "\(metadata.error($0.key, $0.value))" }
  }

  /// The tokens of bytes that need not be UTF-8: byte pairs take what is not as U+FFFD, SentencePiece byte for byte.
  ///
  /// `special`: control tokens are read from their spelling; only for text that is trusted. Throws where the text needs a
  /// token that the file does not give.
  package func encode(bytes: [UInt8], special: Bool = false, as role: Role) throws(GGUFError) -> Encoding {
    var encoding = Encoding()
    var queue = MergeQueue()
    let fragments = splitter.split(bytes, all: special)
    if role != .part, let beginning = try addedBeginning?.get() {
      if case .token(beginning)? = fragments.first {
        note(beginning, in: &encoding)
      } else {
        encoding.tokens = [beginning]
      }
    }
    var isFirst = true
    for fragment in fragments {
      switch fragment {
      case .token(let token):
        encoding.tokens.append(token)
        isFirst = true
      case .text(let range):
        let text = range.count == bytes.count ? bytes : Array(bytes[range])
        switch encoder {
        case .bytePair(let encoder):
          encoder.encode(text, with: vocabulary, using: &queue, into: &encoding.tokens)
        case .sentencePiece(let encoder):
          try encoder.encode(text, isFirst: isFirst, with: vocabulary, using: &queue, into: &encoding.tokens)
        }
        isFirst = false
      }
    }
    if role == .whole, let end = try addedEnd?.get() {
      let isBeginning = fragments.count == 1 && !encoding.spelled.isEmpty
      if case .token(end)? = fragments.last, !isBeginning {
        note(end, in: &encoding)
      } else {
        encoding.tokens.append(end)
      }
    }
    return encoding
  }

  private func note(_ token: Int32, in encoding: inout Encoding) {
    encoding.spelled.append(String(decoding: vocabulary.text(token), as: UTF8.self))
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
    let name = metadata.preTokenizer ?? "default"
    guard let family = PreTokenizer.families[name] else {
      let known = PreTokenizer.families.keys.sorted().joined(separator: " ")
      throw metadata.error("pre", "'\(name)' is not known; these are: \(known)")
    }
    self = family
  }
}
