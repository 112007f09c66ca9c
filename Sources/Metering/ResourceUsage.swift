import Glibc

/// What the kernel counts of this process and all its threads.
package struct ResourceUsage: Equatable, Sendable {
  /// Times that a thread gave its processor away to wait.
  package var voluntarySwitches: Int
  /// Times that the kernel gave a thread's processor to another.
  package var involuntarySwitches: Int
  /// Pages that were mapped without reading.
  package var minorFaults: Int
  /// Pages that had to be read from disk.
  package var majorFaults: Int

  package init(voluntarySwitches: Int, involuntarySwitches: Int, minorFaults: Int, majorFaults: Int) {
    self.voluntarySwitches = voluntarySwitches
    self.involuntarySwitches = involuntarySwitches
    self.minorFaults = minorFaults
    self.majorFaults = majorFaults
  }

  package static func ofProcess() -> ResourceUsage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return ResourceUsage(
      voluntarySwitches: usage.ru_nvcsw, involuntarySwitches: usage.ru_nivcsw, minorFaults: usage.ru_minflt,
      majorFaults: usage.ru_majflt)
  }

  static func - (a: ResourceUsage, b: ResourceUsage) -> ResourceUsage {
    ResourceUsage(
      voluntarySwitches: a.voluntarySwitches - b.voluntarySwitches,
      involuntarySwitches: a.involuntarySwitches - b.involuntarySwitches, minorFaults: a.minorFaults - b.minorFaults,
      majorFaults: a.majorFaults - b.majorFaults)
  }
}
