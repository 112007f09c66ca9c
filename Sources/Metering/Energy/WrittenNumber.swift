/// Numbers as programs, spreadsheets and people write them: a point or a comma before the decimals, the other or none
/// between the thousands.
struct WrittenNumbers {
  /// The sign before the decimals, once a number has shown it: all numbers of a file have the same.
  private var decimalSign: UInt8?

  /// Why a text has no number, to be said behind the text.
  struct Doubt: Error { let reason: String }

  /// The number at the start of a text, and what follows it.
  ///
  /// `1,234` could be either of two numbers, and is none until the file has shown its sign; `1.234` has decimals, as
  /// programs write them, unless the file has shown a comma.
  mutating func read(_ text: String) throws(Doubt) -> (number: WrittenNumber, rest: String) {
    var rest = text.utf8[...]
    func take(while isMember: (UInt8) -> Bool) -> Substring {
      let taken = rest.prefix(while: isMember)
      rest = rest.dropFirst(taken.count)
      return Substring(taken)
    }
    func takeOne(_ either: UInt8, _ other: UInt8) -> Substring {
      guard rest.first == either || rest.first == other else { return "" }
      defer { rest.removeFirst() }
      return Substring(rest[..<rest.index(after: rest.startIndex)])
    }
    let sign = takeOne(UInt8(ascii: "-"), UInt8(ascii: "+"))
    let body = Array(take { Self.isDigit($0) || $0 == Self.point || $0 == Self.comma }.utf8)
    var exponent: Int? = 0
    let behind = rest
    if !takeOne(UInt8(ascii: "e"), UInt8(ascii: "E")).isEmpty {
      let power = takeOne(UInt8(ascii: "-"), UInt8(ascii: "+")) + take(while: Self.isDigit)
      // An e without digits begins a word.
      if power.utf8.last.map(Self.isDigit) == true { exponent = Int(power) } else { rest = behind }
    }
    guard let exponent, exponent.magnitude < 1000 else { throw Doubt(reason: "is too large or too small") }
    let (whole, decimals) = try parts(body)
    let digits = String(decoding: whole, as: UTF8.self) + "." + String(decoding: decimals, as: UTF8.self)
    return (WrittenNumber(mantissa: "\(sign)\(digits)", exponent: exponent), Substring(rest).trimmed())
  }

  /// The digits before and behind the sign of the decimals, neither empty.
  private mutating func parts(_ body: [UInt8]) throws(Doubt) -> (whole: [UInt8], decimals: [UInt8]) {
    let none = Doubt(reason: "is not a number")
    guard let place = body.lastIndex(where: { !Self.isDigit($0) }) else {
      guard !body.isEmpty else { throw none }
      return (body, [Self.zero])
    }
    let mark = body[place]
    let other = mark == Self.point ? Self.comma : Self.point
    let groups = Self.groups(body, between: mark)
    var sign = mark
    if body.count(where: { $0 == mark }) > 1 {
      guard groups != nil else { throw none }
      sign = other
    } else if groups != nil {
      sign = decimalSign ?? mark
      if decimalSign == nil, mark == Self.comma {
        throw Doubt(reason: "may have decimals or thousands behind its comma; write decimals behind a point")
      }
    }
    guard sign == decimalSign ?? sign else {
      throw Doubt(reason: "has another sign before its decimals than the numbers above it")
    }
    decimalSign = sign
    if sign == other, let groups { return (groups, [Self.zero]) }
    let whole = Array(body[..<place])
    let decimals = Array(body[(place + 1)...])
    guard !whole.isEmpty, !decimals.isEmpty,
      let digits = whole.allSatisfy(Self.isDigit) ? whole : Self.groups(whole, between: other)
    else { throw none }
    return (digits, decimals)
  }

  /// The digits of `1,234,567` without what stands between its thousands, or nil.
  private static func groups(_ body: [UInt8], between mark: UInt8) -> [UInt8]? {
    let groups = body.split(separator: mark, omittingEmptySubsequences: false)
    guard groups.count > 1, (1...3).contains(groups[0].count), groups[0].first != zero,
      groups.dropFirst().allSatisfy({ $0.count == 3 }), groups.joined().allSatisfy(isDigit)
    else { return nil }
    return Array(groups.joined())
  }

  private static let zero = UInt8(ascii: "0")
  private static let point = UInt8(ascii: ".")
  private static let comma = UInt8(ascii: ",")
  private static func isDigit(_ byte: UInt8) -> Bool { (zero...UInt8(ascii: "9")).contains(byte) }
}

/// A number as it was written, so that another unit moves its point without rounding it.
struct WrittenNumber {
  fileprivate let mantissa: String
  fileprivate let exponent: Int

  /// The number times a power of ten; infinite where it does not fit.
  func value(timesTenTo power: Int = 0) -> Double { Double("\(mantissa)e\(exponent + power)") ?? .infinity }
}
