/// Completions of shells, and the manual page, from the declarations of verbs.
package enum CompletionText {
  package static func bash(_ verbs: [Syntax], topics: [String]) -> String {
    let cases = verbs.map { syntax in
      "    \(syntax.verb)) words='\(words(of: syntax))' ;;"
    }
    return """
      # bash completion for inferometer
      _inferometer() {
        local word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} words
        if ((COMP_CWORD == 1)); then
          COMPREPLY=($(compgen -W '\((verbs.map(\.verb) + ["help"]).joined(separator: " "))' -- "$word"))
          return
        fi
        case $verb in
      \(cases.joined(separator: "\n"))
          help) words='\((verbs.map(\.verb) + topics).joined(separator: " "))' ;;
          *) words='' ;;
        esac
        if [[ $word == -* || $verb == help || $verb == completions ]]; then
          COMPREPLY=($(compgen -W "$words" -- "$word"))
        else
          COMPREPLY=($(compgen -f -- "$word"))
        fi
      }
      complete -o filenames -F _inferometer inferometer

      """
  }

  package static func zsh(_ verbs: [Syntax], topics: [String]) -> String {
    let names = verbs.map { "    '\($0.verb):\(quoted($0.summary))'" }.joined(separator: "\n")
    let cases = verbs.map { syntax in
      let options = syntax.options.flatMap { option in
        option.names.map { name in
          "'\(name)[\(bracketed(option.help))]\(option.placeholder.map { ":\(bracketed($0)):_files" } ?? "")'"
        }
      }
      return "    \(syntax.verb)) _arguments -s \(options.joined(separator: " ")) '*:file:_files' ;;"
    }
    return """
      #compdef inferometer
      _inferometer() {
        local -a verbs
        verbs=(
      \(names)
          'help:say more of a verb or a topic'
        )
        if ((CURRENT == 2)); then _describe verb verbs; return; fi
        local verb=${words[2]}
        shift words; ((CURRENT--))
        case $verb in
      \(cases.joined(separator: "\n"))
          help) _values topic \((verbs.map(\.verb) + topics).joined(separator: " ")) ;;
        esac
      }
      _inferometer "$@"

      """
  }

  package static func fish(_ verbs: [Syntax], topics: [String]) -> String {
    var lines = ["# fish completions for inferometer"]
    for syntax in verbs {
      lines.append(
        "complete -c inferometer -n __fish_use_subcommand -f -a \(syntax.verb) -d '\(quoted(syntax.summary))'")
      for option in syntax.options {
        var words = ["complete -c inferometer -n '__fish_seen_subcommand_from \(syntax.verb)'"]
        for name in option.names {
          let bare = name.drop { $0 == "-" }
          words.append(name.hasPrefix("--") ? "-l \(bare)" : bare.count == 1 ? "-s \(bare)" : "-o \(bare)")
        }
        if option.placeholder != nil { words.append("-r") }
        lines.append((words + ["-d '\(quoted(option.help))'"]).joined(separator: " "))
      }
    }
    let helped = (verbs.map(\.verb) + topics).joined(separator: " ")
    lines.append("complete -c inferometer -n __fish_use_subcommand -f -a help -d 'say more of a verb or a topic'")
    lines.append("complete -c inferometer -n '__fish_seen_subcommand_from help' -f -a '\(helped)'")
    return lines.joined(separator: "\n") + "\n"
  }

  /// A page for man in section 1.
  package static func manual(_ verbs: [Syntax], summary: String, notes: [String], version: String) -> String {
    var lines = [
      ".TH INFEROMETER 1 \"\" \"inferometer \(version)\" \"User Commands\"", ".SH NAME",
      "inferometer \\- what a generated token costs on a CPU", ".SH SYNOPSIS", ".B inferometer",
      "[\\fIVERB\\fR] [\\fIOPTION\\fR…]", ".SH DESCRIPTION", roff(summary),
    ]
    for note in notes { lines += [".PP", roff(note)] }
    for syntax in verbs {
      lines += [
        ".SH \(syntax.verb.uppercased())",
        roff(syntax.summary.prefix(1).uppercased() + syntax.summary.dropFirst() + "."),
      ]
      for usage in syntax.usage { lines += [".PP", ".B inferometer \(syntax.verb)", roff(usage)] }
      for option in syntax.options {
        let names = option.names.map { "\\fB\(roff($0))\\fR" }.joined(separator: ", ")
        lines += [".TP", names + (option.placeholder.map { " \\fI\(roff($0))\\fR" } ?? ""), roff(option.help)]
      }
      for note in syntax.notes { lines += [".PP", roff(note)] }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func words(of syntax: Syntax) -> String {
    (syntax.options.flatMap(\.names) + (syntax.verb == "completions" ? ["bash", "zsh", "fish"] : [])).joined(
      separator: " ")
  }

  private static func quoted(_ text: String) -> String { text.replacing("'", with: "’") }

  private static func bracketed(_ text: String) -> String {
    quoted(text).replacing("[", with: "(").replacing("]", with: ")").replacing(":", with: " ")
  }

  private static func roff(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
