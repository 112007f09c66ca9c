import EnergyModel
import Glibc
import Machine
import Metering
import Records
import Statistics

/// Runs loads that each stress one way of spending energy, and fits what each costs on this machine.
package struct CalibrationCampaign {
  /// How long each load runs.
  package var secondsEach = 30.0
  package var repetitions = 2
  package var seed: UInt64 = 1

  private let accountant: EnergyAccountant
  let machine: MachineDescription
  let instruments: Instruments
  let cancellation: Cancellation

  package init(
    _ accountant: EnergyAccountant, on machine: MachineDescription, cancellation: Cancellation = Cancellation(),
    instruments: Instruments = .system
  ) {
    self.accountant = accountant
    self.machine = machine
    self.cancellation = cancellation
    self.instruments = instruments
  }

  /// What a load did beside keeping threads busy.
  typealias Work = (operations: [EnergyTerm: Double], bytes: Double, memoryShare: ClosedRange<Double>)
  typealias Load = (name: String, run: (_ seconds: Double) throws -> Work)

  /// Loads in an order of chance, each several times, so that warming up is no load's own.
  ///
  /// Nil when it was asked to stop.
  package func run(_ report: (_ load: String, _ index: Int, _ count: Int) -> Void) throws -> EnergyCalibration? {
    do {
      return try EnergyCalibration.fit(try runs(report), prior: EnergyPrior(machine))
    } catch is Interruption {
      return nil
    }
  }

  func runs(_ report: (_ load: String, _ index: Int, _ count: Int) -> Void) throws -> [CalibrationRun] {
    guard let meter = accountant.meter else {
      throw CampaignError(.machine, "no energy sensor can be used, and without one there is nothing to fit to")
    }
    var runs: [CalibrationRun] = []
    var random = SplitMix64(seed: seed)
    let loads = try loads()
    for repetition in 0..<repetitions {
      var order = Array(loads.indices)
      for index in order.indices.dropFirst().reversed() { order.swapAt(index, random.index(below: index + 1)) }
      for (place, index) in order.enumerated() {
        try cancellation.check()
        report(loads[index].name, repetition * loads.count + place + 1, repetitions * loads.count)
        runs.append(try run(loads[index], meter))
      }
    }
    return runs
  }

  private func run(_ load: Load, _ meter: EnergyMeter) throws -> CalibrationRun {
    let clock = instruments.timekeeper
    meter.begin()
    let start = (wall: clock.nanoseconds(), process: clock.processNanoseconds())
    let work = try load.run(secondsEach)
    let end = (wall: clock.nanoseconds(), process: clock.processNanoseconds())
    let energy: MeteredEnergy
    do throws(EnergyAbsence) {
      energy = try meter.end()
    } catch {
      throw CampaignError(.machine, "\(load.name): \(error.reason); repeat, with more --seconds")
    }
    let activity = EnergyActivity(
      seconds: Stopwatch.seconds(from: start.wall, to: end.wall).value, threads: Double(machine.processors),
      busySeconds: Stopwatch.seconds(from: start.process, to: end.process).value,
      memoryGigabytes: Double(machine.memoryBytes.value ?? 0) / 1e9, operations: work.operations, bytes: work.bytes,
      memoryShare: work.memoryShare)
    // A sensor's calibration is common to all loads; what repeating changes is a percent or two, and its steps.
    let deviation = hypot(Self.repeatability * energy.joules.value, energy.halfWidthJoules.value / 10)
    return CalibrationRun(
      workload: load.name, activity: activity, joules: energy.joules.value, deviationJoules: deviation)
  }

  private static let repeatability = 0.02
}
