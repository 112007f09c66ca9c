/// What the first block of `/proc/cpuinfo` says of the processor.
struct ProcessorStatement {
  private let fields: [String: String]
  private let absence: Absence?

  init(_ files: SystemFiles) {
    do {
      // One processor's block is about 4 KiB long; there may be thousands of them.
      let lines = try files.head("/proc/cpuinfo", bytes: 1 << 16)
      var fields: [String: String] = [:]
      for line in lines {
        guard let colon = line.firstIndex(of: ":") else { continue }
        let key = line[..<colon].trimmed()
        if key == "processor", fields[key] != nil { break }
        if fields[key] == nil { fields[key] = line[line.index(after: colon)...].trimmed() }
      }
      self.fields = fields
      absence = nil
    } catch {
      fields = [:]
      absence = error as? Absence
    }
  }

  var modelName: String {
    if let name = shown("model name") { return name }
    // ARM kernels state numbers instead of names.
    if let implementer = shown("CPU implementer"), let part = shown("CPU part") {
      return "ARM implementer \(implementer) part \(part)"
    }
    return "unknown processor"
  }

  var vendor: String { shown("vendor_id") ?? shown("CPU implementer") ?? "unknown" }
  var family: Finding<Int> { number("cpu family") }
  var model: Finding<Int> { number("model") }
  var stepping: Finding<Int> { number("stepping") }

  /// All words of the flags line, without underscores.
  var flags: Set<String> {
    let words = (fields["flags"] ?? fields["Features"] ?? "").split(separator: " ")
    return Set(words.prefix(1024).map { printable($0).filter { $0 != "_" } })
  }

  /// The flags that matter here, in the order of the table; on other architectures all of them.
  var features: [String] {
    if fields["flags"] == nil { return flags.sorted() }
    return FeatureBit.all.map(\.name).filter(flags.contains)
  }

  private func shown(_ key: String) -> String? {
    fields[key].map { printable($0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  private func number(_ key: String) -> Finding<Int> {
    Finding {
      if let absence { throw absence }
      guard let text = fields[key] else { throw Absence(.missing, "/proc/cpuinfo has no line \"\(key)\"") }
      guard let value = Int(text) else {
        throw Absence(.malformed, "/proc/cpuinfo: \(key) \"\(printable(text))\" is not a whole number")
      }
      return value
    }
  }
}
