/// RAPL counters through the `power` PMU, which the kernel widens to 64 bits, so that they do not wrap.
/// Source: Linux `arch/x86/events/rapl.c`.
extension Sensor {
  private static let device = "/sys/bus/event_source/devices/power"

  static func perf(_ files: SystemFiles) -> [Sensor] {
    let events: [String]
    let type: Int
    let processors: [Int]
    do {
      type = try files.natural("\(device)/type")
      // One processor of each package, or die.
      processors = try ProcessorList.parse(files.line("\(device)/cpumask"))
      events = try files.entries("\(device)/events").filter { $0.hasPrefix("energy-") && !$0.contains(".") }
    } catch {
      return [none(.perf, .package, .energy, "\(reason(error)): no power PMU (modprobe rapl), or a virtual machine")]
    }
    let sensors = events.flatMap { event in
      processors.prefix(1024).map { sensor(files, event, type: type, processor: $0) }
    }
    let none = none(.perf, .package, .energy, "\(device) lists no energy event")
    return sensors.isEmpty ? [none] : sensors
  }

  private static func sensor(_ files: SystemFiles, _ event: String, type: Int, processor: Int) -> Sensor {
    let path = "\(device)/events/\(event)"
    let counter = Finding { try PerfCounter(files, event: path, type: type, processor: processor) }
    let domain: Domain =
      switch event {
      case "energy-pkg": .package
      case "energy-ram": .memory
      case "energy-cores": .core
      case "energy-gpu": .graphics
      case "energy-psys": .platform
      default: .other
      }
    return Sensor(
      kind: .perf, name: "power/\(event) cpu\(processor)", domain: domain, quantity: .energy, path: path,
      reading: counter.map { try reading($0, files) }, excluded: raplExclusion(domain), counter: counter.value)
  }

  private static func reading(_ counter: PerfCounter, _ files: SystemFiles) throws -> Double {
    guard files.isRunningSystem else { throw Absence(.unreadable, "only a running system can be asked") }
    do {
      return try counter.open().joules()
    } catch let absence as Absence where absence.cause == .forbidden {
      let level = (try? files.integer("/proc/sys/kernel/perf_event_paranoid")).map { " (it is \($0))" } ?? ""
      throw Absence(
        .forbidden,
        """
        \(absence.reason): an administrator may allow it: sysctl kernel.perf_event_paranoid=0\(level), or CAP_PERFMON \
        for this program
        """)
    }
  }
}
