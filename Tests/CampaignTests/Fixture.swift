import Campaign
import Engine
import Foundation
import KernelTiming
import Machine
import Metering
import Records
import TestSupport

/// The small llama file of the fixtures, run by one thread that is bound to no processor.
enum Fixture {
  static let machine = MachineDescription.read()
  static let choice = ModelChoice(.file(path: Fixtures.model("llama")))

  static var settings: EngineSettings { EngineSettings(threads: 1, batch: 16, microBatch: 8, pin: false) }

  static var energy: EnergyAccountant {
    get throws { try EnergyAccountant(EnergyOptions(), machine: machine, instruments: .scripted) }
  }

  static func workbench() throws -> Workbench { try Workbench(choice, settings: settings, machine: machine) }

  static func runner(
    contextLength: Int = 64, sequences: Int = 1, meter: EnergyMeter? = nil, timekeeper: any Timekeeper = TickingClock()
  ) throws -> PhaseRunner {
    try Runners(try workbench(), meter: meter, timekeeper: timekeeper).runner(
      for: EngineNeeds(settings, sequences: sequences, contextLength: contextLength))
  }

  /// A measurement of three contexts and two sequences, three times each.
  static var request: MeasureRequest {
    var request = MeasureRequest(model: choice, settings: settings)
    request.contexts = [0, 8, 24]
    request.sequences = [2]
    request.steps = 4
    request.repetitions = 3
    request.mostRepetitions = 3
    return request
  }

  /// Runs of that measurement: two contexts with prefill and decode, the empty one and the batch with decode alone, and
  /// sampling.
  static let runsPerRepetition = 7
}

extension Instruments {
  /// Ticks instead of the system's clock, and roofs that nobody measured.
  static var scripted: Instruments {
    Instruments(
      timekeeper: TickingClock(),
      roofs: { _, peaks, _ in
        let rates = peaks.map { ($0.identity, 1e12) }
        return .found(
          WindowRoofs(
            readBytesPerSecond: 10e9,
            flopsPerSecond: Dictionary(rates, uniquingKeysWith: { a, _ in a })))
      }
    ) { choice, _ in
      throw Absence(.missing, "\(choice.sensors.map(\.name)): not in a test")
    }
  }
}

/// A directory that goes away with the value.
final class TemporaryDirectory {
  let path: String

  init() {
    var template = Array("/tmp/campaign-tests-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    chmod(path, 0o755)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var entries: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? [] }
}

/// Collects what a campaign says while it runs.
final class Log {
  var events: [CampaignEvent] = []
  var records: [RunRecord] { events.compactMap { if case .finished(let record) = $0 { record } else { nil } } }
  var progress: [CampaignEvent.Progress] {
    events.compactMap { if case .running(let progress) = $0 { progress } else { nil } }
  }
}
