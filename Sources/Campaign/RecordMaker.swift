import KernelTiming
import Machine
import Metering
import Quantities
import Records

/// What all records of a campaign share.
struct RecordMaker {
  let toolVersion: String
  let machine: MachineDescription
  let energy: EnergyAccountant
  /// A quick measurement is never canonical.
  var isQuick = false
  /// The number of this process; nil where one process makes all runs.
  var process: Int?
  /// What tells its sitting from others.
  var session: String?

  /// `window` is that of a measurement; a bench has none.
  func record(
    _ run: PhaseRun, of runner: PhaseRunner, repetition: Int, window: Int? = nil, roofs: [WindowRoofs] = []
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
    let transient = Transient.length(of: run)
    let verdict = Verdict.judge(
      run, transient: transient, threads: isSampling ? 1 : runner.settings.threads, processors: machine.processors)
    var energy: RunEnergy?
    var absence: EnergyAbsence?
    do throws(EnergyAbsence) {
      energy = try self.energy.energy(of: run, model: runner.model).get()
    } catch {
      absence = error
    }
    var record = RunRecord(
      toolVersion: toolVersion, time: run.time, machineFingerprint: machine.fingerprint, model: runner.model,
      configuration: configuration(runner, kernels: run.costs.kernels.map(\.description).sorted()), shape: run.shape,
      repetition: repetition,
      sampler: isSampling
        ? StandardSampler.identity(vocabularySize: runner.engine.description.vocabularySize) : nil,
      samples: run.steps.map { Timing(contextTokens: $0.contextTokens, wallSeconds: $0.wall) }, operations: operations,
      conditions: RunConditions(run.conditions), verdict: verdict.map(\.rawValue),
      canonical: runner.settings.isStandard(on: machine) && verdict.isEmpty && !isQuick,
      readRoofBytesPerSecond: roofs.last?.readBytesPerSecond,
      flopRoofFlopsPerSecond: run.shape.phase == .prefill
        ? roofs.last?.flopsPerSecond(kernels: run.costs.kernels) : nil,
      energy: energy, energyAbsentCode: absence?.code.rawValue, energyAbsentReason: absence?.reason)
    record.process = process
    record.session = session
    record.window = window
    record.transientSamples = transient > 0 ? transient : nil
    return record
  }

  /// The key that a run will have, to know whether it is there already.
  func key(_ shape: RunShape, of runner: PhaseRunner, repetition: Int) -> RunKey {
    RunKey(
      machineFingerprint: machine.fingerprint, model: runner.model, configuration: configuration(runner, kernels: []),
      shape: shape, repetition: repetition, process: process)
  }

  private func configuration(_ runner: PhaseRunner, kernels: [String]) -> RunConfiguration {
    let (settings, engine) = (runner.settings, runner.engine)
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

extension RunConditions {
  /// What was observed during a run, as records keep it.
  init(_ observed: ObservedConditions) {
    self.init(absent: "not observed")
    stealShare = observed.stealShare
    othersShare = observed.othersShare
    processorShare = observed.processorShare
    processorPressureShare = observed.processorPressure
    memoryPressureShare = observed.memoryPressure
    throttledSeconds = observed.throttled
    clockBeforeHertz = observed.hertz.map(\.before)
    clockAfterHertz = observed.hertz.map(\.after)
    voluntarySwitches = .found(observed.usage.voluntarySwitches)
    involuntarySwitches = .found(observed.usage.involuntarySwitches)
    minorFaults = .found(observed.usage.minorFaults)
    majorFaults = .found(observed.usage.majorFaults)
  }
}
