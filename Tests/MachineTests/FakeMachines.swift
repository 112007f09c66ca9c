import Machine
import TestSupport

extension FakeTree {
  func describe() -> MachineDescription { withExtendedLifetime(self) { MachineDescription.read(root: root) } }
}

/// Machines that tests describe without having them.
enum FakeMachines {
  /// A small virtual machine with control groups of version 1 and no sensor.
  static func virtual() -> FakeTree {
    let flags =
      "fpu sse sse2 ss pni ssse3 fma sse4_1 sse4_2 popcnt avx f16c hypervisor abm bmi1 avx2 bmi2 avx512f avx512dq "
      + "avx512bw avx512vl avx_vnni avx512_bf16 avx512_vbmi2 avx512_vnni amx_bf16 avx512_fp16 amx_tile amx_int8"
    let tree = FakeTree([
      "/proc/cpuinfo": cpuinfo(
        vendor: "GenuineIntel", family: 6, model: 207, name: "Intel(R) Xeon(R) Processor", flags: flags, count: 2),
      "/proc/self/status": "Name:\ttest\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n",
      "/proc/meminfo": "MemTotal:       24731708 kB\nMemFree:        22964624 kB\nMemAvailable:   24347216 kB\n",
      "/proc/stat": """
      cpu  300 0 100 1600 20 0 10 40 0 0
      cpu0 200 0 60 800 15 0 5 30 0 0
      cpu1 100 0 40 800 5 0 5 10 0 0
      intr 1 2 3

      """,
      "/proc/loadavg": "0.23 0.36 0.38 1/89 6921\n",
      "/proc/sys/kernel/osrelease": "6.18.44\n",
      "/proc/self/cgroup": "4:memory:/work\n1:cpu:/\n0::/\n",
      "/proc/self/mountinfo": """
      32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
      35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:1 - cgroup cgroup rw,memory
      41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw

      """,
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "/sys/fs/cgroup/memory/work/memory.limit_in_bytes": "8589934592\n",
      "/sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
      "/etc/os-release": "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n",
    ])
    tree.makeDirectory("/sys/class/power_supply")
    addProcessors(
      tree, sockets: 1, cores: 2, threads: 1,
      caches: [("1", "Data", "48K"), ("1", "Instruction", "32K"), ("2", "Unified", "2048K"), ("3", "Unified", "300M")])
    return tree
  }

  /// Two sockets of two cores with two threads, RAPL with all its zones, a quota of control groups version 2.
  static func server() -> FakeTree {
    let tree = FakeTree([
      "/proc/cpuinfo": cpuinfo(
        vendor: "GenuineIntel", family: 6, model: 106, name: "Intel(R) Xeon(R) Platinum 8380 CPU @ 2.30GHz",
        flags: "fpu sse2 avx avx2 fma avx512f avx512bw avx512_vbmi2 avx512_vnni", count: 8),
      "/proc/self/status": "Cpus_allowed_list:\t0-3\n",
      "/proc/meminfo": "MemTotal:       131072000 kB\n",
      "/proc/self/cgroup": "0::/user.slice/job\n",
      "/proc/self/mountinfo": "30 24 0:27 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
      "/sys/fs/cgroup/user.slice/cpu.max": "150000 100000\n",
      "/sys/fs/cgroup/user.slice/job/cpu.max": "max 100000\n",
      "/sys/fs/cgroup/user.slice/job/memory.max": "max\n",
      "/sys/devices/system/node/online": "0-1\n",
      "/sys/devices/system/node/node0/cpulist": "0-3\n",
      "/sys/devices/system/node/node0/meminfo": "Node 0 MemTotal:       65536000 kB\n",
      "/sys/devices/system/node/node1/cpulist": "4-7\n",
      "/sys/devices/system/node/node1/meminfo": "Node 1 MemTotal:       many kB\n",
      "/sys/devices/system/cpu/intel_pstate/no_turbo": "1\n",
      "/sys/class/dmi/id/sys_vendor": "Maker Inc.\n",
      "/sys/class/dmi/id/product_name": "Server 2U\n",
    ])
    addProcessors(tree, sockets: 2, cores: 2, threads: 2, caches: [("1", "Data", "48K"), ("2", "Unified", "1280K")])
    for processor in 0..<8 {
      let directory = "/sys/devices/system/cpu/cpu\(processor)/cpufreq"
      tree.write("\(directory)/scaling_governor", processor == 3 ? "powersave\n" : "performance\n")
      tree.write("\(directory)/scaling_driver", "intel_pstate\n")
      tree.write("\(directory)/scaling_min_freq", "800000\n")
      tree.write("\(directory)/scaling_max_freq", "3400000\n")
    }
    tree.write("/sys/class/powercap/intel-rapl/enabled", "1\n")
    for socket in 0..<2 {
      tree.addZone("intel-rapl:\(socket)", name: "package-\(socket)", microjoules: 5_000_000 + socket)
      tree.addZone("intel-rapl:\(socket):0", name: "dram", microjoules: 1_500_000)
    }
    tree.addZone("intel-rapl:0:1", name: "core", microjoules: 4_000_000)
    tree.addZone("intel-rapl:2", name: "psys", microjoules: 9_000_000)
    tree.addZone("intel-rapl-mmio:0", name: "package-0", microjoules: 5_000_100)
    return tree
  }

  /// Sixteen cores' worth of name on two: boost, hwmon chips of several makes, a laptop's battery and a mouse's.
  static func desktop() -> FakeTree {
    let tree = FakeTree([
      "/proc/cpuinfo": cpuinfo(
        vendor: "AuthenticAMD", family: 25, model: 97, name: "AMD Ryzen 9 7950X 16-Core Processor",
        flags: "fpu sse2 avx avx2 fma clwb vaes avx512f avx512bw avx512_vnni avx512_bf16", count: 2),
      "/sys/devices/system/cpu/cpufreq/boost": "1\n",
      "/sys/class/hwmon/hwmon0/name": "amd_energy\n",
      "/sys/class/hwmon/hwmon0/energy1_input": "250000\n",
      "/sys/class/hwmon/hwmon0/energy1_label": "Ecore000\n",
      "/sys/class/hwmon/hwmon0/energy2_input": "7000000\n",
      "/sys/class/hwmon/hwmon0/energy2_label": "Esocket0\n",
      "/sys/class/hwmon/hwmon1/name": "amdgpu\n",
      "/sys/class/hwmon/hwmon1/power1_average": "31000000\n",
      "/sys/class/hwmon/hwmon2/name": "power_meter\n",
      "/sys/class/hwmon/hwmon2/device/power1_average": "4290000000000\n",
      "/sys/class/hwmon/hwmon3/name": "k10temp\n",
      "/sys/class/hwmon/hwmon3/temp1_input": "45000\n",
      "/sys/class/power_supply/BAT0/type": "Battery\n",
      "/sys/class/power_supply/BAT0/status": "Discharging\n",
      "/sys/class/power_supply/BAT0/current_now": "-1500000\n",
      "/sys/class/power_supply/BAT0/voltage_now": "12000000\n",
      "/sys/class/power_supply/BAT1/type": "Battery\n",
      "/sys/class/power_supply/BAT1/status": "Charging\n",
      "/sys/class/power_supply/BAT1/power_now": "20000000\n",
      "/sys/class/power_supply/hidpp_battery_0/type": "Battery\n",
      "/sys/class/power_supply/hidpp_battery_0/scope": "Device\n",
      "/sys/class/power_supply/AC/type": "Mains\n",
    ])
    addProcessors(tree, sockets: 1, cores: 2, threads: 1, caches: [("3", "Unified", "32M")])
    tree.write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "schedutil\n")
    return tree
  }

  /// Threads of a core are neighbours; caches below level 3 belong to a core, the third to a socket.
  static func addProcessors(
    _ tree: FakeTree, sockets: Int, cores: Int, threads: Int, caches: [(level: String, kind: String, size: String)]
  ) {
    let perSocket = cores * threads
    tree.write("/sys/devices/system/cpu/online", "0-\(sockets * perSocket - 1)\n")
    for processor in 0..<(sockets * perSocket) {
      let directory = "/sys/devices/system/cpu/cpu\(processor)"
      let socket = processor / perSocket
      let core = list(from: processor / threads * threads, count: threads)
      tree.write("\(directory)/topology/physical_package_id", "\(socket)\n")
      tree.write("\(directory)/topology/thread_siblings_list", core)
      for (index, cache) in caches.enumerated() {
        tree.write("\(directory)/cache/index\(index)/level", "\(cache.level)\n")
        tree.write("\(directory)/cache/index\(index)/type", "\(cache.kind)\n")
        tree.write("\(directory)/cache/index\(index)/size", "\(cache.size)\n")
        tree.write("\(directory)/cache/index\(index)/coherency_line_size", "64\n")
        let sharers = cache.level == "3" ? list(from: socket * perSocket, count: perSocket) : core
        tree.write("\(directory)/cache/index\(index)/shared_cpu_list", sharers)
      }
    }
  }

  private static func list(from first: Int, count: Int) -> String {
    count == 1 ? "\(first)\n" : "\(first)-\(first + count - 1)\n"
  }

  private static func cpuinfo(
    vendor: String, family: Int, model: Int, name: String, flags: String, count: Int
  ) -> String {
    (0..<count).map { processor in
      """
      processor\t: \(processor)
      vendor_id\t: \(vendor)
      cpu family\t: \(family)
      model\t\t: \(model)
      model name\t: \(name)
      stepping\t: 2
      flags\t\t: \(flags)


      """
    }.joined()
  }
}
