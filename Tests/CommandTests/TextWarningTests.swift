import Foundation
import TestSupport
import Testing

/// Prompts and files that are awkward, as `generate` and `score` meet them.
struct TextWarningTests {
  struct Output: Decodable {
    var promptTokens: [Int32]?
    var tokens: [Int32]
    var stopReason: String?
    var meanNll: Double?
    var warnings: [String]?
  }

  /// The tiny model of 12 tokens with SentencePiece and a context of 32, changed before it is written.
  private func model(_ change: (inout GGUFWriter) -> Void = { _ in }) -> FakeTree {
    var writer = TinyModel.llama()
    writer["tokenizer.ggml.model"] = .text("llama")
    writer["tokenizer.ggml.tokens"] = .strings(
      ["<unk>", "<s>", "</s>", "▁", "a", "b", "▁a", "ab", "▁b", "c", "d", "e"])
    writer["tokenizer.ggml.token_type"] = .integers([2, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    writer["llama.context_length"] = .uint32(32)
    change(&writer)
    let files = FakeTree()
    files.write("/m.gguf", bytes: writer.bytes())
    return files
  }

  private func run(_ verb: String, _ files: FakeTree, _ more: String...) throws -> Command.Result {
    try Command.run([verb, "-m", files.root + "/m.gguf"] + more)
  }

  static let samplers: [[String]] = [
    [], ["--temperature", "1"], ["--temperature", "1", "--top-k", "3"], ["--temperature", "1", "--top-p", "0.5"],
    ["--temperature", "1", "--min-p", "0.1"], ["--temperature", "1", "--typical", "0.5"],
    ["--repeat-penalty", "1.3"], ["--temperature", "1", "--top-k", "2", "--presence-penalty", "1"],
  ]

  /// The first weights of the rows of two tokens that are in no text. One is enough for a logit that is not a number; of an infinite
  /// weight and its opposite, one makes the largest logit.
  @Test(arguments: [[Float.nan, 0], [0, .nan], [.infinity, -.infinity]], samplers)
  func logitsThatAreNotFiniteAreRefused(weights: [Float], sampler: [String]) throws {
    let files = model { writer in
      for i in writer.tensors.indices where writer.tensors[i].name == "token_embd.weight" {
        for (token, weight) in zip([10, 11], weights) {
          let start = token * TinyModel.embedding * 4
          writer.tensors[i].bytes.replaceSubrange(start..<start + 4, with: littleEndian(weight.bitPattern))
        }
      }
    }
    let generated = try Command.run(["generate", "-m", files.root + "/m.gguf", "-p", "a b", "-n", "4"] + sampler)
    for result in [generated, try run("score", files, "--text", "a b")] {
      #expect(result.status == 65 && result.output.isEmpty)
      #expect(
        result.errors == "inferometer: \(files.root)/m.gguf: its logits are not finite; the weights are damaged\n")
    }
  }

  @Test func aBeginningThatThePromptSpellsIsThereOnce() throws {
    let plain = try run("score", model(), "--text", "a b", "--json").json(Output.self)
    let spelled = try run("score", model(), "--text", "<s>a b", "--special", "--json")
    let output = try spelled.json(Output.self)
    #expect(plain.tokens.first == 1 && output.tokens == plain.tokens && output.meanNll == plain.meanNll)
    #expect(plain.warnings == nil)
    #expect(output.warnings == ["the text: spells <s>, which the file asks to add; it is there once"])
    #expect(
      spelled.errors == "inferometer: warning: the text: spells <s>, which the file asks to add; it is there once\n")
    let prompt = try run("generate", model(), "-p", "<s>a b", "--special", "-n", "1", "--json").json(Output.self)
    #expect(prompt.promptTokens == plain.tokens && prompt.warnings == output.warnings)
  }

  @Test func aPromptIsNotEnded() throws {
    let files = model { $0["tokenizer.ggml.add_eos_token"] = .bool(true) }
    #expect(try run("score", files, "--text", "a b", "--json").json(Output.self).tokens == [1, 6, 8, 2])
    let output = try run("generate", files, "-p", "a b", "-n", "1", "--json").json(Output.self)
    #expect(output.promptTokens == [1, 6, 8])
  }

  @Test func aFlawThatHarmsNothingIsAWarning() throws {
    let sound = try run("score", model(), "--text", "a b", "--json").json(Output.self)
    let files = model { $0["tokenizer.ggml.eos_token_id"] = .uint32(12) }
    let result = try run("score", files, "--text", "a b", "--json")
    let warning =
      "\(files.root)/m.gguf: metadata 'tokenizer.ggml.eos_token_id': 12 is not among the 12 tokens; it is left out"
    #expect(result.status == 0 && result.errors == "inferometer: warning: \(warning)\n")
    let output = try result.json(Output.self)
    #expect(output.meanNll == sound.meanNll && output.tokens == sound.tokens && output.warnings == [warning])
    #expect(try run("generate", files, "-p", "a b", "-n", "1", "--json").json(Output.self).warnings == [warning])
  }

  /// 3 tokens of 32 leave room for 29, where 128 are the standard; a number that is asked for must fit.
  @Test func generationEndsWhereTheContextIsFull() throws {
    let files = model()
    let result = try run("generate", files, "-p", "a b", "--ignore-eos", "--json")
    let output = try result.json(Output.self)
    #expect(output.tokens.count == 29 && output.stopReason == "context_full")
    let text = try run("generate", files, "-p", "a b", "--ignore-eos")
    // Lines are wrapped.
    let errors = text.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      text.status == 0 && errors.contains("output 29 tokens") && errors.contains("the context is full"))
    let asked = try run("generate", files, "-p", "a b", "--ignore-eos", "-n", "29", "--json").json(Output.self)
    #expect(asked.tokens == output.tokens && asked.stopReason == "length")
    let tooMany = try run("generate", files, "-p", "a b", "-n", "30")
    #expect(tooMany.status == 64)
    #expect(
      tooMany.errors
        == "inferometer: \(files.root)/m.gguf: holds 32 tokens of context; the text has 3 and 30 more are asked "
        + "for; take 29 at most with -n\n")
  }

  @Test(arguments: [31, 32]) func aPromptThatLeavesNoRoomIsRefused(letters: Int) throws {
    // One token a letter behind the beginning: c's never join.
    let result = try run(
      "generate", model { $0["tokenizer.ggml.add_space_prefix"] = .bool(false) },
      "-p", String(repeating: "c", count: letters))
    #expect(
      result.status == 64 && result.errors.contains("the text has \(letters + 1), shorten it"), "\(result.errors)")
  }
}
