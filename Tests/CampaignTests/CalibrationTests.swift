import Campaign
import EnergyModel
import Foundation
import Machine
import Metering
import Records
import Statistics
import TestSupport
import Testing

@Suite struct CalibrationTests {
  private let machine = Fixture.machine

  private func calibration() throws -> EnergyCalibration {
    let runs = (1...12).map { index in
      let activity = EnergyActivity(
        seconds: 10, threads: 2, busySeconds: Double(index), memoryGigabytes: 24)
      // A watt for each idle thread, three for a busy one, a tenth for each gigabyte.
      return CalibrationRun(
        workload: "\(index % 4)", activity: activity, joules: 20 + 3 * Double(index) + 24, deviationJoules: 0.5)
    }
    return try EnergyCalibration.fit(runs, prior: EnergyPriors.prior(for: "sapphire-rapids"))
  }

  private func file(_ fingerprint: String? = nil) throws -> CalibrationFile {
    var file = CalibrationFile(
      try calibration(), on: machine, boundary: .packageAndMemory, sensors: ["package-0"], toolVersion: "1")
    file.machineFingerprint = fingerprint ?? file.machineFingerprint
    return file
  }

  private func energy(_ file: CalibrationFile?) throws -> (energy: RunEnergy, warnings: [String]) {
    let instruments = Instruments(
      timekeeper: TickingClock(), roofs: { _, _, _ in .absent("not asked") },
      openMeter: { _, _ in throw Absence(.missing, "no sensor") }, calibration: { _ in file })
    let accountant = try EnergyAccountant(EnergyOptions(), machine: machine, instruments: instruments)
    let run = try Fixture.runner().decode(4)
    let energy = try accountant.energy(of: run, model: try Fixture.workbench().identity).get()
    return (energy, accountant.warnings.map(\.code).filter { $0 != "sensor-unusable" })
  }

  @Test func estimatesGoByWhatWasFittedHere() throws {
    let (energy, warnings) = try energy(file())
    #expect(energy.method == .calibrated && energy.tier == "C" && energy.boundary == .packageAndMemory)
    #expect(energy.label == "estimated (fitted to this machine, package+dram)" && warnings.isEmpty)
    #expect(energy.coefficientSet?.sources.first?.contains("package-0") == true)
  }

  @Test func anotherMachinesCoefficientsAreAWidePrior() throws {
    let (energy, warnings) = try energy(file("another"))
    #expect(!energy.method.isMeasured && energy.method != .calibrated && energy.tier != "C")
    #expect(warnings == ["calibration-of-another-machine"])
    #expect(energy.coefficientSet?.sources.first?.hasSuffix("on another machine") == true)
  }

  @Test func aPoorFitIsNotUsed() throws {
    var poor = try file()
    poor.calibration.heldOutError = 0.2
    #expect(try energy(poor).energy.method == energy(nil).energy.method)
  }

  @Test func comesBackFromItsFile() throws {
    let place = TemporaryDirectory()
    let files = MachineFiles(environment: { _ in place.path }, fingerprint: machine.fingerprint)
    let path = try #require(files.path(of: CalibrationFile.kind))
    #expect(path == "\(place.path)/inferometer/energy-\(machine.fingerprint).json")
    #expect(try CalibrationFile.load(from: files) == nil)
    let file = try file()
    try file.store(in: files)
    let read = try #require(try CalibrationFile.load(from: files))
    #expect(read.calibration == file.calibration && read.machineFingerprint == machine.fingerprint)
    var empty = file
    empty.calibration.draws = []
    try empty.store(in: files)
    #expect { try CalibrationFile.load(from: files) } throws: {
      ($0 as? RecordError)?.reason.contains("has no draws") == true
    }
    for damage in ["", "{", "{\"schema\": \"other\"}", "[1]"] {
      try damage.write(toFile: path, atomically: true, encoding: .utf8)
      let error = #expect(throws: RecordError.self) { try CalibrationFile.load(from: files) }
      #expect(error?.file == path && error?.reason.contains("run inferometer calibrate again") == true)
    }
  }

  @Test func runsEveryLoadAndFitsThem() throws {
    let tree = EnergyTrees.server()
    var server = machine
    server.sensors = withExtendedLifetime(tree) { MachineDescription.read(root: tree.root).sensors }
    let clock = TickingClock()
    let instruments = Instruments(timekeeper: clock, roofs: { _, _, _ in .absent("not asked") }) { choice, _ in
      let facts = EnergyFacts(
        name: "package-0", quantity: .energy, refreshSeconds: 0.0001, relativeUncertainty: 0.05)
      let source = PolledSource(facts, timekeeper: clock) { Double(clock.nanoseconds()) / 1e9 * 100 }
      return EnergyMeter(
        choice.method, tier: choice.tier, boundary: choice.boundary, sources: [source], timekeeper: clock)
    }
    let accountant = try EnergyAccountant(EnergyOptions(), machine: server, instruments: instruments)
    var campaign = CalibrationCampaign(accountant, on: server, instruments: instruments)
    campaign.secondsEach = 0.001
    var seen: [String] = []
    let calibration = try #require(try campaign.run { name, _, _ in seen.append(name) })
    #expect(Set(seen).isSuperset(of: ["idle", "spin on 1", "memory", "cache", "prompts in f32", "tokens"]))
    #expect(seen.count == 2 * Set(seen).count)
    #expect(calibration.terms.contains("busy_thread") && calibration.heldOutError.isFinite)
  }

  @Test func needsASensor() throws {
    let accountant = try EnergyAccountant(EnergyOptions(), machine: machine, instruments: .scripted)
    #expect { try CalibrationCampaign(accountant, on: machine).run { _, _, _ in } } throws: {
      ($0 as? CampaignError)?.cause == .machine
    }
  }
}
