/// The regular expressions by which byte-pair vocabularies cut text into words, as scanners: each gives the end of the
/// word that starts at a position, and always moves on.
extension TextScanner {
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  func gptTwoWordEnd(from start: Int) -> Int {
    if let end = contractionEnd(from: start, anyCase: false) { return end }
    let first = byte(start) == UInt8(ascii: " ") ? start + 1 : start
    if has(.letter, first) { return run(from: first) { has(.letter, $0) } }
    if has(.number, first) { return run(from: first) { has(.number, $0) } }
    let other: CharacterClass = [.space, .letter, .number]
    if lacks(other, first) { return run(from: first) { lacks(other, $0) } }
    return spaceEnd(from: start, splitsAtNewline: false)
  }

  /// The rule of GPT-4's kind: `(?i:'s|…)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|
  /// \s+(?!\S)|\s+`, with what families change in it.
  func wordEnd(from start: Int, by rule: WordRule) -> Int {
    if rule.splitsContractions, let end = contractionEnd(from: start, anyCase: true) { return end }
    if let end = letterEnd(from: start, by: rule) { return end }
    if has(.number, start) {
      return run(from: start, atMost: rule.digits) { has(.number, $0) }
    }
    let first = byte(start) == UInt8(ascii: " ") ? start + 1 : start
    let other = rule.letters.union([.space, .number])
    if lacks(other, first) {
      return run(from: run(from: first) { lacks(other, $0) }) {
        isNewline($0) || rule.takesSlashes && byte($0) == UInt8(ascii: "/")
      }
    }
    return spaceEnd(from: start, splitsAtNewline: true)
  }

  private func isNewline(_ i: Int) -> Bool { byte(i) == UInt8(ascii: "\n") || byte(i) == UInt8(ascii: "\r") }

  /// `[^\r\n\p{L}\p{N}]?\p{L}+` or its relatives.
  private func letterEnd(from start: Int, by rule: WordRule) -> Int? {
    guard !isNewline(start), !has(.number, start) else { return nil }
    if rule.splitsAtCapitals {
      guard let end = caseEnd(from: start) else { return nil }
      return rule.keepsContractions ? contractionEnd(from: end, anyCase: true) ?? end : end
    }
    let first = has(rule.letters, start) ? start : after(start)
    return has(rule.letters, first) ? run(from: first) { has(rule.letters, $0) } : nil
  }

  /// `[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+` or else, with `+` and `*` exchanged, capitals
  /// alone. A mark may be the character before the word, or begin the word.
  private func caseEnd(from start: Int) -> Int? {
    let either: CharacterClass = [.caseless, .mark]
    var capitals: Int?
    for first in has(.letter, start) ? [start] : [after(start), start] {
      /// Behind the last character of the first run that the second may claim when it would be empty otherwise.
      var lastEither: Int?
      let firstRun = run(from: first) { i in
        if has(either, i) { lastEither = after(i) }
        return has(either.union(.capital), i)
      }
      let end = run(from: firstRun) { has(either.union(.small), $0) }
      if end > firstRun { return end }
      if let lastEither { return lastEither }
      if firstRun > first { capitals = capitals ?? firstRun }
    }
    return capitals
  }

  /// `'s|'t|'re|'ve|'m|'ll|'d`
  private func contractionEnd(from start: Int, anyCase: Bool) -> Int? {
    guard byte(start) == UInt8(ascii: "'") else { return nil }
    let fold: UInt8 = anyCase ? 0x20 : 0
    // ſ is a small s too.
    if anyCase, byte(start + 1) == 0xC5, byte(start + 2) == 0xBF { return start + 3 }
    switch byte(start + 1) | fold {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 2
    case UInt8(ascii: "r") where byte(start + 2) | fold == UInt8(ascii: "e"),
      UInt8(ascii: "v") where byte(start + 2) | fold == UInt8(ascii: "e"),
      UInt8(ascii: "l") where byte(start + 2) | fold == UInt8(ascii: "l"):
      return start + 3
    default:
      return nil
    }
  }

  /// `\s*[\r\n]+|\s+(?!\S)|\s+`, the first only where asked for: white space up to its last newline, else all of it at
  /// the end of the text, else all but the last, which belongs to the next word.
  private func spaceEnd(from start: Int, splitsAtNewline: Bool) -> Int {
    var behindNewline: Int?
    var last = start
    let end = run(from: start) { i in
      guard has(.space, i) else { return false }
      if isNewline(i) { behindNewline = after(i) }
      last = i
      return true
    }
    if splitsAtNewline, let behindNewline { return behindNewline }
    if end < self.end, last > start { return last }
    return end > start ? end : after(start)
  }
}

/// What a family changes in the rule of GPT-4's kind.
struct WordRule: Sendable {
  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)` are words of their own.
  var splitsContractions = true
  /// They stay with the word before them.
  var keepsContractions = false
  var letters: CharacterClass = .letter
  var splitsAtCapitals = false
  /// The longest number.
  var digits = 3
  /// Slashes follow punctuation as newlines do.
  var takesSlashes = false
}
