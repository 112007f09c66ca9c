import Machine
import Metering
import TestSupport
import Testing

@Suite struct ObservedConditionsTests {
  private static let second: UInt64 = 1_000_000_000

  private func snapshot(
    at seconds: UInt64, process: UInt64 = 0, switches: Int = 0, ticks: Finding<ProcessorTicks> = .absent("no ticks"),
    pressure: Finding<Int> = .absent("no pressure"), throttled: Finding<Int> = .absent("no quota"),
    hertz: Finding<Double> = .absent("no clock")
  ) -> ConditionsSnapshot {
    ConditionsSnapshot(
      nanoseconds: seconds * Self.second, processNanoseconds: process * Self.second,
      usage: ResourceUsage(
        voluntarySwitches: switches, involuntarySwitches: 2 * switches, minorFaults: 3 * switches,
        majorFaults: 4 * switches),
      ticks: ticks, processorPressureMicroseconds: pressure, memoryPressureMicroseconds: pressure,
      throttledMicroseconds: throttled, hertz: hertz)
  }

  @Test func takesTheDifference() {
    // Ten seconds on two processors are 2000 ticks: 1500 busy, 300 idle, 200 stolen.
    let observed = ObservedConditions(
      from: snapshot(
        at: 5, process: 1, switches: 10, ticks: .found(ProcessorTicks(busy: 100, idle: 50, steal: 7)),
        pressure: .found(1000), throttled: .found(0), hertz: .found(2e9)),
      to: snapshot(
        at: 15, process: 15, switches: 11, ticks: .found(ProcessorTicks(busy: 1600, idle: 350, steal: 207)),
        pressure: .found(2_501_000), throttled: .found(250_000), hertz: .found(1.8e9)), threads: 2)
    #expect(observed.wall == 10 && observed.processTime == 14)
    #expect(
      observed.usage
        == ResourceUsage(voluntarySwitches: 1, involuntarySwitches: 2, minorFaults: 3, majorFaults: 4))
    // 14 s of processor time in 10 s on 2 threads.
    #expect(observed.processorShare == .found(0.7))
    #expect(observed.stealShare == .found(0.1))
    // 1500 busy ticks, of which 14 s x 100 ticks are this process's own.
    #expect(observed.othersShare == .found(0.05))
    #expect(observed.processorPressure == .found(0.25) && observed.memoryPressure == .found(0.25))
    #expect(observed.throttled == .found(0.25))
    #expect(observed.hertz == .found(.init(before: 2e9, after: 1.8e9)))
  }

  @Test func carriesTheReasonForWhatIsMissing() {
    let ticks = Finding.found(ProcessorTicks(busy: 1, idle: 1, steal: 1))
    let observed = ObservedConditions(
      from: snapshot(at: 0, ticks: ticks), to: snapshot(at: 1, ticks: .absent("it vanished")), threads: 1)
    #expect(observed.stealShare == .absent("it vanished") && observed.othersShare == .absent("it vanished"))
    #expect(observed.processorPressure == .absent("no pressure"))
    #expect(observed.throttled == .absent("no quota"))
    #expect(observed.hertz == .absent("no clock"))
    #expect(observed.processorShare == .found(0))
  }

  @Test func refusesCountersThatWentBack() {
    let before = snapshot(
      at: 1, ticks: .found(ProcessorTicks(busy: 9, idle: 9, steal: 9)), pressure: .found(9), throttled: .found(9))
    let after = snapshot(
      at: 2, ticks: .found(ProcessorTicks(busy: 20, idle: 20, steal: 8)), pressure: .found(8), throttled: .found(8))
    let observed = ObservedConditions(from: before, to: after, threads: 1)
    #expect(observed.stealShare == .absent("/proc/stat counted backwards"))
    #expect(observed.processorPressure == .absent("the counter went backwards"))
    #expect(observed.throttled == .absent("the counter went backwards"))
  }

  @Test func doesNotDivideByNoTime() {
    let still = snapshot(at: 1, ticks: .found(ProcessorTicks(busy: 1, idle: 1, steal: 1)), pressure: .found(1))
    let observed = ObservedConditions(from: still, to: still, threads: 0)
    #expect(observed.wall == 0)
    #expect(observed.processorShare.value == nil && observed.processorPressure.value == nil)
    #expect(observed.stealShare == .absent("the run was shorter than a tick of /proc/stat"))
  }
}

@Suite struct ConditionsWatchTests {
  private func look(_ tree: FakeTree, processors: [Int]) -> ConditionsSnapshot {
    withExtendedLifetime(tree) {
      ConditionsWatch(processors: processors, root: tree.root, timekeeper: ScriptedClock(start: 42)).look()
    }
  }

  private static let stat = """
    cpu  300 0 100 1600 20 0 10 40 0 0
    cpu0 200 1 60 800 15 2 5 30 9 9
    cpu1 100 0 40 800 5 0 5 10 0 0
    cpu10 1 1 1 1 1 1 1 1 1 1
    intr 1 2 3

    """

  @Test func readsWhatTheSystemCounts() {
    let tree = FakeTree([
      "/proc/stat": Self.stat,
      "/proc/pressure/cpu": "some avg10=0.00 avg60=0.06 avg300=2.08 total=102272600\nfull avg10=0.00 total=0\n",
      "/proc/pressure/memory": "some avg10=0.00 avg60=0.00 avg300=0.00 total=5\n",
      "/proc/self/cgroup": "0::/job\n",
      "/proc/self/mountinfo": "30 24 0:27 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw\n",
      "/sys/fs/cgroup/job/cpu.stat": "usage_usec 9\nnr_periods 3\nnr_throttled 1\nthrottled_usec 250\n",
      "/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq": "2000000\n",
      "/sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq": "3000000\n",
    ])
    let snapshot = look(tree, processors: [0, 1])
    #expect(snapshot.nanoseconds == 42)
    // Busy: 200 + 1 + 60 + 2 + 5 and 100 + 40 + 5; guest time is in user time already.
    #expect(snapshot.ticks == .found(ProcessorTicks(busy: 413, idle: 1620, steal: 40)))
    #expect(snapshot.processorPressureMicroseconds == .found(102_272_600))
    #expect(snapshot.memoryPressureMicroseconds == .found(5))
    #expect(snapshot.throttledMicroseconds == .found(250))
    #expect(snapshot.hertz == .found(2.5e9))
  }

  @Test func readsThrottlingOfVersionOne() {
    let tree = FakeTree([
      "/proc/self/cgroup": "3:cpu,cpuacct:/docker/abc\n",
      "/proc/self/mountinfo":
        "30 24 0:27 /docker/abc /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n",
      "/sys/fs/cgroup/cpu/cpu.stat": "nr_periods 3\nnr_throttled 1\nthrottled_time 7000\n",
    ])
    #expect(look(tree, processors: [0]).throttledMicroseconds == .found(7))
  }

  @Test func countsOnlyTheProcessorsOfTheRun() {
    let tree = FakeTree(["/proc/stat": Self.stat])
    #expect(look(tree, processors: [10]).ticks == .found(ProcessorTicks(busy: 5, idle: 2, steal: 1)))
    #expect(look(tree, processors: [1, 2]).ticks == .absent("/proc/stat has 1 of 2 lines for processors"))
  }

  @Test(arguments: ["", "\n", "cpu0\n", "cpu0 1 2 3 4 5 6 7\n", "cpu0 -1 -1 -1 -1 -1 -1 -1 -1\n", "some total=x\n"])
  func survivesGarbage(text: String) {
    let tree = FakeTree()
    for path in ["/proc/stat", "/proc/pressure/cpu", "/proc/pressure/memory", "/proc/self/cgroup"] {
      tree.write(path, text)
    }
    let snapshot = look(tree, processors: [0])
    #expect(snapshot.ticks.value == nil && snapshot.processorPressureMicroseconds.value == nil)
    #expect(snapshot.throttledMicroseconds.value == nil && snapshot.hertz.value == nil)
  }

  @Test func watchesTheRunningSystem() {
    let machine = MachineDescription.read()
    let watch = ConditionsWatch(processors: machine.processorList)
    let before = watch.look()
    let observed = ObservedConditions(from: before, to: watch.look(), threads: machine.processors)
    #expect(observed.usage.majorFaults >= 0 && observed.usage.involuntarySwitches >= 0)
    #expect(observed.processorShare.value != nil)
  }
}
