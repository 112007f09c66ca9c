import Model
import Testing

/// Vocabularies of a few tokens, so that every join can be followed by hand.
@Suite struct SentencePieceTests {
  /// Tokens 0 <unk>, 1 <s>, 2 </s>, then the pieces with their scores.
  private func tokenizer(
    _ pieces: [(String, Float)], prefix: Bool? = false, kinds: [Int32] = []
  ) throws -> Tokenizer {
    let kinds = [2, 3, 3] + kinds + [Int32](repeating: 1, count: pieces.count - kinds.count)
    return try Tokenizer(
      TokenizerMetadata(
        file: "by hand", model: "llama", tokens: ByteStrings(["<unk>", "<s>", "</s>"] + pieces.map(\.0)),
        scores: [0, 0, 0] + pieces.map(\.1), kinds: kinds, addsSpacePrefix: prefix, addsBeginning: false))
  }

  /// abc: bc (-1) is better than ab (-2), so a·bc; then abc (-3) is a piece as well.
  @Test func theBestScoreJoinsFirst() throws {
    let pieces: [(String, Float)] = [("a", -9), ("b", -9), ("c", -9), ("ab", -2), ("bc", -1)]
    #expect(try tokenizer(pieces).encode("abc") == [3, 7])
    #expect(try tokenizer(pieces + [("abc", -3)]).encode("abc") == [8])
  }

  /// The leftmost of equals; zero has no sign, and a positive score is better than none.
  @Test(arguments: [(-1, -1, [6, 5]), (-0.0, 0, [6, 5]), (1, 2, [3, 7]), (0, 1, [3, 7]), (1, -1, [6, 5])])
  func scoresAreOrderedAsNumbers(ab: Float, bc: Float, tokens: [Int32]) throws {
    #expect(try tokenizer([("a", -9), ("b", -9), ("c", -9), ("ab", ab), ("bc", bc)]).encode("abc") == tokens)
  }

  /// ▁ stands for each space, and one more comes before the text and after a special token.
  @Test func textGetsASpaceBefore() throws {
    let pieces: [(String, Float)] = [("▁", -3), ("a", -3), ("▁a", -1), ("<x>", 0)]
    let kinds: [Int32] = [1, 1, 1, 4]
    #expect(try tokenizer(pieces, prefix: true, kinds: kinds).encode("a a<x>a") == [5, 5, 6, 5])
    #expect(try tokenizer(pieces, prefix: nil, kinds: kinds).encode(" a") == [3, 5])
    #expect(try tokenizer(pieces, prefix: false, kinds: kinds).encode("a a<x>a") == [4, 5, 6, 4])
  }

  /// A piece with a space inside is found although words are joined one by one elsewhere.
  @Test func piecesMaySpanASpace() throws {
    let pieces: [(String, Float)] = [("▁", -3), ("a", -3), ("a▁", -2), ("a▁a", -1), ("b", -3)]
    #expect(try tokenizer(pieces).encode("a a b") == [6, 3, 7])
  }

  /// é is C3 A9 and has byte tokens; ü is C3 BC, whose second byte has none, so that the unknown token stands for it.
  @Test func unknownCharactersFallBackToBytes() throws {
    let pieces: [(String, Float)] = [("<0xC3>", 0), ("<0xA9>", 0), ("a", -1)]
    let tokenizer = try tokenizer(pieces, kinds: [6, 6, 1])
    #expect(try tokenizer.encode("aé") == [5, 3, 4])
    #expect(try tokenizer.encode("aü") == [5, 0])
    #expect(try tokenizer.encode(bytes: [0xC3], as: .whole).tokens == [3])
    #expect(tokenizer.piece(4) == [0xA9])
  }

  /// Control tokens are text unless asked for; the user's own are always themselves.
  @Test func specialTokensAreReadOnlyWhereAskedFor() throws {
    let pieces = "<s>x".map { (String($0), Float(-1)) } + [("<x>", 0)]
    let tokenizer = try tokenizer(pieces, kinds: [1, 1, 1, 1, 4])
    #expect(try tokenizer.encode("<s>") == [3, 4, 5])
    #expect(try tokenizer.encode("<s>", special: true) == [1])
    #expect(try tokenizer.encode("<x>x") == [7, 6])
  }
}
