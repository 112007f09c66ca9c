import Machine
import Records
import Reporting
import TestSupport
import Testing

@Suite struct MachineWordingTests {
  /// Two processors of one core each, of which a process may use some, for some of the time.
  private func line(allowed: String, quota: String) -> String {
    let tree = FakeTree([
      "/proc/self/status": "Cpus_allowed_list:\t\(allowed)\n", "/sys/devices/system/cpu/online": "0-1\n",
      "/proc/self/cgroup": "0::/job\n",
      "/proc/self/mountinfo": "30 24 0:27 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
      "/sys/fs/cgroup/job/cpu.max": "\(quota)\n",
    ])
    for processor in 0..<2 {
      let topology = "/sys/devices/system/cpu/cpu\(processor)/topology"
      tree.write("\(topology)/physical_package_id", "0\n")
      tree.write("\(topology)/thread_siblings_list", "\(processor)\n")
    }
    let machine = withExtendedLifetime(tree) { MachineDescription.read(root: tree.root) }
    return Wording.lines(of: MachineCard(machine)).first { $0.contains("core") } ?? ""
  }

  @Test(arguments: [
    ("0-1", "max 100000", "2 processors (2 cores, 1 thread each)"),
    ("1", "max 100000", "2 processors (2 cores, 1 thread each), of which this process may use 1"),
    ("0-1", "150000 100000", "2 processors (2 cores, 1 thread each), quota of 1.5 processors' time"),
    (
      "0", "50000 100000",
      "2 processors (2 cores, 1 thread each), of which this process may use 1, quota of 0.50 processors' time"
    ),
  ])
  func tellsTheMachineFromWhatTheProcessMayUse(allowed: String, quota: String, expected: String) {
    #expect(line(allowed: allowed, quota: quota) == expected)
  }

  @Test func doesNotClaimToKnowTheMachineFromAnOldDescription() {
    let card = MachineCard(
      name: "Xeon", microarchitecture: "", processors: 1, cores: 2, threadsPerCore: 1, slug: "", fingerprint: "")
    #expect(Wording.lines(of: card)[1] == "1 processor for this process (2 cores, 1 thread each)")
  }
}
