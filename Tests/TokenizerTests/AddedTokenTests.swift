import Model
import TestSupport
import Testing

/// Tokens that a file asks to put before and behind a text: once, and only where they belong.
@Suite struct AddedTokenTests {
  /// 0 a, 1 b, 2 <s> and 3 </s>, control tokens, 4 <i>, user-defined.
  private func tokenizer(_ change: (inout TokenizerMetadata) -> Void = { _ in }) throws -> Tokenizer {
    var metadata = TokenizerMetadata(
      file: "m.gguf", model: "gpt2", preTokenizer: "gpt-2", tokens: ByteStrings(["a", "b", "<s>", "</s>", "<i>"]),
      kinds: [1, 1, 3, 3, 4], merges: ByteStrings(), addsBeginning: true, addsEnd: true,
      identifiers: ["bos": 2, "eos": 3])
    change(&metadata)
    return try Tokenizer(metadata)
  }

  @Test func whatATextIsDecides() throws {
    #expect(try tokenizer().encode("ab", as: .whole) == [2, 0, 1, 3])
    #expect(try tokenizer().encode("ab", as: .prompt) == [2, 0, 1])
    #expect(try tokenizer().encode("ab", as: .part) == [0, 1])
    #expect(try tokenizer { $0.addsBeginning = false }.encode("ab", as: .prompt) == [0, 1])
  }

  @Test(
    arguments: [
      ("<s>ab", [2, 0, 1, 3], ["<s>"]), ("ab</s>", [2, 0, 1, 3], ["</s>"]),
      ("<s>ab</s>", [2, 0, 1, 3], ["<s>", "</s>"]),
      ("<s>", [2, 3], ["<s>"]), ("</s>", [2, 3], ["</s>"]), ("a<s>b", [2, 0, 2, 1, 3], []),
      // Whoever writes it twice wants it twice.
      ("<s><s>a", [2, 2, 0, 3], ["<s>"]), ("<i>a", [2, 4, 0, 3], []), ("", [2, 3], []),
    ] as [(String, [Int32], [String])])
  func aTokenThatTheTextSpellsIsNotAddedAgain(text: String, tokens: [Int32], spelled: [String]) throws {
    let encoding = try tokenizer().encode(bytes: Array(text.utf8), special: true, as: .whole)
    #expect(encoding.tokens == tokens)
    #expect(encoding.spelled == spelled)
  }

  /// Where one token is both, a text of it alone begins and ends.
  @Test func oneTokenMayBeginAndEnd() throws {
    let tokenizer = try tokenizer { $0.identifiers = ["bos": 2, "eos": 2] }
    #expect(try tokenizer.encode("<s>", special: true) == [2, 2])
    #expect(try tokenizer.encode("<s>a<s>", special: true) == [2, 0, 2])
  }

  @Test func whatTheFileNeverGivesIsRefusedWhereItIsNeeded() throws {
    let tokenizer = try tokenizer { $0.identifiers = ["bos": 5, "eos": -1] }
    #expect(
      tokenizer.warnings == [
        "m.gguf: metadata 'tokenizer.ggml.bos_token_id': 5 is not among the 5 tokens; it is left out",
        "m.gguf: metadata 'tokenizer.ggml.eos_token_id': -1 is not among the 5 tokens; it is left out",
      ])
    #expect(try tokenizer.encode("ab", as: .part) == [0, 1])
    for role in [Tokenizer.Role.prompt, .whole] {
      let error = #expect(throws: GGUFError.self) { try tokenizer.encode("ab", as: role) }
      #expect(error?.reason == "5 is not among the 5 tokens, and the tokenizer begins each text with it")
    }
    let endless = try self.tokenizer { $0.identifiers = ["bos": 2] }
    #expect(try endless.encode("ab", as: .prompt) == [2, 0, 1])
    let error = #expect(throws: GGUFError.self) { try endless.encode("ab") }
    #expect(
      error?.description
        == "m.gguf: metadata 'tokenizer.ggml.eos_token_id': missing, and the tokenizer ends each text with it")
  }

  /// Types say what a token is, whatever its name; where the file has none, names do.
  @Test func theFilesTypesDecideWhatAControlTokenIs() throws {
    let names = ["a", "b", "<|im_end|>", "</s>", "<mark>"]
    func tokenizer(_ kinds: [Int32]?) throws -> Tokenizer {
      try self.tokenizer {
        ($0.tokens, $0.kinds, $0.addsBeginning, $0.addsEnd) = (ByteStrings(names), kinds, false, false)
        $0.identifiers = [:]
      }
    }
    let typed = try tokenizer([1, 1, 1, 1, 3])
    #expect(typed.isControl(4) && !typed.isControl(2) && !typed.isControl(3))
    #expect(try typed.encode("a<mark>b", special: true) == [0, 4, 1])
    #expect(try typed.encode("a</s>b", special: true) == [0, 1])
    let untyped = try tokenizer(nil)
    #expect(!untyped.isControl(4) && untyped.isControl(2) && untyped.isControl(3))
    #expect(try untyped.encode("a</s>b", special: true) == [0, 3, 1])
    #expect(typed.endTokens == [] && untyped.endTokens == [2, 3])
    #expect(try tokenizer([1, 1, 3, 4, 3]).endTokens == [2, 3])
  }
}
