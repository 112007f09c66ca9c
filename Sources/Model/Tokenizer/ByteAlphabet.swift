/// GPT-2's spelling of the 256 bytes by printable characters, in which byte-level vocabularies are written.
///
/// A byte whose Latin-1 character is visible stands for itself; the others are U+0100, U+0101 … in order.
enum ByteAlphabet {
  static func isVisible(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: true
    default: false
    }
  }

  /// The code point of each byte.
  static let codePoints: [UInt16] = {
    var next: UInt16 = 0x100
    return (0...255).map { (byte: UInt8) in
      if isVisible(byte) { return UInt16(byte) }
      defer { next += 1 }
      return next
    }
  }()

  /// The byte of each code point, -1 where there is none.
  private static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: Int(codePoints.max() ?? 0) + 1)
    for (byte, codePoint) in codePoints.enumerated() { bytes[Int(codePoint)] = Int16(byte) }
    return bytes
  }()

  /// The bytes that a piece spells; nil when it uses a character outside the alphabet.
  static func decode(_ piece: some Sequence<UInt8>) -> [UInt8]? {
    var decoded: [UInt8] = []
    var lead = 0
    for unit in piece {
      let codePoint: Int
      switch unit {
      case 0x00..<0x80 where lead == 0:
        codePoint = Int(unit)
      case 0x80..<0xC0 where lead != 0:
        codePoint = (lead & 0x1F) << 6 | Int(unit & 0x3F)
        lead = 0
      case 0xC2..<0xE0 where lead == 0:
        lead = Int(unit)
        continue
      default:
        return nil
      }
      guard codePoint < bytes.count, bytes[codePoint] >= 0 else { return nil }
      decoded.append(UInt8(bytes[codePoint]))
    }
    return lead == 0 ? decoded : nil
  }

  /// The piece that spells the bytes, as UTF-8.
  static func encode(_ decoded: some Sequence<UInt8>) -> [UInt8] {
    decoded.flatMap { byte -> [UInt8] in
      let codePoint = codePoints[Int(byte)]
      guard codePoint >= 0x80 else { return [UInt8(codePoint)] }
      return [0xC0 | UInt8(codePoint >> 6), 0x80 | UInt8(codePoint & 0x3F)]
    }
  }
}
