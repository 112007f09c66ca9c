import Dispatch
import Glibc
import Machine
import Quantities

/// The energy of one window.
package struct MeteredEnergy: Equatable, Sendable {
  package var joules: Joules
  /// Half the width of a 95 % interval: the sensors' calibration, and how finely their values change.
  package var halfWidthJoules: Joules
  package var window: Seconds
  package var samples: Int
}

/// Watches one set of sources over windows that do not overlap.
package final class EnergyMeter {
  package let method: SensorChoice.Method
  package let tier: String
  package let boundary: SensorChoice.Boundary
  package let sources: [any EnergySource]
  private let timekeeper: any Timekeeper
  private let pollSeconds: Double?
  /// How long a log is waited for that another program writes.
  private let patienceSeconds: Double
  private var start = 0.0
  private var timer: (any DispatchSourceTimer)?

  package init(
    _ method: SensorChoice.Method, tier: String, boundary: SensorChoice.Boundary, sources: [any EnergySource],
    timekeeper: any Timekeeper = SystemTimekeeper(), pollSeconds: Double? = nil, patienceSeconds: Double = 0
  ) {
    self.method = method
    self.tier = tier
    self.boundary = boundary
    self.sources = sources
    self.timekeeper = timekeeper
    self.pollSeconds = pollSeconds
    self.patienceSeconds = patienceSeconds
  }

  /// Opens the sensors of a choice. One that cannot be opened throws its `Absence`.
  package convenience init(
    _ choice: SensorChoice, vendor: String, root: String = "/", timekeeper: any Timekeeper = SystemTimekeeper()
  ) throws {
    let files = SystemFiles(root: root)
    let sources = try choice.sensors.map {
      PolledSource(EnergyFacts($0, vendor: vendor), timekeeper: timekeeper, read: try $0.reader(files))
    }
    let hasPower = choice.sensors.contains { $0.quantity == .power }
    // A counter has to be read before it can wrap twice, power often enough to be integrated.
    self.init(
      choice.method, tier: choice.tier, boundary: choice.boundary, sources: sources, timekeeper: timekeeper,
      pollSeconds: hasPower ? 0.05 : 10)
  }

  /// A wall meter, for whose log it waits at the end of each window.
  package convenience init(log: MeterLog, timekeeper: any Timekeeper = SystemTimekeeper()) {
    self.init(
      .wall, tier: "A", boundary: .wall, sources: [log], timekeeper: timekeeper,
      patienceSeconds: 3 * log.facts.refreshSeconds + 1)
  }

  deinit { timer?.cancel() }

  private var now: Double { Double(timekeeper.nanoseconds()) / 1e9 }

  package func begin() {
    timer?.cancel()
    for source in sources { source.forget(before: now) }
    for source in sources { source.poll() }
    timer = pollSeconds.map { seconds in
      let timer = DispatchSource.makeTimerSource()
      timer.schedule(deadline: .now() + seconds, repeating: seconds)
      timer.setEventHandler { [sources] in for source in sources { source.poll() } }
      timer.resume()
      return timer
    }
    start = now
  }

  /// The energy since `begin`.
  package func end() throws(EnergyAbsence) -> MeteredEnergy {
    let end = now
    timer?.cancel()
    timer = nil
    let isLongEnough = sources.allSatisfy { end - start >= 2 * $0.facts.refreshSeconds }
    for source in sources { source.poll() }
    if isLongEnough { waitForLogs(until: end) }
    var energy = MeteredEnergy(joules: 0, halfWidthJoules: 0, window: Seconds(end - start), samples: 0)
    var edges = 0.0
    var calibration = 0.0
    for source in sources {
      let facts = source.facts
      let samples = source.samples
      let joules = try EnergyIntegral.joules(samples, from: start, to: end, facts)
      energy.joules += Joules(joules)
      // The two that bound the window count too.
      energy.samples += 2 + samples.count { $0.seconds > start && $0.seconds < end }
      // Sensors of a kind err alike, so that their errors add; the moments at which they change are their own.
      calibration += joules * facts.relativeUncertainty
      edges = hypot(edges, joules * facts.refreshSeconds / (end - start))
    }
    energy.halfWidthJoules = Joules(hypot(calibration, edges))
    return energy
  }

  private func waitForLogs(until end: Double) {
    var waited = 0.0
    while waited < patienceSeconds, sources.contains(where: { ($0.samples.last?.seconds ?? 0) < end }) {
      usleep(100_000)
      waited += 0.1
      for source in sources { source.poll() }
    }
  }
}
