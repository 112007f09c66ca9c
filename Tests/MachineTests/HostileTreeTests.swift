import Machine
import TestSupport
import Testing

@Suite struct HostileTreeTests {
  static let garbage: [[UInt8]] = [
    [], [0], Array("\n\n\n".utf8), Array(repeating: 0xff, count: 300), Array("-1\n".utf8),
    Array("0-99999999\n".utf8), Array("9223372036854775808\n".utf8), Array("max max\n".utf8),
    Array("[ ] - :: a:b\n".utf8),
    Array("1 -1 nan inf 1e999\n".utf8), Array("\u{1b}]0;title\u{7}\u{202e}text\n".utf8),
    Array("::::\n1:cpu\n1:cpu:/../../..\n0::/..\n".utf8), Array(repeating: UInt8(ascii: "x"), count: 2 << 20),
  ]

  static let files = [
    "/proc/cpuinfo", "/proc/self/status", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/sys/kernel/osrelease",
    "/proc/self/cgroup", "/proc/self/mountinfo", "/etc/os-release", "/sys/kernel/mm/transparent_hugepage/enabled",
    "/sys/devices/system/cpu/online", "/sys/devices/system/node/online", "/sys/devices/system/node/node0/cpulist",
    "/sys/devices/system/cpu/cpu0/topology/physical_package_id", "/sys/devices/system/cpu/cpu0/cache/index0/size",
    "/sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq", "/sys/fs/cgroup/user.slice/cpu.max",
    "/sys/class/powercap/intel-rapl:0/name", "/sys/class/powercap/intel-rapl:0/max_energy_range_uj",
    "/sys/class/hwmon/hwmon0/energy1_input", "/sys/class/power_supply/BAT0/type",
  ]

  /// Each file in turn holds each garbage; what is described stays printable and sane.
  @Test(arguments: files) func survivesGarbage(path: String) {
    let tree = FakeMachines.server()
    for garbage in Self.garbage {
      tree.write(path, bytes: garbage)
      check(tree.describe())
    }
  }

  @Test func survivesGarbageEverywhere() {
    for garbage in Self.garbage {
      let tree = FakeTree()
      for path in Self.files { tree.write(path, bytes: garbage) }
      check(tree.describe())
    }
  }

  @Test func survivesWhatIsNotAFile() {
    let tree = FakeTree()
    for (index, path) in Self.files.enumerated() {
      switch index % 3 {
      case 0: tree.makeDirectory(path)
      case 1: tree.makeQueue(path)
      default: tree.link(path, to: path.split(separator: "/").last.map(String.init) ?? "loop")
      }
    }
    check(tree.describe())
  }

  @Test func leavesOutWhatVanished() {
    let tree = FakeMachines.server()
    // Eight processors are announced, a ninth and tenth never came.
    tree.write("/sys/devices/system/cpu/online", "0-9\n")
    let machine = tree.describe()
    #expect(machine.cores.reason?.contains("cpu8/topology/thread_siblings_list") == true)
    #expect(machine.caches.map(\.instances) == [4, 4])
  }

  @Test func keepsTheReasonShort() {
    let tree = FakeMachines.virtual()
    tree.write("/proc/loadavg", String(repeating: "z", count: 60_000))
    let reason = tree.describe().loadAverage.reason
    #expect((reason?.count ?? 1000) < 300)
  }

  private func check(_ machine: MachineDescription) {
    #expect(machine.slug.count < 48)
    #expect(machine.slug.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    #expect(machine.fingerprint.count == 16)
    #expect(machine.processors <= 1 << 16)
    let shown = [machine.modelName, machine.vendor] + [machine.kernelRelease, machine.operatingSystem].map { "\($0)" }
    for text in shown { #expect(!text.unicodeScalars.contains { $0.value < 32 || $0 == "\u{202e}" }) }
    for sensor in machine.sensors where sensor.isUsable { #expect((sensor.reading.value ?? -1) >= 0) }
  }
}
