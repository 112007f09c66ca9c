/// How text is cut into words before byte pairs are merged: stages, each applied to the pieces that the last one left.
struct PreTokenizer: Sendable {
  /// A pattern whose matches become pieces, and so does what lies between them.
  enum Isolated {
    /// `\p{N}`
    case eachNumber
    /// `\p{N}+`
    case numbers
    /// `[0-9][0-9][0-9]`
    case digitTriples
    /// `[\p{P}\$\+<=>\^~\|]+`
    case punctuation
    /// `[\p{P}\$\+<=>\^~\|`]+`
    case punctuationAndBackticks
  }

  enum Stage {
    case isolate(Isolated)
    case gptTwoWords
    case words(WordRule)
  }

  var stages: [Stage]
  /// A word that is a token is taken as it is, whether or not merges lead there.
  var ignoresMerges = false
  /// Text begins with the beginning token where the file does not say.
  var addsBeginning = false

  /// The words of well-formed UTF-8, in order.
  func words(in text: [UInt8]) -> [Range<Int>] {
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
    switch stage {
    case .gptTwoWords:
      while i < end {
        pieces.append(i..<gptTwoWordEnd(from: i))
        i = pieces[pieces.count - 1].upperBound
      }
    case .words(let rule):
      while i < end {
        pieces.append(i..<wordEnd(from: i, by: rule))
        i = pieces[pieces.count - 1].upperBound
      }
    case .isolate(let pattern):
      var between = i
      while i < end {
        guard let matchEnd = matchEnd(of: pattern, from: i) else {
          i = after(i)
          continue
        }
        if between < i { pieces.append(between..<i) }
        pieces.append(i..<matchEnd)
        (i, between) = (matchEnd, matchEnd)
      }
      if between < i { pieces.append(between..<i) }
    }
  }

  private func matchEnd(of pattern: PreTokenizer.Isolated, from start: Int) -> Int? {
    let end: Int
    switch pattern {
    case .eachNumber:
      end = has(.number, start) ? after(start) : start
    case .numbers:
      end = run(from: start) { has(.number, $0) }
    case .digitTriples:
      let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
      end = (start..<(start + 3)).allSatisfy { digits ~= byte($0) } ? start + 3 : start
    case .punctuation:
      end = run(from: start) { has(.punctuation, $0) || TextScanner.symbols.contains(byte($0)) }
    case .punctuationAndBackticks:
      end = run(from: start) {
        has(.punctuation, $0) || TextScanner.symbols.contains(byte($0)) || byte($0) == UInt8(ascii: "`")
      }
    }
    return end > start ? end : nil
  }

  private static let symbols = Array("$+<=>^~|".utf8)
}
