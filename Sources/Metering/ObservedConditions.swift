import Glibc
import Machine
import Quantities

/// What happened on the machine while a run ran: the difference of two looks.
package struct ObservedConditions: Equatable, Sendable {
  package var wall: Seconds
  /// Processor time of this process, all threads together.
  package var processTime: Seconds
  package var usage: ResourceUsage
  /// Processor time of this process over wall time and threads: 1 where every thread ran all the time.
  package var processorShare: Finding<Double>
  /// Time that the hypervisor gave to other machines, as a share of the processors' time.
  package var stealShare: Finding<Double>
  /// Time that other processes and the kernel took, as a share of the processors' time.
  package var othersShare: Finding<Double>
  /// Share of the wall time in which some task of the system waited for a processor.
  package var processorPressure: Finding<Double>
  package var memoryPressure: Finding<Double>
  /// Time in which the quota of the control group held the process back.
  package var throttled: Finding<Seconds>
  /// The processors' clock at the first and the second look.
  package var hertz: Finding<ClockPair>

  package struct ClockPair: Equatable, Sendable {
    package var before: Double
    package var after: Double

    package init(before: Double, after: Double) {
      self.before = before
      self.after = after
    }
  }

  package init(from before: ConditionsSnapshot, to after: ConditionsSnapshot, threads: Int) {
    let wall = Stopwatch.seconds(from: before.nanoseconds, to: after.nanoseconds)
    let process = Stopwatch.seconds(from: before.processNanoseconds, to: after.processNanoseconds)
    self.wall = wall
    processTime = process
    usage = after.usage - before.usage
    processorShare = Finding {
      guard wall > 0, threads > 0 else { throw Absence(.missing, "no time passed between the two looks") }
      return process.value / (wall.value * Double(threads))
    }
    let ticks = Self.difference(before.ticks, after.ticks)
    stealShare = ticks.map { Double($0.steal) / Double($0.total) }
    othersShare = ticks.map { ticks in
      let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
      // The two clocks round differently; what they differ by is not other people's work.
      return max(0, Double(ticks.busy) - process.value * ticksPerSecond) / Double(ticks.total)
    }
    processorPressure = Self.share(before.processorPressureMicroseconds, after.processorPressureMicroseconds, of: wall)
    memoryPressure = Self.share(before.memoryPressureMicroseconds, after.memoryPressureMicroseconds, of: wall)
    throttled = Self.growth(before.throttledMicroseconds, after.throttledMicroseconds).map {
      Seconds(Double($0) / 1e6)
    }
    hertz = before.hertz.map { first in
      guard let second = after.hertz.value else { throw Absence(.missing, after.hertz.reason ?? "") }
      return ClockPair(before: first, after: second)
    }
  }

  private static func difference(
    _ before: Finding<ProcessorTicks>, _ after: Finding<ProcessorTicks>
  ) -> Finding<ProcessorTicks> {
    before.map { before in
      guard let after = after.value else { throw Absence(.missing, after.reason ?? "") }
      let passed = ProcessorTicks(
        busy: after.busy - before.busy, idle: after.idle - before.idle, steal: after.steal - before.steal)
      // proc(5): the time spent waiting for disks may decrease.
      guard passed.busy >= 0, passed.idle >= 0, passed.steal >= 0 else {
        throw Absence(.malformed, "/proc/stat counted backwards")
      }
      guard passed.total > 0 else { throw Absence(.missing, "the run was shorter than a tick of /proc/stat") }
      return passed
    }
  }

  private static func growth(_ before: Finding<Int>, _ after: Finding<Int>) -> Finding<Int> {
    before.map { before in
      guard let after = after.value else { throw Absence(.missing, after.reason ?? "") }
      guard after >= before else { throw Absence(.malformed, "the counter went backwards") }
      return after - before
    }
  }

  private static func share(_ before: Finding<Int>, _ after: Finding<Int>, of wall: Seconds) -> Finding<Double> {
    growth(before, after).map { microseconds in
      guard wall > 0 else { throw Absence(.missing, "no time passed between the two looks") }
      return Double(microseconds) / 1e6 / wall.value
    }
  }
}
