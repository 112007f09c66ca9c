/// The tokens: their bytes, what they are, and the way from bytes to token.
final class Vocabulary: Sendable {
  /// How the file writes a piece of text.
  enum Spelling {
    /// GPT-2's printable characters for bytes.
    case byteAlphabet
    /// U+2581 for a space.
    case escapedSpaces
  }

  /// U+2581, ▁, in UTF-8.
  static let escapedSpace: [UInt8] = [0xE2, 0x96, 0x81]

  /// The tokens that merging may meet are indexed: as bytes of text where the spelling is by bytes, else as written.
  private let pieces: ByteStrings
  private let index: ByteStringIndex
  let attributes: [TokenAttributes]
  /// The token of each byte on its own, -1 where there is none.
  let byteTokens: [Int32]
  /// What is wrong with tokens that text does not need; nil where nothing is.
  let fault: String?

  var count: Int { pieces.count }

  init(_ metadata: TokenizerMetadata, spelling: Spelling, attributes: [TokenAttributes]) throws {
    var attributes = attributes
    var pieces = ByteStrings()
    pieces.reserve(strings: metadata.tokens.count, bytes: metadata.tokens.bytes.count)
    var index = ByteStringIndex(capacity: metadata.tokens.count)
    var twins: [(earlier: Int32, later: Int)] = []
    for id in 0..<metadata.tokens.count {
      let token = metadata.tokens[id]
      switch spelling {
      case .escapedSpaces:
        pieces.append(token)
      case .byteAlphabet:
        guard let decoded = ByteAlphabet.decode(token) else {
          pieces.append(token)
          continue
        }
        attributes[id].insert(.decoded)
        pieces.append(decoded)
      }
      let isSpelled = !attributes[id].isDisjoint(with: .spelled)
      func isUnspelled(_ other: Int32) -> Bool { attributes[Int(other)].isDisjoint(with: .spelled) }
      guard !token.isEmpty,
        let earlier = index.insert(Int32(id), of: pieces, replaces: { isSpelled && isUnspelled($0) })
      else { continue }
      guard !isSpelled || isUnspelled(earlier) else {
        throw metadata.error(
          "tokens", "tokens \(earlier) and \(id) are both '\(metadata.tokens.text(id))', and text may mean either")
      }
      twins.append((earlier, id))
    }
    fault = twins.first.map { twin in
      "tokens \(twin.earlier) and \(twin.later) are both '\(metadata.tokens.text(twin.later))'"
        + (twins.count > 1 ? ", and \(twins.count - 1) more have a name that is taken" : "")
        + "; text means one of them only"
    }
    self.pieces = pieces
    self.index = index
    self.attributes = attributes
    byteTokens = (0...255).map { (byte: UInt8) in
      let fallback = spelling == .escapedSpaces ? index.find(Vocabulary.name(ofByte: byte).span, in: pieces) : nil
      return fallback ?? index.find([byte].span, in: pieces) ?? -1
    }
  }

  func token(_ bytes: Span<UInt8>) -> Int32? { index.find(bytes, in: pieces) }

  /// The token as the file writes it.
  func text(_ id: Int32) -> [UInt8] {
    let piece = pieces[Int(id)]
    return attributes[Int(id)].contains(.decoded) ? ByteAlphabet.encode(piece) : Array(piece)
  }

  /// The bytes that the token stands for; none for a token that stands for no text.
  func piece(_ id: Int32) -> [UInt8] {
    let kind = attributes[Int(id)]
    let piece = pieces[Int(id)]
    if !kind.isDisjoint(with: .special) { return text(id) }
    if kind.contains(.byte) { return Vocabulary.byte(named: piece).map { [$0] } ?? [] }
    guard kind.contains(.normal) else { return [] }
    return kind.contains(.decoded) ? Array(piece) : Vocabulary.unescapingSpaces(piece)
  }

  /// Which bytes some piece holds right before an escaped space: only after these can a merge cross one.
  func bytesBeforeEscapedSpaces() -> [Bool] {
    var found = [Bool](repeating: false, count: 256)
    let bytes = pieces.bytes
    for id in 0..<count {
      let range = pieces.range(id)
      guard range.count > 3 else { continue }
      for i in range.dropFirst().dropLast(2)
      where bytes[i] == 0xE2 && bytes[i + 1] == 0x96 && bytes[i + 2] == 0x81 {
        found[Int(bytes[i - 1])] = true
      }
    }
    return found
  }

  /// `<0x0A>` for 10.
  private static func name(ofByte byte: UInt8) -> [UInt8] {
    let digits = String(byte, radix: 16, uppercase: true)
    return Array("<0x\(digits.count == 1 ? "0" : "")\(digits)>".utf8)
  }

  private static func byte(named name: ArraySlice<UInt8>) -> UInt8? {
    guard name.count == 6, name.starts(with: "<0x".utf8), name.last == UInt8(ascii: ">") else { return nil }
    return UInt8(String(decoding: name.dropFirst(3).dropLast(), as: UTF8.self), radix: 16)
  }

  private static func unescapingSpaces(_ piece: ArraySlice<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    var rest = piece
    while let first = rest.first {
      let isSpace = rest.starts(with: escapedSpace)
      text.append(isSpace ? UInt8(ascii: " ") : first)
      rest = rest.dropFirst(isSpace ? 3 : 1)
    }
    return text
  }
}
