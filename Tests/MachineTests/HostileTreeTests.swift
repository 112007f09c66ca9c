import Foundation
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

  /// An edited counter is read to its last character or not at all.
  @Test func readsACounterWholeOrNotAtAll() throws {
    let tree = FakeTree()
    tree.addZone("intel-rapl:0", name: "package-0", microjoules: 1)
    let sensor = try #require(tree.describe().sensors.first { $0.name == "package-0" })
    let read = try sensor.reader(SystemFiles(root: tree.root))
    let edits = "0123456789-+.eE \n\t\0\u{1b}é\u{a0}_x".unicodeScalars.map { $0 }
    var generator = SeededGenerator(seed: 3)
    var readings = 0
    for round in 0..<2000 {
      var scalars = Array("\(Int.random(in: 1...Int(1e12), using: &generator))\n".unicodeScalars)
      for _ in 0..<Int.random(in: 0...2, using: &generator) {
        let start = Int.random(in: scalars.indices, using: &generator)
        let end = min(scalars.count - 1, start + Int.random(in: 0...1, using: &generator))
        scalars.replaceSubrange(start..<max(start, end), with: [try #require(edits.randomElement(using: &generator))])
      }
      let text = String(String.UnicodeScalarView(scalars))
      tree.write("/sys/class/powercap/intel-rapl:0/energy_uj", text)
      guard let reading = try? read() else { continue }
      readings += 1
      let whole = text.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(whole.drop { $0 == "+" }.allSatisfy { $0.isASCII && $0.isNumber }, "round \(round): \(whole)")
      #expect(strtod(whole, nil) / 1e6 == reading, "round \(round): \(whole)")
    }
    #expect((800...1900).contains(readings), "\(readings)")
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
