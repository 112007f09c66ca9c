import Foundation

/// The text in Unicode's normal form NFC: a letter and its mark are one character where there is one for both.
///
/// Foundation composes nothing with a Hangul syllable that is composed already, so that the text is decomposed first. Its time
/// grows with the square of the length, so that it is given pieces, which end before a character that is never composed with
/// the one before it. Marks in thousands on one letter, of which UAX #15 (Stream-Safe Text Format) allows 30, are cut.
func composed(_ text: [UInt8]) -> [UInt8] {
  // No character below U+0300 is composed with another one before it.
  guard text.contains(where: { $0 >= 0xCC }) else { return text }
  var result: [UInt8] = []
  result.reserveCapacity(text.count)
  TextScanner.scan(text) { scanner in
    var start = 0
    while start < text.count {
      var end = min(start + piece, text.count)
      let last = min(start + longestPiece, text.count)
      while end < text.count, text[end] & 0xC0 == 0x80 || end < last && joins(scanner, end) { end += 1 }
      let characters = text[start..<end]
      // Surrogates, which stay as they are, make a piece no string.
      if let string = String(validating: characters, as: UTF8.self) {
        result += string.decomposedStringWithCanonicalMapping.precomposedStringWithCanonicalMapping.utf8
      } else {
        result += characters
      }
      start = end
    }
  }
  return result
}

private let piece = 1024
private let longestPiece = 4096

/// Whether the character may be composed with one before it: marks, and the vowels and final consonants of Hangul.
private func joins(_ scanner: TextScanner, _ i: Int) -> Bool {
  scanner.has(.mark, i) || (0x1160...0x11FF).contains(scanner.codePoint(i))
}
