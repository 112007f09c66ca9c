import Engine
import Machine
import Metering
import Quantities
import Records

/// What all records of a campaign share.
struct RecordMaker {
  let toolVersion: String
  let machine: MachineDescription
  let model: ModelIdentity
  let energy: EnergyBook
  /// A quick measurement is never canonical.
  var isQuick = false
  /// Nil where all runs are of one.
  var process: Int?

  func record(
    _ run: PhaseRun, settings: EngineSettings, engine: Engine, repetition: Int, roofs: [WindowRoofs] = []
  ) -> RunRecord {
    var operations: [String: OperationCount] = [:]
    for operation in run.costs.account.classes {
      let entry = run.costs.account[operation]
      operations[operation.rawValue] = OperationCount(
        flops: entry.flops, bytesRead: entry.bytesRead, bytesWritten: entry.bytesWritten)
    }
    // Sampling is the work of one thread, within the caches.
    let isSampling = run.shape.phase == .sampling
    let roofs = isSampling ? [] : roofs
    let verdict = Verdict.judge(
      run, threads: isSampling ? 1 : settings.threads, processors: machine.processors,
      readRoofs: roofs.map(\.readBytesPerSecond))
    var energy: RunEnergy?
    var absence: EnergyAbsence?
    do throws(EnergyAbsence) {
      energy = try self.energy.energy(of: run, model: model).get()
    } catch {
      absence = error
    }
    var record = RunRecord(
      toolVersion: toolVersion, time: run.time, machineFingerprint: machine.fingerprint, model: model,
      configuration: configuration(
        settings, engine: engine, kernels: run.costs.kernels.map(\.description).sorted()), shape: run.shape,
      repetition: repetition,
      sampler: isSampling ? StandardSampler.identity(vocabularySize: engine.description.vocabularySize) : nil,
      samples: run.steps.map { Timing(contextTokens: $0.contextTokens, wallSeconds: $0.wall) }, operations: operations,
      conditions: RunConditions(run.conditions),
      verdict: verdict.map(\.rawValue), canonical: settings.isStandard(on: machine) && verdict.isEmpty && !isQuick,
      readRoofBytesPerSecond: roofs.last?.readBytesPerSecond,
      flopRoofFlopsPerSecond: run.shape.phase == .prefill
        ? roofs.last?.flopsPerSecond(kernels: run.costs.kernels) : nil,
      energy: energy, energyAbsentCode: absence?.code.rawValue, energyAbsentReason: absence?.reason)
    record.process = process
    return record
  }

  /// The key that a run will have, to know whether it is there already.
  func key(_ shape: RunShape, settings: EngineSettings, engine: Engine, repetition: Int) -> RunKey {
    RunKey(
      machineFingerprint: machine.fingerprint, model: model,
      configuration: configuration(settings, engine: engine, kernels: []), shape: shape, repetition: repetition,
      process: process)
  }

  private func configuration(_ settings: EngineSettings, engine: Engine, kernels: [String]) -> RunConfiguration {
    let formats = engine.model.source.matrixFormats
    let origin = settings.tuning.flatMap { $0.tuning.formats.contains(where: formats.contains) ? $0.origin : nil }
    return RunConfiguration(
      threads: settings.threads, isa: engine.kernels.isa.rawValue, activations: settings.activations.rawValue,
      keyType: settings.keyFormat.rawValue, valueType: settings.valueFormat.rawValue, batch: settings.batch,
      microBatch: engine.options.microBatch, pinned: engine.pool.isPinned, kernels: kernels,
      manyTokens: engine.kernels.tuning.manyTokens(of: formats), tuning: (origin ?? .standard).rawValue,
      slowedShare: settings.slowdown?.share)
  }
}
