import Foundation
import Machine
import TestSupport
import Testing

@Suite struct MachineDescriptionTests {
  @Test func describesAVirtualMachine() {
    let tree = FakeMachines.virtual()
    let machine = tree.describe()
    #expect(machine.modelName == "Intel(R) Xeon(R) Processor")
    #expect(machine.vendor == "GenuineIntel")
    #expect(machine.model == .found(207))
    #expect(machine.microarchitecture == "sapphire-rapids")
    #expect(machine.features.contains("amxbf16") && machine.features.contains("avx512vnni"))
    #expect(!machine.features.contains("hypervisor"))
    #expect(machine.permitted.amx == .absent("only a running system can be asked"))
    #expect(machine.processors == 2 && machine.processorList == [0, 1])
    #expect(machine.sockets == .found(1) && machine.cores == .found(2) && machine.threadsPerCore == .found(1))
    #expect(machine.memoryBytes == .found(24_731_708 * 1024))
    #expect(machine.hugePages == .found("madvise"))
    #expect(machine.controlGroup.version == .found(1))
    #expect(machine.controlGroup.processorQuota == .absent("no quota of processor time is set"))
    #expect(machine.controlGroup.memoryLimitBytes == .found(8 << 30))
    #expect(machine.frequency.governor.reason?.hasPrefix("no cpufreq directory") == true)
    #expect(machine.kernelRelease == .found("6.18.44"))
    #expect(machine.operatingSystem == .found("Debian GNU/Linux 12 (bookworm)"))
    #expect(machine.hypervisor == "unnamed")
    #expect(machine.product == .absent("there is no /sys/class/dmi/id/sys_vendor"))
    #expect(machine.stealTicks == .found(40))
    #expect(machine.loadAverage == .found([0.23, 0.36, 0.38]))
    #expect(machine.numaNodes == .absent("there is no /sys/devices/system/node/online"))
    #expect(machine.slug == "xeon-2c-amx")
    #expect(machine.sensors.map(\.kind) == [.perf, .powercap, .hwmon, .battery])
    #expect(machine.sensors.allSatisfy { !$0.isUsable && $0.reading.reason != nil })
  }

  @Test func countsCachesOverTheProcessorsThatShareThem() {
    let caches = FakeMachines.virtual().describe().caches
    #expect(caches.map(\.level) == [1, 1, 2, 3])
    #expect(caches.map(\.kind) == ["Data", "Instruction", "Unified", "Unified"])
    #expect(caches.map(\.bytes) == [48 << 10, 32 << 10, 2 << 20, 300 << 20])
    #expect(caches.map(\.sharedBy) == [1, 1, 1, 2])
    #expect(caches.map(\.instances) == [2, 2, 2, 1])
    #expect(caches.map(\.lineBytes) == Array(repeating: .found(64), count: 4))
  }

  @Test func describesAServerWithTwoSockets() {
    let tree = FakeMachines.server()
    let machine = tree.describe()
    #expect(machine.processors == 4 && machine.onlineProcessors == 8)
    #expect(machine.sockets == .found(2) && machine.cores == .found(4) && machine.threadsPerCore == .found(2))
    #expect(machine.caches.map(\.instances) == [4, 4])
    #expect(machine.microarchitecture == "ice-lake")
    #expect(machine.hypervisor == nil)
    #expect(machine.product == .found("Maker Inc. Server 2U"))
    #expect(machine.controlGroup.version == .found(2))
    // The group itself has no quota; the one above it has 150 ms in each 100 ms.
    #expect(machine.controlGroup.processorQuota == .found(1.5))
    #expect(machine.controlGroup.memoryLimitBytes == .absent("no limit of memory is set"))
    #expect(machine.frequency.governor == .found("performance, powersave"))
    #expect(machine.frequency.driver == .found("intel_pstate"))
    #expect(machine.frequency.minimumHertz == .found(8e8) && machine.frequency.maximumHertz == .found(3.4e9))
    #expect(machine.frequency.turbo == .found(false))
    #expect(machine.slug == "xeon-platinum-8380-4c-avx512")
    let nodes = machine.numaNodes.value ?? []
    #expect(nodes.map(\.processors) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(nodes.first?.memoryBytes == .found(65_536_000 * 1024))
    #expect(nodes.last?.memoryBytes.value == nil)
  }

  @Test func describesADesktop() {
    let machine = FakeMachines.desktop().describe()
    #expect(machine.microarchitecture == "zen4")
    #expect(machine.slug == "ryzen-9-7950x-2c-avx512")
    #expect(machine.frequency.turbo == .found(true))
    // Without the second processor's file nobody knows whether the governors agree.
    #expect(machine.frequency.governor.reason?.contains("cpu1/cpufreq/scaling_governor") == true)
    #expect(machine.controlGroup.version == .absent("there is no /proc/self/cgroup"))
  }

  @Test func survivesAnEmptyRoot() {
    let machine = FakeTree().describe()
    #expect(machine.modelName == "unknown processor" && machine.vendor == "unknown")
    #expect(machine.processors == 0 && machine.caches.isEmpty && machine.features.isEmpty)
    #expect(machine.family == .absent("there is no /proc/cpuinfo"))
    #expect(machine.slug == "machine-0c")
  }

  @Test func passesThroughJSON() throws {
    for tree in [FakeMachines.virtual(), FakeMachines.server(), FakeMachines.desktop()] {
      let machine = tree.describe()
      let data = try JSONEncoder().encode(machine)
      #expect(try JSONDecoder().decode(MachineDescription.self, from: data) == machine)
      let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(object["fingerprint"] as? String == machine.fingerprint)
      #expect(object.keys.allSatisfy { $0 == $0.lowercased() })
    }
  }

  @Test func describesTheRunningMachine() {
    let machine = MachineDescription.read()
    #expect(machine.processors > 0)
    #expect(machine.processorList.count == machine.processors)
    #expect(
      !machine.slug.isEmpty && machine.slug.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    #expect(machine.fingerprint.count == 16)
    #expect(machine.fingerprint == MachineDescription.read().fingerprint)
  }
}

@Suite struct FingerprintTests {
  @Test func ignoresWhatDoesNotDecidePerformance() {
    let tree = FakeMachines.virtual()
    let before = tree.describe()
    tree.write("/proc/loadavg", "9.0 9.0 9.0 1/89 1\n")
    tree.write("/proc/sys/kernel/osrelease", "7.0\n")
    // A kernel that reserves a little more: 23.6 GiB becomes 23.0 GiB.
    tree.write("/proc/meminfo", "MemTotal:       24117248 kB\n")
    #expect(tree.describe().fingerprint == before.fingerprint)
  }

  @Test(arguments: [
    ("/proc/self/status", "Cpus_allowed_list:\t0\n"),
    ("/proc/meminfo", "MemTotal:       67108864 kB\n"),
    ("/sys/devices/system/cpu/cpu0/cache/index3/size", "32M\n"),
    ("/proc/cpuinfo", "processor\t: 0\nmodel name\t: Another\n"),
  ])
  func changesWithWhatDoes(path: String, content: String) {
    let tree = FakeMachines.virtual()
    let before = tree.describe()
    tree.write(path, content)
    #expect(tree.describe().fingerprint != before.fingerprint)
  }
}
