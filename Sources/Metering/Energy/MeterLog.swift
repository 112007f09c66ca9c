import Glibc
import Machine
import Synchronization

/// A wall meter's log: lines of a time and watts, to which another program may still be adding.
package final class MeterLog: EnergySource {
  package let facts: EnergyFacts
  private let path: String
  /// The time of day where the timekeeper's clock is zero.
  private let clockZero: Double
  private let state: Mutex<State>

  private struct State {
    var samples: [EnergySample] = []
    var reader: MeterLogReader
    var offset = 0
    /// Bytes of a line that is not finished.
    var rest: [UInt8] = []
  }

  /// Reads what is there. A log that holds anything but times and watts is refused.
  package init(_ path: String, timekeeper: any Timekeeper = SystemTimekeeper(), clockZero: Double? = nil) throws {
    self.path = path
    self.clockZero = clockZero ?? Clock.unixSeconds() - Double(timekeeper.nanoseconds()) / 1e9
    var state = State(reader: MeterLogReader(path: path))
    try Self.read(&state, path, self.clockZero)
    // Some meters write seconds without decimals, whatever their pace: several readings have one time then.
    let spacings = zip(state.samples, state.samples.dropFirst()).map { $1.seconds - $0.seconds }.filter { $0 > 0 }
      .sorted()
    guard !spacings.isEmpty else { throw MeterLogError(path, nil, "has fewer than two readings of different times") }
    // Accepted analysers are good for 1 to 2 %.
    facts = EnergyFacts(
      name: "meter log \(path)", quantity: .power, limitWatts: Sensor.plausibleWatts.upperBound / 3,
      refreshSeconds: spacings[spacings.count / 2], relativeUncertainty: 0.02)
    self.state = Mutex(state)
  }

  package func poll() {
    state.withLock { state in
      do {
        try Self.read(&state, path, clockZero)
      } catch {
        // What was good before stays; from here on there is a hole.
        let last = state.samples.last?.seconds ?? 0
        state.samples.append(EnergySample(seconds: last, value: .absent("\(error)")))
      }
    }
  }

  package var samples: [EnergySample] { state.withLock { $0.samples } }

  package func forget(before seconds: Double) {
    state.withLock { state in
      let needed = state.samples.lastIndex { $0.seconds <= seconds } ?? 0
      state.samples.removeFirst(needed)
    }
  }

  private static let longestLine = 4096
  private static let chunk = 1 << 16

  private static func read(_ state: inout State, _ path: String, _ clockZero: Double) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw MeterLogError(path, nil, String(cString: strerror(errno)).lowercased()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw MeterLogError(path, nil, "is not a file")
    }
    guard Int(status.st_size) >= state.offset else { throw MeterLogError(path, nil, "has become shorter") }
    var part = [UInt8](repeating: 0, count: chunk)
    while true {
      let count = pread(descriptor, &part, chunk, off_t(state.offset))
      guard count >= 0 else { throw MeterLogError(path, nil, String(cString: strerror(errno)).lowercased()) }
      if count == 0 { return }
      state.offset += count
      state.rest += part[..<count]
      var start = 0
      defer { state.rest.removeFirst(start) }
      while let end = state.rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: state.rest[start..<end], as: UTF8.self)
        start = end + 1
        if let row = try state.reader.row(line) {
          state.samples.append(EnergySample(seconds: row.time - clockZero, value: row.watts))
        }
      }
      guard state.rest.count - start <= longestLine else {
        throw MeterLogError(path, state.reader.line + 1, "is longer than any reading")
      }
    }
  }
}

/// What is wrong with a meter's log, with its line.
package struct MeterLogError: Error, CustomStringConvertible, Equatable {
  package let description: String

  init(_ path: String, _ line: Int?, _ reason: String) {
    description = line.map { "\(path):\($0): \(reason)" } ?? "\(path): \(reason)"
  }
}
