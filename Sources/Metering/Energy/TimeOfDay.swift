/// Times as RFC 3339 writes them.
enum TimeOfDay {
  /// `2026-01-31T09:30:00.25+01:00`; nil without a zone.
  static func unixSeconds(_ text: String) -> Double? {
    var scanner = Scanner(rest: text.utf8[...])
    guard let year = scanner.number(4, then: "-"), let month = scanner.number(2, then: "-"),
      let day = scanner.number(2, then: "Tt "), let hour = scanner.number(2, then: ":"),
      let minute = scanner.number(2, then: ":"), let second = scanner.number(2), (1...12).contains(month),
      (1...days(in: month, year)).contains(day), hour < 24, minute < 60, second <= 60,
      let fraction = scanner.fraction(),
      let zone = scanner.zoneSeconds(), scanner.rest.isEmpty
    else { return nil }
    return Double(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - zone) + fraction
  }

  /// Days since 1970-01-01 in the Gregorian calendar, whose years begin in March here, so that leap days end them.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let years = month > 2 ? year : year - 1
    let months = (month + 9) % 12
    return 365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day - 1 - 719_468
  }

  private static func days(in month: Int, _ year: Int) -> Int {
    days(month < 12 ? year : year + 1, month % 12 + 1, 1) - days(year, month, 1)
  }

  private struct Scanner {
    var rest: Substring.UTF8View

    /// Takes exactly `digits` digits, and one of the separators behind them where some are given.
    mutating func number(_ digits: Int, then separators: String = "") -> Int? {
      let text = rest.prefix(digits)
      guard text.count == digits, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      rest = rest.dropFirst(digits)
      guard separators.isEmpty || take(separators) != nil else { return nil }
      return Int(Substring(text))
    }

    mutating func take(_ any: String) -> Character? {
      guard let first = rest.first, any.utf8.contains(first) else { return nil }
      rest = rest.dropFirst()
      return Character(Unicode.Scalar(first))
    }

    /// Zero where there is none; nil for a point or, as ISO 8601 has it, a comma without digits.
    mutating func fraction() -> Double? {
      guard take(".,") != nil else { return 0 }
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      rest = rest.dropFirst(digits.count)
      return digits.isEmpty ? nil : Double("0." + String(Substring(digits)))
    }

    /// `Z`, `+01:00` or `-0530`, in seconds ahead of UTC.
    mutating func zoneSeconds() -> Int? {
      guard let sign = take("Zz+-") else { return nil }
      if sign == "Z" || sign == "z" { return 0 }
      guard let hours = number(2) else { return nil }
      _ = take(":")
      guard let minutes = number(2), hours < 24, minutes < 60 else { return nil }
      return (hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1)
    }
  }
}
