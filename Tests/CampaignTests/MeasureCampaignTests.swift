import Campaign
import Foundation
import Kernels
import Machine
import Metering
import Records
import TestSupport
import Testing

@Suite struct MeasureCampaignTests {
  private let place = TemporaryDirectory()

  private func begin(
    _ request: MeasureRequest = Fixture.request, machine: MachineDescription = Fixture.machine,
    cancellation: Cancellation = Cancellation(), observer: @escaping CampaignObserver = { _ in }
  ) throws -> MeasureCampaign {
    try .begin(
      request, results: place.path, command: ["inferometer", "measure"], toolVersion: "1", machine: machine,
      cancellation: cancellation, instruments: .scripted, observer: observer)
  }

  private func resume(
    _ path: String, toolVersion: String = "1", machine: MachineDescription = Fixture.machine,
    observer: @escaping CampaignObserver = { _ in }
  ) throws -> MeasureCampaign {
    try .resume(path, toolVersion: toolVersion, machine: machine, instruments: .scripted, observer: observer)
  }

  /// The directory of a measurement that was interrupted after the given number of runs.
  private func interrupted(after runs: Int) throws -> ResultsDirectory {
    let cancellation = Cancellation()
    let log = Log()
    let campaign = try begin(cancellation: cancellation) { event in
      log.events.append(event)
      if log.records.count == runs { cancellation.cancel() }
    }
    let outcome = try campaign.run()
    #expect(outcome.isInterrupted)
    #expect(outcome.records.count == runs)
    return try #require(outcome.directory)
  }

  @Test func writesEveryRunOfThePlan() throws {
    let log = Log()
    var request = Fixture.request
    request.settings.tuning = TuningChoice(KernelTuning([.q6_K: 5, .q5_0: KernelTuning.never]), .given)
    let campaign = try begin(request) { log.events.append($0) }
    let outcome = try campaign.run()
    let directory = try #require(outcome.directory)
    let written = try RunLog.read(directory.runs).records
    #expect(!outcome.isInterrupted)
    #expect(written == outcome.records)
    #expect(written == log.records)
    #expect(written.count == 3 * Fixture.runsPerRepetition)
    #expect(Set(written.map(\.key)).count == written.count)
    #expect(written.allSatisfy { $0.readRoofBytesPerSecond == ($0.phase == .sampling ? nil : 10e9) })
    #expect(written.allSatisfy { $0.model == campaign.plan.model && $0.process == nil })
    let sampling = written.filter { $0.phase == .sampling }
    #expect(sampling.map(\.repetition) == [0, 1, 2])
    #expect(
      sampling.allSatisfy {
        $0.sampler == .init(settings: "top-k 40, top-p 0.95, min-p 0.05, temperature 0.8", vocabularySize: 301)
      })
    #expect(written.allSatisfy { $0.flopRoofFlopsPerSecond == ($0.phase == .prefill ? 1e12 : nil) })
    let listed = Set(KernelList.listed.map(\.description))
    #expect(written.allSatisfy { listed.isSuperset(of: $0.configuration.kernels) })
    #expect(written.allSatisfy { $0.configuration.kernels.isEmpty == ($0.phase == .sampling) })
    #expect(written.allSatisfy { $0.configuration.tuning == "given" })
    // Of the model's formats alone.
    let tokens = try #require(written[0].configuration.manyTokens?.byFormat)
    #expect(tokens["Q6_K"] == 5 && tokens["Q5_0"] == .some(nil) && tokens["Q5_K"] == 12 && tokens["Q8_0"] == nil)
    #expect(written.allSatisfy { $0.configuration.manyTokens?.byFormat == tokens })
    #expect(
      written.allSatisfy { $0.energy?.method.isMeasured == false && $0.energy?.joulesPerToken?.interval != nil })
    #expect(try directory.readMachine().fingerprint == Fixture.machine.fingerprint)
    #expect(directory.readCommand() == "inferometer measure")
    #expect(log.progress.map(\.index) == Array(1...written.count))
    let looks = log.events.count { if case .preparing(.roofs) = $0 { true } else { false } }
    #expect(looks >= 2)
  }

  @Test func readsEachPromptBeforeItDecodesBehindIt() throws {
    let records = try begin().run().records
    for (before, record) in zip(records, records.dropFirst())
    where record.phase == .decode && record.sequences == 1 && record.contextTokens > 0 {
      #expect(before.phase == .prefill && before.promptTokens == record.contextTokens)
      #expect(before.repetition == record.repetition)
    }
    // Rounds follow one another; within a round the order is the plan's.
    #expect(records.map(\.repetition) == records.map(\.repetition).sorted())
  }

  @Test func stopsWhenTheBudgetIsSpent() throws {
    var request = Fixture.request
    // A millisecond a look: a repetition takes some tens of them.
    request.budgetSeconds = 0.9
    request.repetitions = 1000
    let log = Log()
    let campaign = try begin(request) { log.events.append($0) }
    let outcome = try campaign.run()
    #expect(outcome.records.count >= 2)
    #expect(outcome.records.count < 200)
    #expect(outcome.warnings.contains { $0.code == "few-repetitions" })
    #expect(!outcome.isInterrupted)
  }

  @Test(arguments: [1, 2, 7]) func goesOnAfterAnInterruption(runs: Int) throws {
    let directory = try interrupted(after: runs)
    #expect(try RunLog.read(directory.runs).records.count == runs)
    let log = Log()
    let outcome = try resume(directory.path) { log.events.append($0) }.run()
    #expect(log.records.count == 3 * Fixture.runsPerRepetition - runs)
    #expect(outcome.records.count == 3 * Fixture.runsPerRepetition)
    #expect(Set(outcome.records.map(\.key)).count == outcome.records.count)
    #expect(try RunLog.read(directory.runs).records == outcome.records)
  }

  /// Threads and layers are what a point has, so that a plan which names them is measured like any other.
  @Test func measuresWhatItsPointsName() throws {
    let directory = try interrupted(after: 1)
    let plan = try String(contentsOfFile: directory.path + "/plan.json", encoding: .utf8)
    let point = "\"context_tokens\" : 8,"
    #expect(plan.contains(point))
    let edited = plan.replacing(
      "\"points\" : [",
      with: """
        "points" : [{"context_tokens": 8, "sequences": 1, "threads": 2}, {"context_tokens": 8, "sequences": 1, "layers": 1},
        """)
    try directory.write(edited, to: "plan.json")
    let outcome = try resume(directory.path).run()
    #expect(outcome.records.count == 3 * (Fixture.runsPerRepetition + 4))
    let threads = outcome.records.filter { $0.configuration.threads == 2 }
    #expect(threads.map(\.phase).filter { $0 == .decode }.count == 3 && threads.count == 6)
    #expect(threads.allSatisfy { $0.readRoofBytesPerSecond == nil }, "roofs are those of the plan's threads")
    let slices = outcome.records.filter { $0.model.name.hasSuffix("(first 1 layer)") }
    #expect(slices.count == 6 && slices.allSatisfy { $0.model.parameters < outcome.records[0].model.parameters })
    #expect(try resume(directory.path).run().records == outcome.records, "all is there")
  }

  @Test func survivesASecondInterruption() throws {
    let directory = try interrupted(after: 3)
    let cancellation = Cancellation()
    cancellation.cancel()
    let outcome = try MeasureCampaign.resume(
      directory.path, toolVersion: "1", machine: Fixture.machine, cancellation: cancellation, instruments: .scripted
    ).run()
    #expect(outcome.isInterrupted)
    #expect(outcome.records.count == 3)
    #expect(try resume(directory.path).run().records.count == 3 * Fixture.runsPerRepetition)
  }

  @Test func leavesNothingBehindWithoutARun() throws {
    let cancellation = Cancellation()
    cancellation.cancel()
    let outcome = try begin(cancellation: cancellation).run()
    #expect(outcome.isInterrupted)
    #expect(outcome.directory == nil)
    #expect(place.entries.isEmpty)
  }

  @Test func refusesToGoOnWithSomethingElse() throws {
    let directory = try interrupted(after: 2)
    #expect(throws: CampaignError.self) { try resume(directory.path, toolVersion: "2") }
    var machine = Fixture.machine
    machine.fingerprint = "another"
    #expect(throws: CampaignError.self) { try resume(directory.path, machine: machine) }

    var stranger = try #require(try RunLog.read(directory.runs).records.first)
    stranger.configuration.threads = 7
    try RunWriter(directory.runs).append(stranger)
    #expect(throws: CampaignError.self) { try resume(directory.path) }
  }

  @Test(arguments: [
    ("\"schema\" : \"inferometer.plan\"", "\"schema\" : \"else\""),
    ("\"schema_version\" : 1", "\"schema_version\" : 2"),
    ("\"steps\" : 4", "\"steps\" : -4"), ("\"steps\" : 4", "\"steps\" : \"four\""), ("{", ""),
    ("\"budget_seconds\" : 60", "\"budget_seconds\" : -1"), ("\"threads\" : 1", "\"threads\" : 99999999"),
    ("\"seed\" : 1", "\"seeds\" : 1"),
    ("\"points\" : [", "\"points\" : [{\"context_tokens\":8,\"sequences\":1,\"layers\":0},"),
    ("\"points\" : [", "\"points\" : [{\"context_tokens\":8,\"sequences\":1,\"threads\":-1},"),
  ])
  func refusesAPlanThatCannotBe(text: String, replacement: String) throws {
    let directory = try interrupted(after: 1)
    let plan = try String(contentsOfFile: directory.path + "/plan.json", encoding: .utf8)
    #expect(plan.contains(text))
    try directory.write(plan.replacing(text, with: replacement, maxReplacements: 1), to: "plan.json")
    #expect(throws: RecordError.self) { try resume(directory.path) }
  }

  @Test func refusesADirectoryWithoutAPlan() {
    #expect(throws: RecordError.self) { try resume(place.path) }
    #expect(throws: RecordError.self) { try resume(place.path + "/nowhere") }
  }

  @Test func findsOutBeforeMeasuringThatNothingCanBeWritten() {
    chmod(place.path, 0o555)
    let failure = asOrdinaryUser { () -> String? in
      do {
        _ = try begin()
        return nil
      } catch { return "\(error)" }
    }
    #expect(failure?.contains("results cannot be written") == true)
  }

  @Test func refusesAModelThatIsNotThereBeforeMakingADirectory() {
    var request = Fixture.request
    request.model = ModelChoice(.file(path: place.path + "/none.gguf"))
    #expect(throws: (any Error).self) { try begin(request) }
    #expect(place.entries.isEmpty)
  }
}
