extension Child {
  /// What this command prints in a process of its own: nothing when it was asked to stop, its own words where it fails.
  static func output(_ words: [String], named name: String) throws -> [UInt8] {
    let result = try run(words)
    if Interruption.isRequested { return [] }
    guard result.status == 0 else {
      let prefix = "inferometer: "
      let line = result.errors.split(separator: "\n").last.map(String.init) ?? "ended with status \(result.status)"
      throw Failure(
        ExitCode(rawValue: result.status) ?? .failure,
        "'\(name)': \(line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : line)")
    }
    return result.output
  }
}
