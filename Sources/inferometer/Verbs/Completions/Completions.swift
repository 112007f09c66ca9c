/// `completions`: what shells complete, made of the declarations of verbs and options.
enum Completions: Verb {
  private enum Shell: String, CaseIterable { case bash, zsh, fish }

  static let syntax = Syntax(
    "completions", summary: "print completions for a shell",
    usage: ["bash|zsh|fish"], groups: [], operands: ["bash|zsh|fish"],
    notes: [
      "bash: inferometer completions bash > ~/.local/share/bash-completion/completions/inferometer. "
        + "zsh: inferometer completions zsh > _inferometer, in a folder of fpath. "
        + "fish: inferometer completions fish > ~/.config/fish/completions/inferometer.fish"
    ])

  static func run(_ arguments: Arguments) throws {
    if arguments.contains(.json) { throw UsageError(.json, "has no meaning here: completions are a shell's script") }
    guard let word = arguments.operands.first, let shell = Shell(rawValue: word.lowercased()) else {
      throw UsageError("completions", "name a shell: bash, zsh or fish")
    }
    let verbs = Verbs.all.map { $0.syntax }
    let topics = HelpTopic.all.map(\.name)
    switch shell {
    case .bash: try Console.print(CompletionText.bash(verbs, topics: topics))
    case .zsh: try Console.print(CompletionText.zsh(verbs, topics: topics))
    case .fish: try Console.print(CompletionText.fish(verbs, topics: topics))
    }
  }
}
