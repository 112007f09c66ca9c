extension Tokenizer {
  /// The tokenizer that the file describes.
  package init(_ file: GGUFFile) throws { try self.init(TokenizerMetadata(file)) }
}

extension TokenizerMetadata {
  package init(_ file: GGUFFile) throws {
    let metadata = file.metadata
    var identifiers: [String: Int] = [:]
    for name in ["bos", "eos", "unknown"] + SpecialTokenNames.roles.map(\.key) {
      identifiers[name] = try metadata.optionalInteger("tokenizer.ggml.\(name)_token_id")
    }
    self.init(
      file: file.path,
      model: try metadata.string("tokenizer.ggml.model"),
      preTokenizer: try metadata.optionalString("tokenizer.ggml.pre"),
      tokens: ByteStrings(try metadata.strings("tokenizer.ggml.tokens")),
      scores: try metadata.optionalFloats("tokenizer.ggml.scores"),
      kinds: try metadata.optionalIntegers("tokenizer.ggml.token_type")?.map { Int32(exactly: $0) ?? 0 },
      merges: try metadata.optionalStrings("tokenizer.ggml.merges").map { ByteStrings($0) },
      addsSpacePrefix: try metadata.optionalBool("tokenizer.ggml.add_space_prefix"),
      addsBeginning: try metadata.optionalBool("tokenizer.ggml.add_bos_token"),
      addsEnd: try metadata.optionalBool("tokenizer.ggml.add_eos_token"),
      identifiers: identifiers,
      modelName: try metadata.optionalString("general.name") ?? "")
  }
}

extension ByteStrings {
  init(_ strings: GGUFStrings) {
    self.init()
    reserve(strings: strings.count, bytes: strings.indices.reduce(0) { $0 + strings.length(at: $1) })
    for index in strings.indices { strings.withBytes(at: index) { append($0) } }
  }
}
