/// What moves the processors' clock.
extension Check {
  static func governor(_ machine: MachineDescription) -> Check {
    let governor = machine.frequency.governor
    guard let value = governor.value else { return unknown("governor", governor.reason) }
    if value == "performance" { return ok("governor", value) }
    return warn(
      "governor", "\(value): the clock follows the load", action: "cpupower frequency-set --governor performance")
  }

  static func turbo(_ machine: MachineDescription) -> Check {
    let turbo = machine.frequency.turbo
    guard let isOn = turbo.value else { return unknown("turbo", turbo.reason) }
    if !isOn { return ok("turbo", "off") }
    let file =
      machine.frequency.driver.value?.hasPrefix("intel_pstate") == true
      ? "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo" : "echo 0 > /sys/devices/system/cpu/cpufreq/boost"
    return warn(
      "turbo", "on: the clock depends on temperature and on what other cores do",
      action: "to compare variants, turn it off: \(file)")
  }

  /// How often cores have slowed down to stay cool since the machine started.
  static func thermal(_ files: SystemFiles, _ machine: MachineDescription) -> Check {
    let counts = Finding {
      try machine.processorList.map {
        try files.natural("/sys/devices/system/cpu/cpu\($0)/thermal_throttle/core_throttle_count")
      }
    }
    guard let most = counts.value?.max() else { return unknown("thermal", counts.reason) }
    if most == 0 { return ok("thermal", "no core has been slowed down by heat since the start") }
    return warn(
      "thermal", "a core has been slowed down by heat \(most) time\(most == 1 ? "" : "s") since the start",
      action: "cool the machine, or wait between measurements")
  }
}
