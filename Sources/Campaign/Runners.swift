import Engine
import Metering
import Records

/// What an engine is needed for. Runs with the same needs share one, and the contexts that it holds.
package struct EngineNeeds: Sendable, Hashable {
  package var settings: EngineSettings
  /// How many of the first layers of the model; nil for all that were loaded.
  package var layers: Int?
  package var sequences: Int
  /// Tokens that each sequence has room for.
  package var contextLength: Int

  package init(_ settings: EngineSettings, layers: Int? = nil, sequences: Int = 1, contextLength: Int) {
    self.settings = settings
    self.layers = layers
    self.sequences = sequences
    self.contextLength = contextLength
  }
}

/// Runners of one model, one for each engine that is needed.
package final class Runners {
  private let workbench: Workbench
  private let seed: UInt64
  private let meter: EnergyMeter?
  private let cancellation: Cancellation
  private let timekeeper: any Timekeeper
  private var slices: [Int: Workbench] = [:]
  private var runners: [EngineNeeds: PhaseRunner] = [:]

  /// The seed is that of the tokens.
  package init(
    _ workbench: Workbench, seed: UInt64 = 1, meter: EnergyMeter? = nil, cancellation: Cancellation = Cancellation(),
    timekeeper: any Timekeeper = SystemTimekeeper()
  ) {
    self.workbench = workbench
    self.seed = seed
    self.meter = meter
    self.cancellation = cancellation
    self.timekeeper = timekeeper
  }

  package func runner(for needs: EngineNeeds) throws -> PhaseRunner {
    if let runner = runners[needs] { return runner }
    let workbench = try needs.layers.map { try slice($0, needs.settings) } ?? workbench
    let runner = PhaseRunner(
      try workbench.engine(needs.settings, contextLength: needs.contextLength, sequences: needs.sequences),
      settings: needs.settings, model: workbench.identity, seed: seed, cancellation: cancellation,
      processors: workbench.machine.processorList, timekeeper: timekeeper, meter: meter)
    runners[needs] = runner
    return runner
  }

  /// Gives back the memory of all engines but one, before the next one takes its own.
  func keepOnly(_ needs: EngineNeeds) { runners = runners.filter { $0.key == needs } }

  private func slice(_ layers: Int, _ settings: EngineSettings) throws -> Workbench {
    if let slice = slices[layers] { return slice }
    let slice = try Workbench(
      ModelChoice(workbench.choice.origin, layers: layers, isSlice: workbench.choice.isSlice), settings: settings,
      machine: workbench.machine)
    slices[layers] = slice
    return slice
  }
}
