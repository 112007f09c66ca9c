import Glibc

/// `SHA256SUMS` of a results directory, which `sha256sum -c` reads too.
package enum Checksums {
  package static let fileName = "SHA256SUMS"
  /// These files hold what was measured; all others are made from them.
  private static let names = ["command.txt", "machine.json", "plan.json", "runs.jsonl"]

  package static func write(in directory: ResultsDirectory) throws(RecordError) {
    var text = ""
    for name in names where access("\(directory.path)/\(name)", F_OK) == 0 {
      text += "\(try hash(of: "\(directory.path)/\(name)"))  \(name)\n"
    }
    try directory.write(text, to: fileName)
  }

  /// Names of files that are not what the sums say, each with the reason; nil where there are no sums.
  package static func mismatches(in directory: ResultsDirectory) throws(RecordError) -> [String]? {
    guard access("\(directory.path)/\(fileName)", F_OK) == 0 else { return nil }
    let lines = String(decoding: try directory.contents(of: fileName), as: UTF8.self).split(separator: "\n")
    var found: [String] = []
    var seen: Set<String> = []
    for line in lines {
      let parts = line.split(separator: " ", maxSplits: 1).map { $0.drop { $0 == " " || $0 == "*" } }
      guard parts.count == 2, parts[0].count == 64, names.contains(String(parts[1])) else {
        found.append("\(fileName): '\(line.prefix(80))' is no sum of a file of results")
        continue
      }
      seen.insert(String(parts[1]))
      if try hash(of: "\(directory.path)/\(parts[1])") != parts[0] {
        found.append("\(parts[1]): is not what was sealed")
      }
    }
    if !seen.contains("runs.jsonl") { found.append("\(fileName): has no sum of runs.jsonl") }
    return found
  }

  private static func hash(of path: String) throws(RecordError) -> String {
    let file = try FileDescriptor(path, flags: O_RDONLY | O_NONBLOCK)
    _ = try file.requireRegularFile()
    var sum = SHA256()
    while true {
      let part = try file.read(upTo: 1 << 18)
      if part.isEmpty { return sum.hexadecimal() }
      sum.update(part)
    }
  }
}
