/// Reads the characters of well-formed UTF-8 within a segment; nothing lies beyond its end.
///
/// It borrows the text: with arrays in their place, counting references took two thirds of the time.
struct TextScanner {
  private let text: UnsafeBufferPointer<UInt8>
  private let basicPlane: UnsafeBufferPointer<CharacterClass>
  /// Where the segment ends.
  private(set) var end: Int

  /// Lends a scanner of the whole text.
  static func scan(_ text: [UInt8], _ body: (TextScanner) -> Void) {
    text.withUnsafeBufferPointer { text in
      CharacterClass.basicPlane.withUnsafeBufferPointer { classes in
        body(TextScanner(text: text, basicPlane: classes, end: text.count))
      }
    }
  }

  /// The same text with an earlier end.
  func ending(at end: Int) -> TextScanner {
    var segment = self
    segment.end = min(end, self.end)
    return segment
  }

  /// The byte at a position, zero past the end.
  func byte(_ i: Int) -> UInt8 { i < end ? text[i] : 0 }

  /// Where the character at a position ends.
  func after(_ i: Int) -> Int {
    switch byte(i) {
    case 0..<0xC0: min(i + 1, end)
    case 0xC0..<0xE0: min(i + 2, end)
    case 0xE0..<0xF0: min(i + 3, end)
    default: min(i + 4, end)
    }
  }

  /// The character at a position before the end.
  func codePoint(_ i: Int) -> UInt32 {
    let first = text[i]
    if first < 0x80 { return UInt32(first) }
    let length = after(i) - i
    var codePoint = UInt32(first) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
    for k in 1..<max(length, 1) { codePoint = codePoint << 6 | UInt32(text[i + k] & 0x3F) }
    return codePoint
  }

  /// No class past the end.
  func classes(_ i: Int) -> CharacterClass {
    guard i < end else { return [] }
    let codePoint = codePoint(i)
    return codePoint < 0x10000 ? basicPlane[Int(codePoint)] : CharacterClass(codePoint: codePoint)
  }

  /// Whether a character is there, and of any of the classes.
  func has(_ wanted: CharacterClass, _ i: Int) -> Bool { !classes(i).isDisjoint(with: wanted) }

  /// Whether a character is there, and of none of the classes.
  func lacks(_ unwanted: CharacterClass, _ i: Int) -> Bool { i < end && classes(i).isDisjoint(with: unwanted) }

  /// Where the run of characters that satisfy the condition ends, `limit` of them at most.
  func run(from start: Int, atMost limit: Int = .max, while condition: (Int) -> Bool) -> Int {
    var i = start
    var length = 0
    while i < end, length < limit, condition(i) { (i, length) = (after(i), length + 1) }
    return i
  }
}
