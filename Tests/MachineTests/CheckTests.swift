import Machine
import TestSupport
import Testing

@Suite struct CheckTests {
  private func checks(_ tree: FakeTree) -> [String: Check] {
    let checks = withExtendedLifetime(tree) { Check.all(root: tree.root) }
    return Dictionary(uniqueKeysWithValues: checks.map { ($0.name, $0) })
  }

  private func states(_ tree: FakeTree) -> [String: Check.State] { checks(tree).mapValues(\.state) }

  @Test func aVirtualMachineHidesMuch() {
    let states = states(FakeMachines.virtual())
    #expect(states["governor"] == .unknown && states["turbo"] == .unknown && states["thermal"] == .unknown)
    // 40 of 3050 ticks were stolen; a load of 0.23 on two processors.
    #expect(states["steal"] == .warn && states["load"] == .warn && states["neighbours"] == .warn)
    #expect(states["siblings"] == .unknown)
    #expect(states["quota"] == .ok && states["huge-pages"] == .ok)
    #expect(states["numa"] == .unknown && states["memory"] == .unknown && states["energy"] == .unknown)
  }

  @Test func aServerIsReadWhole() throws {
    let tree = FakeMachines.server()
    tree.write("/proc/loadavg", "0.05 0.10 0.10 1/300 1234\n")
    tree.write("/proc/stat", (0..<4).map { "cpu\($0) 100 0 100 800 0 0 0 0 0 0\n" }.joined())
    tree.write("/proc/pressure/memory", "some avg10=0.00 avg60=0.50 avg300=0.00 total=5\nfull avg10=0.00\n")
    tree.write("/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n")
    for processor in 0..<4 {
      tree.write("/sys/devices/system/cpu/cpu\(processor)/thermal_throttle/core_throttle_count", "\(processor)\n")
    }
    let checks = checks(tree)
    let states = checks.mapValues(\.state)
    #expect(states["governor"] == .warn && checks["governor"]?.finding.hasPrefix("performance, powersave") == true)
    #expect(states["turbo"] == .ok && states["siblings"] == .warn)
    // 1.5 processors' time for four: one thread fits.
    #expect(states["quota"] == .warn && checks["quota"]?.action?.contains("--threads 1,") == true)
    // The process may use processors 0 to 3, all of node 0.
    #expect(states["numa"] == .ok)
    #expect(states["thermal"] == .warn && checks["thermal"]?.finding.contains("3 times") == true)
    #expect(states["huge-pages"] == .warn && states["memory"] == .ok && states["load"] == .ok && states["steal"] == .ok)
    #expect(states["neighbours"] == .ok && states["energy"] == .ok)
    #expect(checks.values.allSatisfy { ($0.state == .warn) == ($0.action != nil) })
  }

  @Test func processorsOfTwoNodesAreSaid() {
    let tree = FakeMachines.server()
    tree.write("/proc/self/status", "Cpus_allowed_list:\t0-7\n")
    #expect(checks(tree)["numa"]?.action == "numactl --cpunodebind=0 --membind=0 before the command")
  }

  @Test func aSensorThatMayNotBeReadNamesItsFile() {
    let tree = FakeMachines.server()
    for zone in ["intel-rapl:0", "intel-rapl:0:0", "intel-rapl:1", "intel-rapl:1:0", "intel-rapl:0:1", "intel-rapl:2"] {
      tree.forbid("/sys/class/powercap/\(zone)/energy_uj")
    }
    let check = asOrdinaryUser { checks(tree)["energy"] }
    #expect(check?.state == .warn)
    #expect(check?.action == "as an administrator: chmod a+r /sys/class/powercap/intel-rapl:0/energy_uj")
  }

  @Test func nonsenseIsUnknownAndNeverACrash() {
    let tree = FakeTree([
      "/proc/loadavg": "nan -1 x\n", "/proc/stat": "cpu0 1 2\n", "/proc/pressure/memory": "some avg60=inf\n",
      "/sys/kernel/mm/transparent_hugepage/enabled": "\n",
    ])
    let states = states(tree)
    for name in ["load", "steal", "memory", "huge-pages", "governor", "energy"] { #expect(states[name] == .unknown) }
  }
}
