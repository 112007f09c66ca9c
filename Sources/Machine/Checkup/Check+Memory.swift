/// How memory is handed out, and who may read the sensors.
extension Check {
  static func hugePages(_ machine: MachineDescription) -> Check {
    guard let mode = machine.hugePages.value else { return unknown("huge-pages", machine.hugePages.reason) }
    if mode != "never" { return ok("huge-pages", mode) }
    return warn(
      "huge-pages", "never: reading weights misses the translation buffer more often",
      action: "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled")
  }

  /// `some avg10=0.00 avg60=0.06 avg300=2.08 total=102272600`: percent of the time in which a task waited for memory.
  static func memoryPressure(_ files: SystemFiles) -> Check {
    let path = "/proc/pressure/memory"
    let share = Finding {
      let words = try files.lines(path).first { $0.hasPrefix("some ") }?.split(separator: " ") ?? []
      let average = words.first { $0.hasPrefix("avg60=") }.flatMap { Double($0.dropFirst("avg60=".count)) }
      guard let average, average.isFinite, average >= 0 else {
        throw Absence(.malformed, "\(path) states no average")
      }
      return average
    }
    guard let percent = share.value else { return unknown("memory", share.reason) }
    let finding = "tasks waited for memory in \(rounded(percent)) % of the last minute"
    if percent < 1 { return ok("memory", finding) }
    return warn("memory", finding, action: "free memory, or take a smaller model")
  }

  static func energy(_ machine: MachineDescription) -> Check {
    let usable = machine.sensors.filter(\.isUsable).map(\.name)
    if !usable.isEmpty { return ok("energy", usable.joined(separator: ", ")) }
    let unreadable = machine.sensors.first { $0.path != nil && $0.reading.value == nil }
    guard let path = unreadable?.path, let reason = unreadable?.reading.reason else {
      return unknown("energy", machine.sensors.lazy.compactMap { $0.excluded ?? $0.reading.reason }.first)
    }
    return warn("energy", reason, action: "as an administrator: chmod a+r \(path)")
  }
}
