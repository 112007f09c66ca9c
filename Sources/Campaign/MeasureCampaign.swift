import Glibc
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
    package var isInterrupted: Bool
  }

  package var plan: MeasurePlan { journal.plan }
  package var directory: ResultsDirectory { journal.directory }

  /// Nil where this process makes all runs of the plan.
  package let part: MeasurePart?
  private let journal: MeasureJournal
  private let source: any TensorSource
  private let machine: MachineDescription
  private let instruments: Instruments
  private let cancellation: Cancellation
  private let energy: EnergyAccountant

  private init(
    _ journal: MeasureJournal, source: any TensorSource, machine: MachineDescription, energy: EnergyAccountant,
    part: MeasurePart? = nil, instruments: Instruments, cancellation: Cancellation
  ) {
    self.journal = journal
    self.source = source
    self.machine = machine
    self.energy = energy
    self.part = part
    self.instruments = instruments
    self.cancellation = cancellation
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
      model: request.model.identity(of: source), contextLength: source.description.contextLength,
      session: session(on: machine)
    ) { notes.append($0) }
    let energy = try EnergyAccountant(request.energy, machine: machine, instruments: instruments)
    let journal = MeasureJournal(
      plan, files: try MeasureFiles(new: plan, at: root, machine: machine, command: command), observer: observer)
    for warning in notes + energy.warnings { journal.note(warning) }
    return MeasureCampaign(
      journal, source: source, machine: machine, energy: energy, instruments: instruments, cancellation: cancellation)
  }

  /// Words that no other sitting has: when, where, and which process.
  private static func session(on machine: MachineDescription) -> String {
    var sum = SHA256()
    sum.update("\(Timestamp.utc()) \(machine.fingerprint) \(getpid()) \(UInt64.random(in: 0 ... .max))".utf8)
    return String(sum.hexadecimal().prefix(16))
  }

  /// Takes up an interrupted measurement where it stopped: same plan, same model, same machine, same version, or an error.
  /// With a part, this process is one of several that make the runs.
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
    return MeasureCampaign(
      MeasureJournal(plan, files: files, observer: observer), source: source, machine: machine,
      energy: try EnergyAccountant(plan.energy, machine: machine, instruments: instruments), part: part,
      instruments: instruments, cancellation: cancellation)
  }

  /// Measures until the plan or the budget is at its end, until a figure is known as well as was asked, or until asked to stop.
  package func run(aim: MeasureAim? = nil) throws -> Outcome {
    try outcome {
      do {
        let session = try MeasureSession(
          journal, source: source, machine: machine, energy: energy, part: part, aim: aim,
          instruments: instruments, cancellation: cancellation)
        try session.run()
      } catch is Interruption {
        return true
      }
      return false
    }
  }

  /// Has every process of the plan make its runs, one process after another, and gathers what they wrote. `start` begins
  /// one, waits for its end, and returns what a reader of the results has to know.
  package func run(processes: Int, start: (MeasurePart) throws -> [Warning]) throws -> Outcome {
    journal.letGoOfRuns()
    let watch = Stopwatch(instruments.timekeeper)
    // All before the last one that wrote a run had their time. That one goes on in a new process: each number stands for
    // runs that no other number shares a process with.
    let first = journal.records.compactMap(\.process).max() ?? 0
    return try outcome {
      let rounds = Rounds(
        rounds: first..<max(first, processes), cancellation: cancellation, timekeeper: instruments.timekeeper)
      _ = try rounds.run { _, process in
        let left = max(0, plan.budgetSeconds - journal.secondsSpent - watch.elapsed.value)
        let part = MeasurePart(process: process, seconds: left / Double(processes - process))
        for warning in try start(part) where !journal.warnings.contains(warning) { journal.note(warning) }
      }
      try journal.readRuns()
      return cancellation.isCancelled
    }
  }

  /// What there is when `measure` has ended, and whether it was interrupted. A process of several leaves an empty directory
  /// to the one that started it.
  private func outcome(of measure: () throws -> Bool) throws -> Outcome {
    defer { if part == nil { journal.removeIfEmpty() } }
    let isInterrupted = try measure()
    try journal.synchronize()
    return Outcome(
      directory: journal.records.isEmpty ? nil : directory, records: journal.records, warnings: journal.warnings,
      isInterrupted: isInterrupted)
  }
}

/// What one of the processes of a measurement does: its runs, and the time that they may take.
package struct MeasurePart: Sendable {
  package var process: Int
  package var seconds: Double

  package init(process: Int, seconds: Double) {
    self.process = process
    self.seconds = seconds
  }
}
