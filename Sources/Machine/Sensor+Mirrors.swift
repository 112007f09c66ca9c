import Glibc

/// One counter may be shown under several names: by each die of a socket that has one counter, or by each socket of a
/// virtual machine that runs on one. Their sum would be a multiple of the energy.
extension Sensor {
  /// Excludes each counter that shows what an earlier one of its kind shows.
  static func excludeMirrors(_ sensors: inout [Sensor], _ files: SystemFiles) {
    for kind in [Kind.perf, .powercap, .hwmon] {
      let counters = sensors.indices.filter {
        sensors[$0].kind == kind && sensors[$0].quantity == .energy && sensors[$0].isUsable
      }
      guard counters.count(where: { sensors[$0].domain == .package }) > 1,
        let readers = try? counters.map({ try sensors[$0].reader(files) })
      else { continue }
      let sweeps = CounterSweeps(of: readers, atMost: files.isRunningSystem ? CounterSweeps.most : CounterSweeps.count)
      var originals: [Int] = []
      var zones: [String: String] = [:]
      for domain in [Domain.package, .memory] {
        for place in counters.indices where sensors[counters[place]].domain == domain {
          let (zone, socket) = sensors[counters[place]].location(files)
          let original = originals.first { other in
            guard sensors[counters[other]].domain == domain else { return false }
            let (otherZone, otherSocket) = sensors[counters[other]].location(files)
            // Packages that are counted as one are one socket for their memory too.
            let isOneSocket = socket == otherSocket || zones[zone] == otherZone
            return sweeps.showOneCounter(other, place, ofOneSocket: isOneSocket, ofRunningSystem: files.isRunningSystem)
          }
          guard let original else {
            originals.append(place)
            continue
          }
          let name = sensors[counters[original]].name
          sensors[counters[place]].mirrors = name
          sensors[counters[place]].excluded = "it shows what \(name) shows: one counter, which is counted once"
          if domain == .package { zones[zone] = sensors[counters[original]].location(files).zone }
        }
      }
    }
  }

  /// What a package and its memory have in common, and what the dies of a socket have.
  private func location(_ files: SystemFiles) -> (zone: String, socket: String) {
    if let counter {
      let package = try? files.natural("/sys/devices/system/cpu/cpu\(counter.processor)/topology/physical_package_id")
      let zone = "cpu\(counter.processor)"
      return (zone, package.map { "package-\($0)" } ?? zone)
    }
    guard kind == .powercap, let zone = path?.split(separator: "/").dropLast().last else { return (name, name) }
    // intel-rapl:0:1 is a part of intel-rapl:0; package-0-die-1/dram belongs to package-0.
    let package = name.prefix { $0 != "/" }.split(separator: "-").prefix(2)
    return (zone.split(separator: ":").prefix(2).joined(separator: ":"), package.joined(separator: "-"))
  }
}

/// Counters that were read together again and again, for about as long as it takes them to change some ten times.
package struct CounterSweeps: Sendable {
  /// Each round reads all counters, in order, and then all again.
  package typealias Round = (first: [Double], again: [Double])
  private let rounds: [Round]
  static let count = 12
  /// For a busy computer on which the counters are slow to grow.
  static let most = 100
  private static let pauseMicroseconds: UInt32 = 1000
  /// The kernel rounds what it adds down to a microjoule.
  private static let rounding = 2e-6

  package init(rounds: [Round]) { self.rounds = rounds }

  package init(of readers: [@Sendable () throws -> Double], atMost most: Int) {
    var rounds: [Round] = []
    for round in 0..<most where round < Self.count || Set(rounds.map { $0.first[0] }).count < 3 {
      if round > 0 { usleep(Self.pauseMicroseconds) }
      // A round in which a counter could not be read tells nothing.
      if let one = try? (readers.map { try $0() }, readers.map { try $0() }) { rounds.append(one) }
    }
    self.rounds = rounds
  }

  /// Whether the second, which is read behind the first, shows the same counter.
  ///
  /// The dies of a socket do where they read the same or grow alike, which two counters of a microjoule each never do.
  /// Sockets do only where they read the same: on a running system, or while they grow. The readings of others may be
  /// those of a description, whose author gave all sockets one number.
  package func showOneCounter(
    _ first: Int, _ second: Int, ofOneSocket isOneSocket: Bool, ofRunningSystem isRunning: Bool = false
  ) -> Bool {
    // Where the first did not change in the round, the second was read at the same value of a common counter.
    let still = rounds.filter { $0.first[first] == $0.again[first] }
    let offsets = still.map { $0.first[second] - $0.first[first] }
    guard !offsets.isEmpty else { return false }
    let middle = offsets.sorted()[offsets.count / 2]
    guard offsets.count(where: { abs($0 - middle) <= Self.rounding }) * 2 > offsets.count else { return false }
    let readings = Set(still.map { $0.first[first] })
    let hasGrown = readings.count > 2
    if middle != 0 { return isOneSocket && hasGrown }
    return hasGrown || ((isOneSocket || isRunning) && readings != [0])
  }
}
