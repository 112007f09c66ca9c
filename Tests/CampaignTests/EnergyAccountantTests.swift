import Campaign
import EnergyModel
import Foundation
import Machine
import Metering
import Quantities
import Records
import Statistics
import Synchronization
import TestSupport
import Testing

/// A power that a test sets.
private final class Dial: Sendable {
  let watts: Atomic<Int>

  init(_ watts: Int) { self.watts = Atomic(watts) }
}

@Suite struct EnergyAccountantTests {
  /// A sensor of 100 W by the clock that ticks a millisecond at every look.
  private func instruments(
    failing: Bool = false, refreshSeconds: Double = 0.0001, watts: Double = 100,
    clock: any Timekeeper = TickingClock()
  ) -> Instruments {
    return Instruments(timekeeper: clock, roofs: Instruments.scripted.roofs) { choice, _ in
      if failing { throw Absence(.forbidden, "energy_uj may not be read") }
      let facts = EnergyFacts(
        name: "package-0", quantity: .energy, refreshSeconds: refreshSeconds, relativeUncertainty: 0.05)
      let source = PolledSource(facts, timekeeper: clock) { Double(clock.nanoseconds()) / 1e9 * watts }
      return EnergyMeter(
        choice.method, tier: choice.tier, boundary: choice.boundary, sources: [source], timekeeper: clock)
    }
  }

  private var server: MachineDescription {
    let tree = EnergyTrees.server()
    return withExtendedLifetime(tree) { MachineDescription.read(root: tree.root) }
  }

  private func run(_ accountant: EnergyAccountant, _ instruments: Instruments) throws -> (
    run: PhaseRun, model: ModelIdentity
  ) {
    let runner = try Fixture.runner(meter: accountant.meter, timekeeper: instruments.timekeeper)
    return (try runner.decode(8, depth: 4), try Fixture.workbench().identity)
  }

  @Test func measuresWhereThereIsASensor() throws {
    let instruments = instruments()
    let accountant = try EnergyAccountant(EnergyOptions(), machine: server, instruments: instruments)
    let (run, model) = try run(accountant, instruments)
    let energy = try accountant.energy(of: run, model: model).get()
    #expect(energy.method.rawValue == "measured.rapl" && energy.tier == "B1" && energy.boundary == .packageAndMemory)
    #expect(energy.attribution == .wholeHost && energy.sensors == ["package-0"] && energy.coefficientSet == nil)
    #expect(abs(energy.avgPowerW - 100) < 1e-6)
    let each = try #require(energy.decodeJoulesPerOutputToken)
    #expect(abs(each.value - energy.totalEnergyJ.value / 8) < 1e-12)
    #expect((each.interval?.halfWidth ?? 0) >= 0.05 * each.value)
    // Idle draws the same by this clock: nothing remains, within what one look at it may be off.
    #expect((energy.idleSubtractedEnergyJ?.value ?? 1) < 1e-6)
    #expect(energy.warnings.contains { $0.code == "short_window" })
  }

  @Test func saysWhichCounterIsNotAdded() throws {
    let tree = FakeTree()
    for die in 0..<2 { tree.addZone("intel-rapl:\(die)", name: "package-0-die-\(die)", microjoules: 1_000_000) }
    let machine = withExtendedLifetime(tree) { MachineDescription.read(root: tree.root) }
    let accountant = try EnergyAccountant(EnergyOptions(), machine: machine, instruments: instruments())
    #expect(accountant.meter != nil && accountant.warnings.map(\.code) == ["mirrored-counter"])
    #expect(accountant.warnings.first?.message.contains("package-0-die-1: it shows what package-0-die-0 shows") == true)
  }

  @Test func estimatesWhereTheSensorMayNotBeRead() throws {
    let instruments = instruments(failing: true)
    let accountant = try EnergyAccountant(EnergyOptions(), machine: server, instruments: instruments)
    #expect(accountant.meter == nil && accountant.warnings.map(\.code) == ["sensor-unusable"])
    #expect(accountant.warnings[0].message.contains("energy_uj may not be read"))
    let (run, model) = try run(accountant, instruments)
    let energy = try accountant.energy(of: run, model: model).get()
    #expect(energy.label.hasPrefix("estimated (proxy") && energy.sensors.isEmpty)
    #expect(energy.coefficientSet?.sources.isEmpty == false && energy.totalEnergyJ.interval != nil)
    #expect(!energy.dominantUncertainty.isEmpty)
    #expect(energy.dominantUncertainty.allSatisfy { $0.hasSuffix(" % narrower if known)") })
  }

  /// A guest that is shown no pair of threads may have cores, unless a core has but one thread.
  @Test(
    arguments: [
      (nil, 1, true, .own), (nil, 2, true, .own), ("KVM", 2, true, .virtualThread), ("KVM", 1, false, .virtualThread),
      ("KVM", 1, true, .virtualThreadOrCore), ("KVM", nil, true, .virtualThreadOrCore),
    ] as [(String?, Int?, Bool, EnergyProxy.Processor)])
  func doubtsWhatAProcessorIs(
    hypervisor: String?, threadsPerCore: Int?, mayHaveSiblings: Bool, expected: EnergyProxy.Processor
  ) {
    var machine = Fixture.machine
    machine.hypervisor = hypervisor
    machine.threadsPerCore = threadsPerCore.map { .found($0) } ?? .absent("no topology")
    #expect(EnergyProxy.Processor(machine, mayHaveSiblings: mayHaveSiblings) == expected)
  }

  /// Sampling is a phase like the others where its window is long enough; one of a millisecond is mostly that of looking.
  @Test func listsSamplingOrSaysWhyNot() throws {
    let accountant = try EnergyAccountant(EnergyOptions(), machine: server, instruments: .scripted)
    let runner = try Fixture.runner()
    _ = try runner.decode(1)
    var run = try runner.sample(64)
    let model = try Fixture.workbench().identity
    let energy = try accountant.energy(of: run, model: model).get()
    #expect(energy.samplingJoulesPerOutputToken != nil && energy.decodeJoulesPerOutputToken == nil)
    run.conditions.wall = 0.001
    guard case .failure(let absence) = accountant.energy(of: run, model: model) else {
      Issue.record("a millisecond has an energy")
      return
    }
    #expect(absence.code == .windowTooShort)
  }

  @Test func passesOverACounterThatStandsStill() throws {
    let slow = ScriptedClock(steps: Array(repeating: 200_000_000, count: 100))
    let accountant = try EnergyAccountant(
      EnergyOptions(), machine: server, instruments: instruments(watts: 0, clock: slow))
    #expect(accountant.meter == nil && accountant.warnings.contains { $0.message.contains("stood still") })
  }

  @Test func estimatesARunThatIsTooShortForItsSensor() throws {
    let instruments = instruments(refreshSeconds: 1)
    let accountant = try EnergyAccountant(EnergyOptions(), machine: server, instruments: instruments)
    let (run, model) = try run(accountant, instruments)
    let energy = try accountant.energy(of: run, model: model).get()
    #expect(!energy.method.isMeasured && energy.warnings.map(\.code) == ["window_too_short"])
  }

  /// 20 W idle before and 40 W later, 100 W in the run: 70 W are the run's, give or take ten.
  @Test func widensWhatIsLeftByTheDriftOfTheIdlePower() throws {
    let clock = TickingClock()
    let dial = Dial(20)
    let instruments = Instruments(timekeeper: clock, roofs: Instruments.scripted.roofs) { choice, _ in
      let facts = EnergyFacts(name: "chip", quantity: .power, refreshSeconds: 0.0001, relativeUncertainty: 0)
      return EnergyMeter(
        choice.method, tier: choice.tier, boundary: choice.boundary,
        sources: [PolledSource(facts, timekeeper: clock) { Double(dial.watts.load(ordering: .relaxed)) }],
        timekeeper: clock)
    }
    let accountant = try EnergyAccountant(EnergyOptions(), machine: server, instruments: instruments)
    dial.watts.store(40, ordering: .relaxed)
    accountant.lookAtIdle()
    dial.watts.store(100, ordering: .relaxed)
    let (run, model) = try run(accountant, instruments)
    let energy = try accountant.energy(of: run, model: model).get()
    let active = try #require(energy.idleSubtractedEnergyJ)
    #expect(abs(active.value / energy.windowS - 70) < 1e-6)
    #expect(try #require(active.interval).halfWidth >= 10 * energy.windowS - 1e-9)
  }

  @Test func leavesARunWhoseSensorFailedWithoutEnergy() throws {
    let instruments = instruments()
    let accountant = try EnergyAccountant(EnergyOptions(), machine: server, instruments: instruments)
    var (run, model) = try run(accountant, instruments)
    run.energy = .failure(EnergyAbsence(.counterReset, "package-0: was set back"))
    #expect(
      accountant.energy(of: run, model: model) == .failure(EnergyAbsence(.counterReset, "package-0: was set back")))
  }

  @Test func refusesALogThatIsNone() {
    let tree = FakeTree(["/log.csv": "no log\n"])
    var options = EnergyOptions()
    options.meterLog = tree.root + "/log.csv"
    #expect(throws: MeterLogError.self) { try EnergyAccountant(options, machine: server, instruments: .scripted) }
  }

  @Test(
    arguments: [
      ("sapphire-rapids", 105, "KVM", 2, "sapphire-rapids"), ("sapphire-rapids", 300, "KVM", 2, "emerald-rapids"),
      ("cascade-lake", 36, nil, 48, "skylake"), ("haswell", 45, "KVM", 4, "broadwell"), ("zen4", 32, "KVM", 8, "zen4"),
      ("zen4", 32, nil, 8, "unknown"), ("alder-lake", 36, nil, 24, "unknown"),
      ("alder-lake", 108, nil, 144, "sierra-forest"),
      ("arm64-sve2", 114, nil, 72, "neoverse-v"),
      ("knights-landing", 1, nil, 64, "unknown"),
    ] as [(String, Int, String?, Int, String)])
  func knowsTheClassByInstructionsAndCaches(
    design: String, cache: Int, hypervisor: String?, cores: Int, expected: String
  ) throws {
    var machine = Fixture.machine
    machine.microarchitecture = design
    machine.hypervisor = hypervisor
    machine.cores = .found(cores)
    machine.processors = cores
    let json =
      #"{"level": 3, "kind": "Unified", "bytes": \#(cache << 20), "line_bytes": 64, "shared_by": 2, "instances": 1}"#
    machine.caches = [try JSONDecoder().decode(MachineDescription.Cache.self, from: Data(json.utf8))]
    #expect(EnergyPrior(machine).name == expected)
  }
}
