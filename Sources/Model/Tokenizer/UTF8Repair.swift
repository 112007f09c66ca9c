/// Text as llama.cpp reads it: each byte that does not belong to a character becomes U+FFFD.
///
/// Surrogates and overlong forms count as the characters that their bits spell.
func repairingUTF8(_ text: [UInt8]) -> [UInt8] {
  if (try? UTF8Span(validating: text.span)) != nil { return text }
  var repaired: [UInt8] = []
  repaired.reserveCapacity(text.count + 64)
  var i = 0
  while i < text.count {
    let (codePoint, length) = looseCodePoint(text, at: i) ?? (0xFFFD, 1)
    appendUTF8(codePoint, to: &repaired)
    i += length
  }
  return repaired
}

private func looseCodePoint(_ text: [UInt8], at i: Int) -> (UInt32, Int)? {
  let first = text[i]
  let length: Int
  var codePoint: UInt32
  switch first {
  case 0..<0x80: (length, codePoint) = (1, UInt32(first))
  case 0xC0..<0xE0: (length, codePoint) = (2, UInt32(first & 0x1F))
  case 0xE0..<0xF0: (length, codePoint) = (3, UInt32(first & 0x0F))
  case 0xF0..<0xF8: (length, codePoint) = (4, UInt32(first & 0x07))
  default: return nil
  }
  guard i + length <= text.count else { return nil }
  for byte in text[(i + 1)..<(i + length)] {
    guard byte & 0xC0 == 0x80 else { return nil }
    codePoint = codePoint << 6 | UInt32(byte & 0x3F)
  }
  return codePoint <= 0x10FFFF ? (codePoint, length) : nil
}

/// Appends the bytes of a code point, also of a surrogate, which `Unicode.Scalar` refuses.
private func appendUTF8(_ codePoint: UInt32, to bytes: inout [UInt8]) {
  func continuation(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: codePoint >> shift & 0x3F) }
  switch codePoint {
  case 0..<0x80:
    bytes.append(UInt8(codePoint))
  case 0x80..<0x800:
    bytes += [0xC0 | UInt8(codePoint >> 6), continuation(0)]
  case 0x800..<0x10000:
    bytes += [0xE0 | UInt8(codePoint >> 12), continuation(6), continuation(0)]
  default:
    bytes += [0xF0 | UInt8(codePoint >> 18), continuation(12), continuation(6), continuation(0)]
  }
}
