/// Where text begins and ends, and which tokens are more than text.
struct SpecialTokens: Sendable {
  private(set) var beginning: Int32?
  private(set) var end: Int32?
  private(set) var unknown: Int32?
  /// Generation ends at any of these.
  private(set) var ends: Set<Int32> = []
  /// What each token is, its name considered.
  private(set) var attributes: [TokenAttributes]

  /// `defaults`: what the tokenizer's kind takes where the file has no key.
  init(_ metadata: TokenizerMetadata, defaults: [String: Int32]) throws {
    let count = metadata.tokens.count
    attributes = metadata.kinds.map { $0.map(TokenAttributes.init(kind:)) } ?? .init(repeating: .normal, count: count)

    func identifier(_ key: String) throws -> Int32? {
      guard let id = metadata.identifiers[key] else { return defaults[key].flatMap { $0 < count ? $0 : nil } }
      guard (0..<count).contains(id) else {
        throw metadata.error("\(key)_token_id", "\(id) is not among the \(count) tokens")
      }
      return Int32(id)
    }
    beginning = try identifier("bos")
    end = try identifier("eos")
    unknown = try identifier("unknown")

    let named = SpecialTokenNames.find(in: metadata.tokens)
    for role in SpecialTokenNames.roles {
      var id = try identifier(role.key)
      if id == nil, let first = role.names.compactMap({ named[$0] }).min() {
        attributes[Int(first)].insert(.control)
        id = first
      }
      if role.ends, let id { ends.insert(id) }
    }
    for case let id? in SpecialTokenNames.ends.map({ named[$0] }) {
      attributes[Int(id)].insert(.control)
      ends.insert(id)
    }
    for case let id? in SpecialTokenNames.shown.map({ named[$0] }) { attributes[Int(id)] = .userDefined }
    if let end { ends.insert(end) }

    // gpt-oss ends a message, not the answer, with <|end|>: its answers end with <|return|> or <|call|>.
    let calls = named["<|call|>"] != nil || named["<|calls|>"] != nil
    if calls, named["<|return|>"] != nil || named["<|flush|>"] != nil, let id = named["<|end|>"] {
      ends.remove(id)
      attributes[Int(id)] = .userDefined
    }
    markStripping(metadata, named)
  }

  /// Phi-3 drops the white space after its special tokens, but for three; no key of the file says so.
  private mutating func markStripping(_ metadata: TokenizerMetadata, _ named: [String: Int32]) {
    let name = metadata.modelName.lowercased()
    guard name.contains("phi-3") || name.contains("phi3") else { return }
    let keeping: Set<[UInt8]> = [Array("<unk>".utf8), Array("<s>".utf8), Array("<|endoftext|>".utf8)]
    for id in attributes.indices
    where !attributes[id].isDisjoint(with: .special) && !keeping.contains(Array(metadata.tokens[id])) {
      attributes[id].insert(.stripsRight)
    }
  }
}
