import Model
import TestSupport
import Testing

/// The way from a file's keys to a tokenizer.
@Suite struct FileTests {
  private var file: GGUFWriter {
    var writer = GGUFWriter()
    writer["tokenizer.ggml.model"] = .text("llama")
    writer["tokenizer.ggml.tokens"] = .strings(["<unk>", "<s>", "</s>", "▁", "a", "▁a", "<stop>"])
    writer["tokenizer.ggml.scores"] = .floats([0, 0, 0, -3, -3, -1, 0])
    writer["tokenizer.ggml.token_type"] = .integers([2, 3, 3, 1, 1, 1, 3])
    return writer
  }

  private func tokenizer(_ writer: GGUFWriter) throws -> Tokenizer {
    try Tokenizer(GGUFFile(bytes: writer.bytes(), name: "model.gguf"))
  }

  /// Without keys: a space before the text, the beginning token 1, no end token.
  @Test func defaultsAreThoseOfTheModel() throws {
    let tokenizer = try tokenizer(file)
    #expect(try tokenizer.encode("a a") == [1, 5, 5])
    #expect(tokenizer.beginning == 1 && tokenizer.endTokens == [2])
  }

  @Test func keysAreRead() throws {
    var writer = file
    writer["tokenizer.ggml.bos_token_id"] = .uint32(6)
    writer["tokenizer.ggml.eos_token_id"] = .uint32(1)
    writer["tokenizer.ggml.eot_token_id"] = .uint32(6)
    writer["tokenizer.ggml.add_eos_token"] = .bool(true)
    writer["tokenizer.ggml.add_space_prefix"] = .bool(false)
    let tokenizer = try tokenizer(writer)
    #expect(try tokenizer.encode("a a") == [6, 4, 5, 1])
    #expect(tokenizer.endTokens == [1, 2, 6])
  }

  @Test func bytePairKeysAreRead() throws {
    var writer = GGUFWriter()
    writer["tokenizer.ggml.model"] = .text("gpt2")
    writer["tokenizer.ggml.pre"] = .text("llama-bpe")
    writer["tokenizer.ggml.tokens"] = .strings(["a", "b", "ab", "Ġ", "<|eot_id|>"])
    writer["tokenizer.ggml.merges"] = .strings(["a b"])
    writer["tokenizer.ggml.bos_token_id"] = .uint32(4)
    writer["tokenizer.ggml.add_bos_token"] = .bool(false)
    #expect(try tokenizer(writer).encode("ab ba") == [2, 3, 1, 0])
    writer["tokenizer.ggml.add_bos_token"] = nil
    #expect(try tokenizer(writer).encode("ab") == [4, 2])
  }

  @Test(
    arguments: [
      ("tokenizer.ggml.model", nil), ("tokenizer.ggml.model", .uint32(1)), ("tokenizer.ggml.tokens", nil),
      ("tokenizer.ggml.tokens", .integers([1])), ("tokenizer.ggml.scores", .strings(["x"])),
      ("tokenizer.ggml.token_type", .floats([1])), ("tokenizer.ggml.add_bos_token", .uint32(1)),
      ("tokenizer.ggml.add_bos_token", .raw(type: 7, [2])), ("tokenizer.ggml.add_space_prefix", .text("no")),
    ] as [(String, GGUFWriter.Value?)])
  func aKeyOfAnotherTypeIsNamed(key: String, value: GGUFWriter.Value?) throws {
    var writer = file
    writer[key] = value
    let error = #expect(throws: GGUFError.self) { try tokenizer(writer) }
    #expect(try #require(error).description.hasPrefix("model.gguf: metadata '\(key)': "))
  }

  /// What SentencePiece has no use for is not read.
  @Test(
    arguments: [
      ("tokenizer.ggml.merges", .integers([1])), ("tokenizer.ggml.pre", .bool(true)), ("general.name", .uint32(7)),
      ("tokenizer.ggml.padding_token_id", .text("none")), ("tokenizer.chat_template", .uint8(0)),
      ("some.flag", .raw(type: 7, [2])),
    ] as [(String, GGUFWriter.Value)])
  func aKeyThatNobodyNeedsIsNotRead(key: String, value: GGUFWriter.Value) throws {
    var writer = file
    writer[key] = value
    let tokenizer = try tokenizer(writer)
    #expect(try tokenizer.encode("a a") == [1, 5, 5])
    #expect(tokenizer.warnings.isEmpty)
  }

  /// A value that only some texts need is left out with a warning, and refused where it is needed.
  @Test(
    arguments: [
      ("eos_token_id", .text("2"), "is the string '2', not an integer"),
      ("eos_token_id", .uint64(.max), "is the integer 18446744073709551615, not an integer"),
      ("eot_token_id", .uint32(7), "7 is not among the 7 tokens"),
      ("fim_pad_token_id", .int32(-1), "-1 is not among the 7 tokens"),
      ("unknown_token_id", .uint32(.max), "4294967295 is not among the 7 tokens"),
      ("add_eos_token", .uint32(0), "is the integer 0, not a bool"),
    ] as [(String, GGUFWriter.Value, String)])
  func aValueThatATextMayNotNeedIsAWarning(key: String, value: GGUFWriter.Value, reason: String) throws {
    var writer = file
    writer["tokenizer.ggml.\(key)"] = value
    let tokenizer = try tokenizer(writer)
    #expect(tokenizer.warnings == ["model.gguf: metadata 'tokenizer.ggml.\(key)': \(reason); it is left out"])
    #expect(try tokenizer.encode("a a", as: .prompt) == [1, 5, 5])
    if key == "add_eos_token" {
      let error = #expect(throws: GGUFError.self) { try tokenizer.encode("a a") }
      #expect(error?.description == "model.gguf: metadata 'tokenizer.ggml.add_eos_token': \(reason)")
    } else {
      #expect(try tokenizer.encode("a a") == [1, 5, 5])
    }
  }
}
