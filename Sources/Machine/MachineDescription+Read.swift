extension MachineDescription {
  /// Describes the machine whose `/proc`, `/sys` and `/etc` lie below the root.
  ///
  /// Instructions and system calls (CPUID, the AMX permission) are asked for the running system only.
  package static func read(root: String = "/") -> MachineDescription {
    let files = SystemFiles(root: root)
    let stated = ProcessorStatement(files)
    let features = files.isRunningSystem && !Processor.features.isEmpty ? Processor.features : stated.features
    let online = onlineProcessors(files)
    let processors = allowedProcessors(files, online: online)
    let topology = Topology(files, processors: online ?? processors)
    var machine = MachineDescription(
      modelName: stated.modelName, vendor: stated.vendor, family: stated.family, model: stated.model,
      stepping: stated.stepping,
      microarchitecture: Microarchitecture.guess(vendor: stated.vendor, features: Set(features)), features: features,
      permitted: permissions(files, features: features), processors: processors.count, processorList: processors,
      onlineProcessors: online?.count, sockets: topology.sockets, cores: topology.cores,
      threadsPerCore: topology.threadsPerCore,
      caches: topology.caches, numaNodes: numaNodes(files), memoryBytes: Memory.total(files),
      hugePages: Memory.hugePages(files), controlGroup: ControlGroup(files),
      frequency: Frequency(files, processors: processors), kernelRelease: System.kernelRelease(files),
      operatingSystem: System.name(files), hypervisor: System.hypervisor(files, flags: stated.flags),
      product: System.product(files), stealTicks: System.stealTicks(files), loadAverage: System.loadAverage(files),
      sensors: Sensor.discover(files), slug: "", fingerprint: "")
    machine.slug = machine.makeSlug()
    machine.fingerprint = machine.makeFingerprint()
    return machine
  }

  private static func allowedProcessors(_ files: SystemFiles, online: [Int]?) -> [Int] {
    if files.isRunningSystem { return Processor.allowed }
    let stated = try? files.lines("/proc/self/status").first { $0.hasPrefix("Cpus_allowed_list:") }
    if let stated, let list = try? ProcessorList.parse(String(stated.dropFirst("Cpus_allowed_list:".count))) {
      // The list may name processors that could be plugged in; they cannot run anything yet.
      guard let online else { return list }
      let present = Set(online)
      return list.filter(present.contains)
    }
    return online ?? []
  }

  private static func onlineProcessors(_ files: SystemFiles) -> [Int]? {
    try? ProcessorList.parse(files.line("/sys/devices/system/cpu/online"))
  }

  private static func permissions(_ files: SystemFiles, features: [String]) -> Permitted {
    Permitted(
      amx: Finding {
        guard features.contains("amxtile") else { throw Absence(.missing, "the processor offers no AMX tiles") }
        guard files.isRunningSystem else { throw Absence(.unreadable, "only a running system can be asked") }
        return Processor.permitAMX()
      })
  }

  private static func numaNodes(_ files: SystemFiles) -> Finding<[NUMANode]> {
    Finding {
      let directory = "/sys/devices/system/node"
      return try ProcessorList.parse(files.line("\(directory)/online")).prefix(1024).map { node in
        NUMANode(
          node: node,
          processors: (try? ProcessorList.parse(files.line("\(directory)/node\(node)/cpulist"))) ?? [],
          memoryBytes: Finding { try Memory.field("MemTotal", of: files, in: "\(directory)/node\(node)/meminfo") })
      }
    }
  }
}
