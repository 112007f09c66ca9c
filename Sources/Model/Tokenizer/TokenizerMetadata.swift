/// What a GGUF file says of its tokenizer, as plain values: the keys `tokenizer.ggml.*` of the same names.
package struct TokenizerMetadata: Sendable {
  /// Where it was read, for errors.
  package var file: String
  /// `tokenizer.ggml.model`: gpt2 (byte-level byte pairs) or llama (SentencePiece).
  package var model: String
  /// `tokenizer.ggml.pre`: how text is cut into words before byte pairs are merged.
  package var preTokenizer: String?
  package var tokens: ByteStrings
  package var scores: [Float]?
  package var kinds: [Int32]?
  package var merges: ByteStrings?
  package var addsSpacePrefix: Bool?
  package var addsBeginning: Bool?
  package var addsEnd: Bool?
  /// The keys `tokenizer.ggml.<name>_token_id`, by name: bos, eos, eot …
  package var identifiers: [String: Int]
  /// `general.name`: one family's rules hang on it.
  package var modelName: String
  /// What is wrong with values that the model can do without until a text needs them, by key.
  package var faults: [String: String] = [:]

  package init(
    file: String, model: String, preTokenizer: String? = nil, tokens: ByteStrings, scores: [Float]? = nil,
    kinds: [Int32]? = nil, merges: ByteStrings? = nil, addsSpacePrefix: Bool? = nil, addsBeginning: Bool? = nil,
    addsEnd: Bool? = nil, identifiers: [String: Int] = [:], modelName: String = ""
  ) {
    self.file = file
    self.model = model
    self.preTokenizer = preTokenizer
    self.tokens = tokens
    self.scores = scores
    self.kinds = kinds
    self.merges = merges
    self.addsSpacePrefix = addsSpacePrefix
    self.addsBeginning = addsBeginning
    self.addsEnd = addsEnd
    self.identifiers = identifiers
    self.modelName = modelName
  }

  /// An error about the key `tokenizer.ggml.<key>`.
  func error(_ key: String, _ reason: String) -> GGUFError {
    GGUFError(path: file, field: "metadata 'tokenizer.ggml.\(key)'", reason: reason)
  }
}
