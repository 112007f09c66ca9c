/// What the process may use of the processors, and who else does.
extension Check {
  static func siblings(_ machine: MachineDescription) -> Check {
    guard let threads = machine.threadsPerCore.value else {
      return unknown("siblings", machine.threadsPerCore.reason)
    }
    if threads > 1 {
      return warn(
        "siblings", "\(threads) threads share each core: work on one slows the other",
        action: "keep to a thread for each core, and the siblings idle: echo off > /sys/devices/system/cpu/smt/control")
    }
    if machine.hypervisor != nil {
      return unknown("siblings", "a hypervisor may show two threads of one core as two cores")
    }
    return ok("siblings", "each core runs one thread")
  }

  static func quota(_ machine: MachineDescription) -> Check {
    guard machine.controlGroup.version.value != nil else {
      return unknown("quota", machine.controlGroup.version.reason)
    }
    guard let quota = machine.controlGroup.processorQuota.value else {
      return ok("quota", "no quota of processor time is set")
    }
    let finding = "a quota of \(rounded(quota)) processors for \(machine.processors)"
    if quota >= Double(machine.processors) { return ok("quota", finding) }
    return warn(
      "quota", "\(finding): threads beyond it are held back",
      action: "use --threads \(max(1, Int(quota))), or raise cpu.max of the control group")
  }

  static func nodes(_ machine: MachineDescription) -> Check {
    guard let all = machine.numaNodes.value else { return unknown("numa", machine.numaNodes.reason) }
    let own = Set(machine.processorList)
    let used = all.filter { !own.isDisjoint(with: $0.processors) }
    guard used.count > 1, let first = used.first else {
      return ok("numa", "the processors lie on one node")
    }
    return warn(
      "numa", "the processors lie on \(used.count) nodes: memory of another node is slower",
      action: "numactl --cpunodebind=\(first.node) --membind=\(first.node) before the command")
  }

  static func load(_ machine: MachineDescription) -> Check {
    guard let load = machine.loadAverage.value?.first else { return unknown("load", machine.loadAverage.reason) }
    let finding = "\(rounded(load)) tasks were running or waiting over the last minute"
    // A tenth of a processor for what a system does by itself.
    if load <= 0.1 * Double(max(1, machine.processors)) { return ok("load", finding) }
    return warn("load", finding, action: "stop other work, and wait a minute")
  }

  static func steal(_ files: SystemFiles, _ machine: MachineDescription) -> Check {
    let ticks = Finding { try ProcessorTicks.read(files, processors: machine.processorList) }
    guard let ticks = ticks.value, ticks.total > 0 else { return unknown("steal", ticks.reason) }
    let share = Double(ticks.steal) / Double(ticks.total)
    let finding = "\(rounded(share * 100)) % of the time since the start went to other machines"
    if share < 0.01 { return ok("steal", finding) }
    return warn("steal", finding, action: "measure on a dedicated host, or at a quieter time")
  }

  static func neighbours(_ machine: MachineDescription) -> Check {
    guard let hypervisor = machine.hypervisor else { return ok("neighbours", "not a virtual machine") }
    return warn(
      "neighbours", "a virtual machine (\(hypervisor)): others may share caches and memory bandwidth unseen",
      action: "compare variants with compare --run, which runs them in turn, and repeat absolute figures on other days")
  }

  static func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
