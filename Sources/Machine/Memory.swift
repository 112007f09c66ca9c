package enum Memory {
  static func total(_ files: SystemFiles) -> Finding<Int> {
    Finding { try field("MemTotal", of: files, in: "/proc/meminfo") }
  }

  /// What can be allocated now without swapping.
  static func available(_ files: SystemFiles) -> Finding<Int> {
    Finding { try field("MemAvailable", of: files, in: "/proc/meminfo") }
  }

  /// What this process may allocate now on a machine: what the system has left, within the limit of its control group; nil
  /// where neither is known.
  package static func freeBytes(on machine: MachineDescription) -> Int? {
    [available(SystemFiles()).value, machine.controlGroup.memoryLimitBytes.value].compactMap { $0 }.min()
  }

  /// The mode in brackets: `always [madvise] never`.
  static func hugePages(_ files: SystemFiles) -> Finding<String> {
    Finding {
      let path = "/sys/kernel/mm/transparent_hugepage/enabled"
      let modes = try files.line(path)
      guard let open = modes.firstIndex(of: "["), let close = modes[open...].firstIndex(of: "]") else {
        throw Absence(.malformed, "\(path): \"\(modes)\" marks no mode")
      }
      return String(modes[modes.index(after: open)..<close])
    }
  }

  /// Bytes from a line `MemTotal: 24731708 kB`, which in a node's file begins with `Node 0`.
  static func field(_ name: String, of files: SystemFiles, in path: String) throws -> Int {
    for line in try files.lines(path) {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard let label = words.firstIndex(where: { $0 == "\(name):" }) else { continue }
      guard words.count > label + 2, words[label + 2] == "kB", let kibibytes = Int(words[label + 1]),
        kibibytes >= 0, kibibytes < 1 << 52
      else { throw Absence(.malformed, "\(path): \"\(printable(line))\" is not an amount of memory") }
      return kibibytes << 10
    }
    throw Absence(.missing, "\(path) has no line \(name)")
  }
}
