/// A text of JSON as JSON5 relaxes it (json5.org): comments, trailing commas, bare keys, single quotes.
///
/// Foundation's decoder reads the same, but keeps the first of two equal keys, takes NaN and Infinity, ignores what it was not
/// asked for, and knows no line: a misspelt price would be a default without a word.
package indirect enum JSON5: Sendable {
  case object([Member])
  case array([Node])
  case string(String)
  /// As it is written, so that a whole number is not first a rounded one.
  case number(Double, isWhole: Bool)
  case bool(Bool)
  case null

  package struct Node: Sendable {
    package var value: JSON5
    /// Of its first character, from 1.
    package var line: Int
  }

  package struct Member: Sendable {
    package var key: String
    package var node: Node
  }
}

extension JSON5 {
  /// Deeper nesting is refused: nothing here needs it, and a stack has an end.
  static let deepest = 32

  /// Why a text is not one of JSON5, and on which line.
  package struct Flaw: Error, CustomStringConvertible {
    package var line: Int
    package var reason: String
    package var description: String { "line \(line): \(reason)" }
  }

  package static func parse(_ text: some Sequence<UInt8>) throws(Flaw) -> Node {
    var scanner = Scanner(bytes: Array(text))
    try scanner.skipBlank()
    let node = try scanner.value(depth: 0, path: "")
    try scanner.skipBlank()
    guard scanner.isAtEnd else { throw scanner.flaw("something follows the end of the value") }
    return node
  }
}

private struct Scanner {
  let bytes: [UInt8]
  var position = 0
  var line = 1

  init(bytes: [UInt8]) {
    self.bytes = bytes
    // A byte order mark is not part of the text.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  var isAtEnd: Bool { position == bytes.count }
  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  func flaw(_ reason: String) -> JSON5.Flaw { JSON5.Flaw(line: line, reason: reason) }

  private mutating func take(_ byte: Character) -> Bool {
    guard next == byte.asciiValue else { return false }
    position += 1
    return true
  }

  /// White space and comments.
  mutating func skipBlank() throws(JSON5.Flaw) {
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        position += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0B, 0x0C: position += 1
      case UInt8(ascii: "/"): try skipComment()
      // The no-break space.
      case 0xC2 where position + 1 < bytes.count && bytes[position + 1] == 0xA0: position += 2
      default: return
      }
    }
  }

  private mutating func skipComment() throws(JSON5.Flaw) {
    let begin = line
    position += 1
    if take("/") {
      while let byte = next, byte != UInt8(ascii: "\n") { position += 1 }
    } else if take("*") {
      while let byte = next {
        position += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        if byte == UInt8(ascii: "*"), take("/") { return }
      }
      throw JSON5.Flaw(line: begin, reason: "a comment that begins here has no end; close it with */")
    } else {
      throw flaw("'/' begins neither a value nor a comment")
    }
  }

  mutating func value(depth: Int, path: String) throws(JSON5.Flaw) -> JSON5.Node {
    let begin = line
    guard depth < JSON5.deepest else {
      throw flaw("\(path.isEmpty ? "the file" : path) is nested deeper than \(JSON5.deepest) levels")
    }
    guard let byte = next else { throw flaw("the text ends where a value is expected") }
    let value: JSON5 =
      switch byte {
      case UInt8(ascii: "{"): try object(depth, path)
      case UInt8(ascii: "["): try array(depth, path)
      case UInt8(ascii: "\""), UInt8(ascii: "'"): .string(try string())
      default: try word(path)
      }
    return JSON5.Node(value: value, line: begin)
  }

  private mutating func object(_ depth: Int, _ path: String) throws(JSON5.Flaw) -> JSON5 {
    position += 1
    var members: [JSON5.Member] = []
    // A few keys are compared faster than they are hashed.
    var lines: [String: Int] = [:]
    while true {
      try skipBlank()
      if take("}") { return .object(members) }
      let here = line
      let key = next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") ? try string() : try bareKey()
      let name = path.isEmpty ? key : "\(path).\(key)"
      let first =
        members.count < 16 ? members.first { $0.key == key }?.node.line : lines.updateValue(here, forKey: key)
      if let first {
        throw flaw("\(name) stands a second time (first on line \(first)); leave one of them")
      }
      try skipBlank()
      guard take(":") else { throw flaw("a ':' is missing after the key \(name)") }
      try skipBlank()
      members.append(JSON5.Member(key: key, node: try value(depth: depth + 1, path: name)))
      if members.count == 16 { for member in members { lines[member.key] = member.node.line } }
      try skipBlank()
      if take(",") { continue }
      guard take("}") else { throw flaw("a ',' or '}' is missing after \(name)") }
      return .object(members)
    }
  }

  private mutating func array(_ depth: Int, _ path: String) throws(JSON5.Flaw) -> JSON5 {
    position += 1
    var items: [JSON5.Node] = []
    while true {
      try skipBlank()
      if take("]") { return .array(items) }
      let name = "\(path)[\(items.count)]"
      items.append(try value(depth: depth + 1, path: name))
      try skipBlank()
      if take(",") { continue }
      guard take("]") else { throw flaw("a ',' or ']' is missing after \(name)") }
      return .array(items)
    }
  }

  private mutating func bareKey() throws(JSON5.Flaw) -> String {
    let begin = position
    while let byte = next, isPartOfName(byte) { position += 1 }
    let name = String(decoding: bytes[begin..<position], as: UTF8.self)
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      throw flaw("a key is missing; a key is a name, or a text in quotes")
    }
    return name
  }

  private func isPartOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }

  private mutating func string() throws(JSON5.Flaw) -> String {
    let quote = bytes[position]
    let begin = line
    position += 1
    // Most texts are plain.
    let start = position
    while let byte = next, byte != quote, byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    if next == quote, let plain = String(validating: bytes[start..<position], as: UTF8.self) {
      position += 1
      return plain
    }
    position = start
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case quote:
        guard let valid = String(validating: text, as: UTF8.self) else {
          throw JSON5.Flaw(line: begin, reason: "a text that begins here is not UTF-8")
        }
        return valid
      case UInt8(ascii: "\\"): try escape(into: &text)
      case UInt8(ascii: "\n"): throw JSON5.Flaw(line: begin, reason: "a text that begins here has no closing quote")
      case 0..<0x20 where byte != UInt8(ascii: "\t"):
        throw flaw("a text holds a control character; write it as \\u00\(String(byte, radix: 16))")
      default: text.append(byte)
      }
    }
    throw JSON5.Flaw(line: begin, reason: "a text that begins here has no closing quote")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSON5.Flaw) {
    guard let byte = next else { throw flaw("the text ends within an escape") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "v"): text.append(0x0B)
    case UInt8(ascii: "0"): text.append(0)
    case UInt8(ascii: "\n"): line += 1
    case UInt8(ascii: "x"): text += String(UnicodeScalar(UInt8(try hexadecimal(digits: 2)))).utf8
    case UInt8(ascii: "u"):
      var code = UInt32(try hexadecimal(digits: 4))
      if (0xD800..<0xDC00).contains(code) {
        guard take("\\"), take("u") else { throw flaw("half of a pair of surrogates stands alone") }
        let low = UInt32(try hexadecimal(digits: 4))
        guard (0xDC00..<0xE000).contains(low) else { throw flaw("half of a pair of surrogates stands alone") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else { throw flaw("half of a pair of surrogates stands alone") }
      text += String(scalar).utf8
    case UInt8(ascii: "1")...UInt8(ascii: "9"): throw flaw("a text holds an escape of a digit, which JSON5 has not")
    default: text.append(byte)
    }
  }

  private mutating func hexadecimal(digits: Int) throws(JSON5.Flaw) -> UInt16 {
    guard position + digits <= bytes.count,
      let value = UInt16(String(decoding: bytes[position..<position + digits], as: UTF8.self), radix: 16)
    else { throw flaw("an escape needs \(digits) hexadecimal digits") }
    position += digits
    return value
  }

  /// A number, true, false or null.
  private mutating func word(_ path: String) throws(JSON5.Flaw) -> JSON5 {
    let begin = position
    var whole = 0
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), position - begin < 15 {
      whole = whole * 10 + Int(byte - UInt8(ascii: "0"))
      position += 1
    }
    let isPlain = next.map { !isPartOfName($0) && !".+-".utf8.contains($0) } ?? true
    if position > begin, isPlain { return .number(Double(whole), isWhole: true) }
    position = begin
    while let byte = next,
      isPartOfName(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    { position += 1 }
    let word = String(decoding: bytes[begin..<position], as: UTF8.self)
    let name = path.isEmpty ? "the file" : path
    switch word {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    case "":
      let text = String(decoding: bytes[position..<min(position + 1, bytes.count)], as: UTF8.self)
      throw flaw("\(name): '\(text)' begins no value")
    default: break
    }
    let sign = word.first == "-" ? -1.0 : 1.0
    let digits = word.first == "-" || word.first == "+" ? word.dropFirst() : word[...]
    if digits == "NaN" || digits == "Infinity" { throw flaw("\(name) is \(word); give a number that is finite") }
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      guard let value = Int(digits.dropFirst(2), radix: 16) else { throw flaw("\(name): '\(word)' is no number") }
      return .number(sign * Double(value), isWhole: true)
    }
    let isDecimal = digits.utf8.allSatisfy { "0123456789.eE+-".utf8.contains($0) } && digits.first?.isLetter == false
    guard isDecimal, digits.first != "+", digits.first != "-", let value = Double(decimal(digits)) else {
      throw flaw("\(name): '\(word)' is no value; a text stands in quotes")
    }
    guard value.isFinite else { throw flaw("\(name): \(word) is larger than any number here") }
    return .number(sign * value, isWhole: value.rounded() == value && value < 0x1p53)
  }

  /// With the zeros that JSON5 lets be left out.
  private func decimal(_ digits: Substring) -> String {
    var text = digits.hasPrefix(".") ? "0" + digits : String(digits)
    if let point = text.firstIndex(of: ".") {
      let after = text.index(after: point)
      if after == text.endIndex || !text[after].isNumber { text.insert("0", at: after) }
    }
    return text
  }
}
