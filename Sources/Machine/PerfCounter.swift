import CMachine
import Glibc

/// An event of a performance monitoring unit that counts energy on one processor's package.
package struct PerfCounter: Codable, Equatable, Sendable {
  package var type: Int
  package var configuration: Int
  package var processor: Int
  package var joulesPerCount: Double

  enum CodingKeys: String, CodingKey {
    case type, configuration, processor
    case joulesPerCount = "joules_per_count"
  }

  /// The event's file says `event=0x02`; beside it lie its scale and its unit.
  init(_ files: SystemFiles, event path: String, type: Int, processor: Int) throws {
    let text = try files.line(path)
    guard text.hasPrefix("event=0x"), let configuration = Int(text.dropFirst("event=0x".count), radix: 16) else {
      throw Absence(.malformed, "\(path): \"\(text)\" is not an event")
    }
    let unit = try files.line("\(path).unit")
    let scale = try files.line("\(path).scale")
    guard unit == "Joules", let joules = Double(scale), joules > 0, joules < 1 else {
      throw Absence(.malformed, "\(path): one count is \"\(scale)\" \(unit), which is not a share of a joule")
    }
    self.type = type
    self.configuration = configuration
    self.processor = processor
    joulesPerCount = joules
  }

  /// Begins to count: the count is zero at first.
  package func open() throws -> OpenPerfCounter { try OpenPerfCounter(self) }
}

/// A counter that the kernel keeps while this value lives.
package final class OpenPerfCounter: Sendable {
  private let descriptor: Int32
  private let joulesPerCount: Double

  fileprivate init(_ counter: PerfCounter) throws {
    let result = machine_open_counter(UInt32(counter.type), UInt64(counter.configuration), Int32(counter.processor))
    guard result >= 0 else {
      let name = "the power PMU's event \(counter.configuration)"
      throw [EACCES, EPERM].contains(-result)
        ? Absence(.forbidden, "\(name) may not be counted by this user")
        : Absence(.unreadable, "\(name) cannot be counted: \(String(cString: strerror(-result)))")
    }
    descriptor = result
    joulesPerCount = counter.joulesPerCount
  }

  deinit { close(descriptor) }

  /// Since it was opened.
  package func joules() throws -> Double {
    var count: UInt64 = 0
    guard read(descriptor, &count, 8) == 8 else {
      throw Absence(.unreadable, "a counter of the power PMU cannot be read: \(String(cString: strerror(errno)))")
    }
    return Double(count) * joulesPerCount
  }
}
