extension Tokenizer {
  /// The tokenizer that the file describes.
  package init(_ file: GGUFFile) throws { try self.init(TokenizerMetadata(file)) }
}

extension TokenizerMetadata {
  /// Reads what the tokenizer's kind has a use for, and nothing else: a value that nobody needs cannot be wrong.
  package init(_ file: GGUFFile) throws {
    let metadata = file.metadata
    let model = try metadata.string("tokenizer.ggml.model")
    let isBytePair = model == "gpt2"
    self.init(
      file: file.path, model: model,
      preTokenizer: try isBytePair ? metadata.optionalString("tokenizer.ggml.pre") : nil,
      tokens: ByteStrings(try metadata.strings("tokenizer.ggml.tokens")),
      scores: try isBytePair ? nil : metadata.optionalFloats("tokenizer.ggml.scores"),
      kinds: try metadata.optionalIntegers("tokenizer.ggml.token_type")?.map { Int32(exactly: $0) ?? -1 },
      merges: try isBytePair ? metadata.optionalStrings("tokenizer.ggml.merges").map { ByteStrings($0) } : nil,
      addsSpacePrefix: try isBytePair ? nil : metadata.optionalBool("tokenizer.ggml.add_space_prefix"),
      addsBeginning: try metadata.optionalBool("tokenizer.ggml.add_bos_token"),
      modelName: (try? metadata.optionalString("general.name")) ?? "")
    func tolerant<Value>(_ key: String, _ read: (String) throws(GGUFError) -> Value?) -> Value? {
      do {
        return try read("tokenizer.ggml.\(key)")
      } catch {
        faults[key] = error.reason
        return nil
      }
    }
    addsEnd = tolerant("add_eos_token", metadata.optionalBool)
    for name in ["bos", "eos", "unknown"] + SpecialTokenNames.roles.map(\.key) {
      identifiers[name] = tolerant("\(name)_token_id", metadata.optionalInteger)
    }
  }
}

extension ByteStrings {
  init(_ strings: GGUFStrings) {
    self.init()
    reserve(strings: strings.count, bytes: strings.indices.reduce(0) { $0 + strings.length(at: $1) })
    for index in strings.indices { strings.withBytes(at: index) { append($0) } }
  }
}
