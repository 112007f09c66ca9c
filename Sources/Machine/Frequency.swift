extension MachineDescription {
  /// What decides the clock of the processors that this process may use.
  package struct Frequency: Codable, Equatable, Sendable {
    /// Several, joined by commas, where processors differ.
    package var governor: Finding<String>
    package var driver: Finding<String>
    package var minimumHertz: Finding<Double>
    package var maximumHertz: Finding<Double>
    /// Whether the processor may exceed its nominal clock.
    package var turbo: Finding<Bool>

    enum CodingKeys: String, CodingKey {
      case governor, driver, turbo
      case minimumHertz = "minimum_hertz"
      case maximumHertz = "maximum_hertz"
    }
  }
}

extension MachineDescription.Frequency {
  init(_ files: SystemFiles, processors: [Int]) {
    let directories = processors.prefix(4096).map { "/sys/devices/system/cpu/cpu\($0)/cpufreq" }
    guard let first = directories.first, files.exists(first) else {
      let reason = "no cpufreq directory: the clock is in the hands of the hypervisor or the firmware"
      governor = .absent(reason)
      driver = .absent(reason)
      minimumHertz = .absent(reason)
      maximumHertz = .absent(reason)
      turbo = .absent(reason)
      return
    }
    governor = Finding {
      Set(try directories.map { try files.line("\($0)/scaling_governor") }).sorted().joined(separator: ", ")
    }
    driver = Finding { try files.line("\(first)/scaling_driver") }
    // The files are in kilohertz.
    minimumHertz = Finding { Double(try files.natural("\(first)/scaling_min_freq")) * 1000 }
    maximumHertz = Finding { Double(try files.natural("\(first)/scaling_max_freq")) * 1000 }
    turbo = Self.turbo(files)
  }

  private static func turbo(_ files: SystemFiles) -> Finding<Bool> {
    let forbidden = Finding { try files.natural("/sys/devices/system/cpu/intel_pstate/no_turbo") != 0 }
    if let forbidden = forbidden.value { return .found(!forbidden) }
    return Finding { try files.natural("/sys/devices/system/cpu/cpufreq/boost") != 0 }
  }
}
