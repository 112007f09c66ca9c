import Model
import TestSupport
import Testing

/// Tests/Goldens/tokenizers.json, which Tests/Fixtures/make_tokenizer_goldens.py writes.
struct TokenizerGolden: Decodable, Sendable {
  var texts: [String]
  /// Texts that are not UTF-8, in hexadecimal.
  var bytes: [String]
  var vocabularies: [String: Vocabulary]
  var cases: [Case]

  struct Vocabulary: Decodable, Sendable {
    var tokens: [String]
    var kinds: [Int32]
    var merges: [String]?
    var scores: [Float]?
    /// What the first tokens stand for, in hexadecimal.
    var pieces: [String]
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var vocabulary: String
    var model: String
    var pre: String?
    var bos: Int
    var eos: Int
    var add_bos: Bool?
    var add_eos: Bool?
    var add_space_prefix: Bool?
    var model_name: String?
    var special: Bool?
    var ends: Set<Int32>
    /// Those of each text, as decimal numbers.
    var tokens: [String]

    var testDescription: String { name }
  }

  static let all: TokenizerGolden? = try? Goldens.load("tokenizers")

  /// Every text as bytes, in the order of a case's tokens.
  var everyText: [[UInt8]] { texts.map { Array($0.utf8) } + bytes.map(fromHexadecimal) }

  func metadata(_ name: String) throws -> TokenizerMetadata {
    try metadata(#require(cases.first { $0.name == name }))
  }

  func metadata(_ golden: Case) throws -> TokenizerMetadata {
    let vocabulary = try #require(vocabularies[golden.vocabulary])
    return TokenizerMetadata(
      file: golden.name, model: golden.model, preTokenizer: golden.pre, tokens: ByteStrings(vocabulary.tokens),
      scores: vocabulary.scores, kinds: vocabulary.kinds, merges: vocabulary.merges.map { ByteStrings($0) },
      addsSpacePrefix: golden.add_space_prefix, addsBeginning: golden.add_bos, addsEnd: golden.add_eos,
      identifiers: ["bos": golden.bos, "eos": golden.eos], modelName: golden.model_name ?? "")
  }
}

func fromHexadecimal(_ text: String) -> [UInt8] {
  let digits = text.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}
