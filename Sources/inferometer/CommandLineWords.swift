/// The words after the command's name, exactly as they were given.
enum CommandLineWords {
  static func read() throws(UsageError) -> [String] {
    var words: [String] = []
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let bytes = CommandLine.unsafeArgv[index] else { break }
      // Repairing what is no UTF-8 would change a text or name another file.
      guard let word = String(validatingCString: bytes) else {
        throw UsageError("argument \(index)", "is not UTF-8; put such a text into a file and name it with --file")
      }
      words.append(word)
    }
    return words
  }
}
