/// What processors did since the machine started, in ticks of the user clock, from `/proc/stat`.
package struct ProcessorTicks: Equatable, Sendable {
  /// Time in which a process, the kernel or an interrupt ran.
  package var busy: Int
  package var idle: Int
  /// Time in which something wanted to run and the hypervisor ran another machine.
  package var steal: Int

  package var total: Int { busy + idle + steal }

  package init(busy: Int, idle: Int, steal: Int) {
    self.busy = busy
    self.idle = idle
    self.steal = steal
  }

  /// The sum over the processors given, or the machine's own sum.
  package static func read(_ files: SystemFiles, processors: [Int]?) throws -> ProcessorTicks {
    let path = "/proc/stat"
    let wanted = processors.map { Set($0.map { "cpu\($0)" }) } ?? ["cpu"]
    var sum = ProcessorTicks(busy: 0, idle: 0, steal: 0)
    var found = 0
    // The lines of the processors come first; the line of interrupts that follows them has no bound.
    for line in try files.head(path, bytes: 1 << 19) {
      let words = line.split(separator: " ")
      guard let name = words.first, name.hasPrefix("cpu") else { break }
      guard wanted.contains(String(name)) else { continue }
      // user nice system idle iowait irq softirq steal; guest time is part of user time.
      let ticks = words.dropFirst().prefix(8).compactMap { Int($0) }.filter { $0 >= 0 && $0 < 1 << 48 }
      guard ticks.count == 8 else { throw Absence(.malformed, "\(path): \"\(printable(line))\" is not eight counts") }
      sum.busy += ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]
      sum.idle += ticks[3] + ticks[4]
      sum.steal += ticks[7]
      found += 1
    }
    guard found == wanted.count, found > 0 else {
      throw Absence(.missing, "\(path) has \(found) of \(wanted.count) lines for processors")
    }
    return sum
  }
}
