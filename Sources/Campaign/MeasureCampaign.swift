import KernelTiming
import Machine
import Metering
import Model
import Records
import Statistics

/// A measurement of one model: a ladder of contexts and batches, repeated within a budget of seconds, every run written
/// down as it finishes.
package final class MeasureCampaign {
  package struct Outcome: Sendable {
    /// Nil where no run was finished: nothing was left behind then.
    package var directory: ResultsDirectory?
    /// All runs of the directory, those of an earlier session before those of this one.
    package var records: [RunRecord]
    package var warnings: [Warning]
    /// Before the first run, between runs, after the last one.
    package var roofs: [WindowRoofs]
    package var isInterrupted: Bool
  }

  package internal(set) var plan: MeasurePlan
  package var directory: ResultsDirectory { files.directory }

  private(set) var files: MeasureFiles
  /// Nil where this process makes all runs of the plan.
  package let part: MeasurePart?
  let source: any TensorSource
  let machine: MachineDescription
  let instruments: Instruments
  let cancellation: Cancellation
  let energy: EnergyBook
  private let observer: CampaignObserver
  private(set) var warnings: [Warning] = []

  private init(
    _ plan: MeasurePlan, files: MeasureFiles, source: any TensorSource, machine: MachineDescription,
    energy: EnergyBook, part: MeasurePart? = nil, instruments: Instruments, cancellation: Cancellation,
    observer: @escaping CampaignObserver
  ) {
    self.part = part
    self.plan = plan
    self.files = files
    self.source = source
    self.machine = machine
    self.energy = energy
    self.instruments = instruments
    self.cancellation = cancellation
    self.observer = observer
  }

  /// Checks the model and the request, and makes a results directory below `root`. Nothing is loaded or measured yet.
  package static func begin(
    _ request: MeasureRequest, results root: String, command: [String], toolVersion: String,
    machine: MachineDescription, cancellation: Cancellation = Cancellation(),
    instruments: Instruments = .system, observer: @escaping CampaignObserver = { _ in }
  ) throws -> MeasureCampaign {
    try request.check()
    let source = try request.model.open()
    var notes: [Warning] = []
    let plan = try MeasurePlan(
      request, toolVersion: toolVersion, machineFingerprint: machine.fingerprint,
      model: request.model.identity(of: source), contextLength: source.description.contextLength
    ) { notes.append($0) }
    let energy = try EnergyBook(request.energy, machine: machine, instruments: instruments)
    let files = try MeasureFiles(new: plan, at: root, machine: machine, command: command)
    let campaign = MeasureCampaign(
      plan, files: files, source: source, machine: machine, energy: energy, instruments: instruments,
      cancellation: cancellation, observer: observer)
    for warning in notes + energy.warnings { campaign.note(warning) }
    return campaign
  }

  /// Takes up an interrupted measurement where it stopped: same plan, same model, same machine, same version, or an error.
  /// With a part this is one of the processes that make the runs.
  package static func resume(
    _ path: String, part: MeasurePart? = nil, toolVersion: String, machine: MachineDescription,
    cancellation: Cancellation = Cancellation(),
    instruments: Instruments = .system, observer: @escaping CampaignObserver = { _ in }
  ) throws -> MeasureCampaign {
    let plan = try MeasureFiles.plan(in: path)
    func refuse(_ reason: String) -> CampaignError {
      CampaignError(.data, "\(path.printable): \(reason); measure anew into another directory")
    }
    guard plan.toolVersion == toolVersion else {
      throw refuse("was begun by version \(plan.toolVersion.printable), and this is \(toolVersion)")
    }
    guard plan.machineFingerprint == machine.fingerprint else { throw refuse("was begun on another machine") }
    let source = try plan.choice.open()
    guard plan.choice.identity(of: source) == plan.model else {
      throw refuse("\(source.origin.printable) is no longer the model with which it was begun")
    }
    let files = try MeasureFiles(existing: path)
    for (index, record) in files.earlier.enumerated() where !plan.covers(record) {
      throw refuse("run \(index + 1) of runs.jsonl was made with another model or other settings than plan.json says")
    }
    let energy = try EnergyBook(plan.energy, machine: machine, instruments: instruments)
    return MeasureCampaign(
      plan, files: files, source: source, machine: machine, energy: energy, part: part, instruments: instruments,
      cancellation: cancellation, observer: observer)
  }

  /// Measures until the plan or the budget is at its end, or until asked to stop.
  package func run() throws -> Outcome {
    var session: MeasureSession?
    var isInterrupted = false
    do {
      let begun = try MeasureSession(self)
      session = begun
      try begun.run()
    } catch is Interruption {
      isInterrupted = true
    } catch {
      if session?.records.isEmpty != false { removeIfEmpty(files.earlier) }
      throw error
    }
    try files.synchronize()
    let records = files.earlier + (session?.records ?? [])
    removeIfEmpty(records)
    return Outcome(
      directory: records.isEmpty ? nil : files.directory, records: records, warnings: warnings,
      roofs: session?.roofs ?? [], isInterrupted: isInterrupted)
  }

  /// Nothing stays of a measurement without a run; a process leaves that to the one that started it.
  func removeIfEmpty(_ records: [RunRecord]) {
    if records.isEmpty && part == nil { files.remove() }
  }

  func letGoOfRuns() { files.letGo() }

  func note(_ warning: Warning) {
    warnings.append(warning)
    observer(.noted(warning))
  }

  func report(_ event: CampaignEvent) { observer(event) }

  /// Leaves points out of the plan from here on; what was measured of them stays.
  func drop(_ points: [MeasurePoint], because reason: String) throws {
    guard !points.isEmpty else { return }
    plan.points.removeAll(where: points.contains)
    try files.save(plan)
    let names = points.map(\.name).joined(separator: ", ")
    note(Warning(code: "dropped-points", message: "\(names): left out, because \(reason)"))
  }
}

extension MeasurePlan {
  /// Whether a run can be one of this plan's.
  func covers(_ record: RunRecord) -> Bool {
    record.machineFingerprint == machineFingerprint && record.model == model
      && record.configuration.threads == settings.threads && record.configuration.batch == settings.batch
      && record.configuration.microBatch == min(settings.microBatch, settings.batch)
      && record.configuration.keyType == settings.keyFormat.rawValue
      && record.configuration.valueType == settings.valueFormat.rawValue
      && record.configuration.activations == settings.activations.rawValue
      && (settings.isaCap == nil || record.configuration.isa == settings.isaCap?.rawValue)
      && (record.phase != .decode || record.generatedTokens == steps)
  }
}
