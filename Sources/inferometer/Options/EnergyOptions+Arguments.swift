import Campaign
import Machine

extension Option {
  static let meterLog = Option(
    "--meter-log", value: "FILE",
    help: "a wall meter's log that is being written; each line has a time with its zone, and watts")
  static let noMeter = Option("--no-meter", help: "read no sensor; energy is estimated as on a machine without one")
  static let designWatts = Option(
    "--tdp", value: "WATTS", help: "for estimates: what the host's processors draw at most, all sockets together")
  static let wattsPerThread = Option(
    "--watts-per-vcpu", value: "WATTS", help: "for estimates: what one busy processor draws, its idle share included")
  static let hostThreads = Option(
    "--host-threads", value: "N", help: "for estimates: hardware threads of the host that this machine is a part of")
  static let facilityFactor = Option(
    "--pue", value: "FACTOR", help: "for estimates: the data centre's energy over its computers' (not applied)")
}

extension OptionGroup {
  static let energy = OptionGroup(
    "Energy", [.meterLog, .noMeter, .designWatts, .wattsPerThread, .hostThreads, .facilityFactor])
}

extension EnergyOptions {
  init(_ arguments: Arguments, on machine: MachineDescription) throws {
    self.init()
    overrides.designWatts = try arguments.number(.designWatts, in: Self.wattsRange)
    overrides.wattsPerThread = try arguments.number(.wattsPerThread, in: Self.wattsRange)
    overrides.hostThreads = try arguments.integer(.hostThreads, in: 1...1_000_000)
    overrides.facilityFactor = try arguments.number(.facilityFactor, in: Self.facilityRange)
    meterLog = arguments.string(.meterLog)
    ignoresSensors = arguments.contains(.noMeter) ? true : nil
    if meterLog != nil, ignoresSensors == true {
      throw UsageError(.noMeter, "contradicts --meter-log; leave one of them out")
    }
    if let threads = overrides.hostThreads, threads < machine.processors {
      throw UsageError(.hostThreads, "'\(threads)' is fewer than the \(machine.processors) processors here")
    }
    if overrides.designWatts != nil, machine.hypervisor != nil, overrides.hostThreads == nil {
      throw UsageError(
        .designWatts, "is shared with other virtual machines by unknown parts; give --host-threads beside it")
    }
  }
}
