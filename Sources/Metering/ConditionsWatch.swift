import Machine

/// Looks at what the system counts, so that a run can tell what happened to it.
package struct ConditionsWatch: Sendable {
  private let files: SystemFiles
  private let timekeeper: any Timekeeper
  private let processors: [Int]
  private let controlGroup: Finding<ControlGroupPath>

  /// The processors are those that the run may use; what happens on others does not disturb it.
  package init(processors: [Int], root: String = "/", timekeeper: any Timekeeper = SystemTimekeeper()) {
    let files = SystemFiles(root: root)
    self.files = files
    self.timekeeper = timekeeper
    self.processors = processors
    controlGroup = Finding { try ControlGroupPath(files, controller: "cpu") }
  }

  package func look() -> ConditionsSnapshot {
    ConditionsSnapshot(
      nanoseconds: timekeeper.nanoseconds(), processNanoseconds: timekeeper.processNanoseconds(), usage: .ofProcess(),
      ticks: Finding { try ProcessorTicks.read(files, processors: processors) },
      processorPressureMicroseconds: pressure("cpu"), memoryPressureMicroseconds: pressure("memory"),
      throttledMicroseconds: controlGroup.map { path in
        guard let throttled = path.ancestry.lazy.compactMap({ throttling($0) }).first else {
          throw Absence(.missing, "no cpu.stat of this process's control groups counts throttling")
        }
        return throttled
      }, hertz: Finding { try meanHertz() })
  }

  /// Microseconds in which at least one task waited: `some avg10=0.00 avg60=0.06 avg300=2.08 total=102272600`.
  private func pressure(_ resource: String) -> Finding<Int> {
    Finding {
      let path = "/proc/pressure/\(resource)"
      let some = try files.lines(path).first { $0.hasPrefix("some ") }
      let total = some?.split(separator: " ").first { $0.hasPrefix("total=") }
      guard let count = total.flatMap({ Int($0.dropFirst("total=".count)) }), count >= 0 else {
        throw Absence(.malformed, "\(path) states no total")
      }
      return count
    }
  }

  /// `throttled_usec` in version 2, `throttled_time` in nanoseconds in version 1.
  private func throttling(_ directory: String) -> Int? {
    for line in (try? files.lines("\(directory)/cpu.stat")) ?? [] {
      let words = line.split(separator: " ")
      guard words.count == 2, let count = Int(words[1]), count >= 0 else { continue }
      if words[0] == "throttled_usec" { return count }
      if words[0] == "throttled_time" { return count / 1000 }
    }
    return nil
  }

  /// Over a few processors: each of these files may interrupt its processor to be read.
  private func meanHertz() throws -> Double {
    let hertz = try processors.prefix(8).map { processor in
      Double(try files.natural("/sys/devices/system/cpu/cpu\(processor)/cpufreq/scaling_cur_freq")) * 1000
    }
    guard !hertz.isEmpty else { throw Absence(.missing, "no processor to ask for its clock") }
    return hertz.reduce(0, +) / Double(hertz.count)
  }
}
