/// How text becomes words before byte pairs are merged: composed where the family has it so, then cut in stages, each of
/// which is applied to the pieces that the last one left.
package struct PreTokenizer: Sendable {
  enum Stage {
    case isolate(Run)
    case gptTwoWords
    case words(WordRule)
  }

  /// Runs of like characters, which become pieces, and so does what lies between them.
  struct Run: Sendable {
    /// `\s?` before the run.
    var takesSpace = false
    var classes: CharacterClass = []
    /// Characters besides those of the classes.
    var others: CodePoints?
    var length = 1...Int.max
    /// Only at the end of the text: `$`
    var isLast = false
  }

  var stages: [Stage]
  /// Text is brought into the normal form NFC first.
  package var composes = false
  /// A word that is a token is taken as it is, whether or not merges lead there.
  var ignoresMerges = false
  /// Text begins with the beginning token where the file does not say.
  var addsBeginning = false

  /// Text of which `words` are the pieces, from any bytes.
  func prepared(_ text: [UInt8]) -> [UInt8] {
    let text = repairingUTF8(text)
    return composes ? composed(text) : text
  }

  /// The words of well-formed UTF-8, in order.
  package func words(in text: [UInt8]) -> [Range<Int>] {
    var pieces = text.isEmpty ? [] : [0..<text.count]
    TextScanner.scan(text) { scanner in
      for stage in stages {
        var next: [Range<Int>] = []
        next.reserveCapacity(max(pieces.count, text.count / 4))
        for piece in pieces {
          scanner.ending(at: piece.upperBound).split(from: piece.lowerBound, by: stage, into: &next)
        }
        pieces = next
      }
    }
    return pieces
  }
}

extension TextScanner {
  fileprivate func split(from start: Int, by stage: PreTokenizer.Stage, into pieces: inout [Range<Int>]) {
    var i = start
    var between = i
    while i < end {
      let match =
        switch stage {
        case .gptTwoWords: gptTwoWordEnd(from: i)
        case .words(let rule): wordEnd(from: i, by: rule)
        case .isolate(let run): self.end(of: run, from: i)
        }
      guard let match else {
        i = after(i)
        continue
      }
      if between < i { pieces.append(between..<i) }
      pieces.append(i..<match)
      (i, between) = (match, match)
    }
    if between < i { pieces.append(between..<i) }
  }

  /// Nil where no such run starts.
  private func end(of run: PreTokenizer.Run, from start: Int) -> Int? {
    func belongs(_ i: Int) -> Bool { has(run.classes, i) || run.others?.contains(codePoint(i)) == true }
    func end(from first: Int) -> Int? {
      guard first < self.end, belongs(first) else { return nil }
      let end = self.run(from: first, atMost: run.length.upperBound, while: belongs)
      // Runs that have a shortest length have one length, of characters of a byte.
      return end - first >= run.length.lowerBound && (!run.isLast || end == self.end) ? end : nil
    }
    if run.takesSpace, has(.space, start), let end = end(from: after(start)) { return end }
    return end(from: start)
  }
}
