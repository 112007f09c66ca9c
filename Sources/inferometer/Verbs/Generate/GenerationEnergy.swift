import Campaign
import Engine
import Machine
import Metering
import Records

/// The energy of one phase of a generation after the other.
final class GenerationEnergy {
  private let book: EnergyBook
  private let watch: ConditionsWatch
  private let engine: Engine
  private let model: ModelIdentity
  private var before: ConditionsSnapshot

  init(_ book: EnergyBook, on engine: Engine, model: ModelIdentity, processors: [Int]) {
    self.book = book
    self.engine = engine
    self.model = model
    watch = ConditionsWatch(processors: processors)
    before = watch.look()
  }

  func begin() {
    book.meter?.begin()
    before = watch.look()
  }

  /// What was spent since `begin` on the phase.
  func end(_ shape: RunShape) -> Result<RunEnergy, EnergyAbsence> {
    let conditions = ObservedConditions(from: before, to: watch.look(), threads: engine.pool.threads)
    let metered = book.meter.map { meter in Result { () throws(EnergyAbsence) in try meter.end() } }
    let run = PhaseRun(
      shape: shape, time: Timestamp.utc(), steps: [],
      costs: PhaseCosts(shape, on: engine, batch: engine.options.microBatch),
      conditions: conditions, energy: metered)
    return book.energy(of: run, model: model)
  }
}
