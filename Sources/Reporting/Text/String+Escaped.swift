import Records

/// Text of unknown origin in the languages that reports and exports are written in.
extension String {
  /// A JSON string in ASCII control-free text: nothing in it reaches a terminal as a command.
  var jsonLiteral: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case _ where scalar.steersTerminal:
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  /// A quoted field of CSV. A spreadsheet would run a text that begins like a formula.
  package var csvField: String {
    let shown = printable
    let isFormula = shown.first.map { "=+-@".contains($0) } ?? false
    return "\"" + (isFormula ? "'" : "") + shown.replacing("\"", with: "\"\"") + "\""
  }

  /// Text that can neither end a Markdown table cell nor become markup, a link or HTML in it.
  package var markdownCell: String {
    printable.reduce(into: "") { text, character in
      switch character {
      case "|", "`", "[", "]", "\\": text += "\\\(character)"
      case "<": text += "&lt;"
      case "&": text += "&amp;"
      default: text.append(character)
      }
    }
  }

  /// Text that is text in XML, whatever it contains.
  var xmlText: String {
    printable.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
