/// Where text begins and ends, and which tokens are more than text.
struct SpecialTokens: Sendable {
  let beginning: Int32?
  let end: Int32?
  let unknown: Int32?
  /// Generation ends at any of these.
  private(set) var ends: Set<Int32> = []
  /// What each token is, by the file's token types. Only where the file has none, names decide.
  private(set) var attributes: [TokenAttributes]
  /// What is wrong with values that a text may never need, by key; they count as missing.
  let faults: [String: String]
  /// What is wrong with token types; nil where nothing is.
  let kindFault: String?

  /// `defaults`: what the tokenizer's kind takes where the file has no key.
  init(_ metadata: TokenizerMetadata, defaults: [String: Int32]) {
    let count = metadata.tokens.count
    var faults = metadata.faults
    var kindFault: String?
    var attributes: [TokenAttributes] = .init(repeating: .normal, count: count)
    if let kinds = metadata.kinds {
      let strange = kinds.indices.filter { id in
        guard let known = TokenAttributes(kind: kinds[id]) else { return true }
        attributes[id] = known
        return false
      }
      for id in strange { attributes[id] = [] }
      kindFault = strange.first.map {
        "token \($0) has the unknown type \(kinds[$0])"
          + (strange.count > 1 ? ", and \(strange.count - 1) more have such" : "")
          + "; it is taken as unused"
      }
    }

    func identifier(_ key: String) -> Int32? {
      guard faults["\(key)_token_id"] == nil else { return nil }
      guard let id = metadata.identifiers[key] else { return defaults[key].flatMap { $0 < count ? $0 : nil } }
      if (0..<count).contains(id) { return Int32(id) }
      faults["\(key)_token_id"] = "\(id) is not among the \(count) tokens"
      return nil
    }
    beginning = identifier("bos")
    end = identifier("eos")
    unknown = identifier("unknown")

    // A token that the file calls text is text, whatever its name.
    let namesDecide = metadata.kinds == nil
    let named = SpecialTokenNames.find(in: metadata.tokens).filter { _, id in
      namesDecide || !attributes[Int(id)].isDisjoint(with: .special)
    }
    for role in SpecialTokenNames.roles {
      var id = identifier(role.key)
      if id == nil, let first = role.names.compactMap({ named[$0] }).min() {
        if namesDecide { attributes[Int(first)].insert(.control) }
        id = first
      }
      if role.ends, let id { ends.insert(id) }
    }
    for case let id? in SpecialTokenNames.ends.map({ named[$0] }) {
      if namesDecide { attributes[Int(id)].insert(.control) }
      ends.insert(id)
    }
    if let end { ends.insert(end) }

    // gpt-oss ends a message, not the answer, with <|end|>: its answers end with <|return|> or <|call|>.
    let calls = named["<|call|>"] != nil || named["<|calls|>"] != nil
    if calls, named["<|return|>"] != nil || named["<|flush|>"] != nil, let id = named["<|end|>"] { ends.remove(id) }
    self.attributes = attributes
    self.faults = faults
    self.kindFault = kindFault
    markStripping(metadata)
  }

  /// Phi-3 drops the white space after its special tokens, but for three; no key of the file says so.
  private mutating func markStripping(_ metadata: TokenizerMetadata) {
    let name = metadata.modelName.lowercased()
    guard name.contains("phi-3") || name.contains("phi3") else { return }
    let keeping: Set<[UInt8]> = [Array("<unk>".utf8), Array("<s>".utf8), Array("<|endoftext|>".utf8)]
    for id in attributes.indices
    where !attributes[id].isDisjoint(with: .special) && !keeping.contains(Array(metadata.tokens[id])) {
      attributes[id].insert(.stripsRight)
    }
  }
}
