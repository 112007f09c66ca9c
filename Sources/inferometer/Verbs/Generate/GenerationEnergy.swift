import Campaign
import Engine
import Machine
import Metering
import Records

/// The energy of one phase of a generation after the other.
final class GenerationEnergy {
  private let accountant: EnergyAccountant
  private let watch: ConditionsWatch
  private let engine: Engine
  private let model: ModelIdentity
  private var before: ConditionsSnapshot

  init(_ accountant: EnergyAccountant, on engine: Engine, model: ModelIdentity, processors: [Int]) {
    self.accountant = accountant
    self.engine = engine
    self.model = model
    watch = ConditionsWatch(processors: processors)
    before = watch.look()
  }

  func begin() {
    accountant.meter?.begin()
    before = watch.look()
  }

  /// What was spent since `begin` on the phase.
  func end(_ shape: RunShape) -> Result<RunEnergy, EnergyAbsence> {
    let conditions = ObservedConditions(from: before, to: watch.look(), threads: engine.pool.threads)
    let metered = accountant.meter.map { meter in Result { () throws(EnergyAbsence) in try meter.end() } }
    let run = PhaseRun(
      shape: shape, time: Timestamp.utc(), steps: [],
      costs: PhaseCosts(shape, on: engine, batch: engine.options.microBatch),
      conditions: conditions, energy: metered)
    return accountant.energy(of: run, model: model)
  }
}
