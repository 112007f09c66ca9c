import Model
import TestSupport
import Testing

/// Tests/Goldens/words.json, which Tests/Fixtures/make_word_goldens.py writes: words and tokens of Hugging Face's library.
struct WordGolden: Decodable, Sendable {
  var texts: [String]
  var cases: [Case]

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    /// Names of the family.
    var pre: [String]
    /// The length of each word of each text in bytes, before composing.
    var words: [String]
    /// Those of the first texts, as decimal numbers.
    var tokens: [String]

    var testDescription: String { pre.joined(separator: " ") }
  }

  static let all: WordGolden? = try? Goldens.load("words")
}

@Suite struct WordTests {
  let golden: WordGolden

  init() throws { golden = try #require(WordGolden.all, "Tests/Goldens/words.json cannot be read") }

  @Test(arguments: WordGolden.all?.cases ?? []) func wordsAreThoseOfTheModelsTokenizer(_ expected: WordGolden.Case)
    throws
  {
    #expect(expected.words.count == golden.texts.count)
    for name in expected.pre {
      let family = try #require(PreTokenizer.families[name])
      for (text, words) in zip(golden.texts, expected.words) {
        let lengths = family.words(in: Array(text.utf8)).map { String($0.count) }.joined(separator: " ")
        #expect(lengths == words, "\(name): \(text.debugDescription)")
      }
    }
  }

  /// The vocabulary of the other golden, all of it text.
  @Test(arguments: WordGolden.all?.cases ?? []) func tokensAreThoseOfTheModelsTokenizer(_ expected: WordGolden.Case)
    throws
  {
    let vocabulary = try #require(TokenizerGolden.all?.vocabularies["bytePairs"])
    for name in expected.pre {
      let tokenizer = try Tokenizer(
        TokenizerMetadata(
          file: name, model: "gpt2", preTokenizer: name, tokens: ByteStrings(vocabulary.tokens),
          kinds: vocabulary.kinds.map { _ in 1 }, merges: vocabulary.merges.map { ByteStrings($0) }))
      for (text, tokens) in zip(golden.texts, expected.tokens) {
        let encoded = try tokenizer.encode(text, as: .part).map(String.init).joined(separator: " ")
        #expect(encoded == tokens, "\(name): \(text.debugDescription)")
      }
    }
  }
}
