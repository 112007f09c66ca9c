import Foundation
import Machine
import Metering
import TestSupport
import Testing

@Suite struct MeterLogTests {
  private let tree = FakeTree()
  /// 2026-01-31T09:30:00Z.
  private static let morning = 1_769_851_800.0

  private func log(_ text: String) throws -> MeterLog {
    tree.write("/log.csv", text)
    return try MeterLog(tree.root + "/log.csv", timekeeper: ScriptedClock(), clockZero: Self.morning)
  }

  private func complaint(_ text: String) -> String {
    do {
      _ = try log(text)
      return ""
    } catch {
      return "\(error)".replacing(tree.root, with: "")
    }
  }

  @Test(arguments: [
    "time,watts\n2026-01-31T09:30:00Z,80\n2026-01-31T09:30:01.5Z,90\n",
    "timestamp;outlet;power_w\n2026-01-31T10:30:00+01:00;3;80\n2026-01-31T04:00:01.500-05:30;3;90\n",
    "# a remark\n\n1769851800,80\n1769851801.5,90\n",
    "\"time\",\"W\"\r\n\"2026-01-31 09:30:00Z\",\"80\"\r\n\"2026-01-31 09:30:01.5Z\",\"90\"\r\n",
    "2026-01-31T09:30:00Z\t80\n2026-01-31T09:30:01.5Z\t90\n2026-01-31T09:30:02Z\t8",
  ]) func readsTimesOfAnyZone(text: String) throws {
    let log = try log(text)
    #expect(log.samples == [(0.0, 80.0), (1.5, 90.0)].map { EnergySample(seconds: $0.0, value: .found($0.1)) })
    #expect(log.facts.refreshSeconds == 1.5)
  }

  @Test func knowsTheCalendar() throws {
    // A leap day, the last second of a year, a year that is no leap year although four divides it.
    for (text, seconds) in [
      ("2024-02-29T00:00:00Z", 1_709_164_800.0), ("1999-12-31T23:59:59Z", 946_684_799),
      ("2100-03-01T00:00:00Z", 4_107_542_400),
    ] {
      let log = try log("\(text),80\n\(text),80\n")
      #expect(log.samples[0].seconds == seconds - Self.morning)
    }
  }

  @Test(arguments: [
    ("time,watts\n2026-01-31T09:30:00,80\n", "/log.csv:2: \"2026-01-31T09:30:00\" is not a time with its zone"),
    ("time,watts\nyesterday,80\n", "/log.csv:2: \"yesterday\" is not a time"),
    ("time,watts\n2026-01-31T09:30:00Z,warm\n", "/log.csv:2: \"warm\" is not a power in watts"),
    ("time,watts\n2026-01-31T09:30:00Z\n", "/log.csv:2: \"2026-01-31T09:30:00Z\" has no time and watts"),
    ("1769851801,80\n1769851800,80\n", "/log.csv:2: goes back in time"),
    ("12,80\n", "/log.csv:1: 12 is not seconds since 1970"),
    ("2026-13-31T09:30:00Z,80\n", "/log.csv:1: \"2026-13-31T09:30:00Z\" is not a time"),
    ("", "/log.csv: has fewer than two readings"), ("time,watts\n", "/log.csv: has fewer than two readings"),
    ("Dear Sir or Madam\n", "/log.csv:1: \"Dear Sir or Madam\" has no time and watts"),
    (String(repeating: "x", count: 9000), "/log.csv:1: is longer than any reading"),
  ]) func saysWhatIsWrongAndWhere(text: String, expected: String) {
    #expect(complaint(text).hasPrefix(expected))
  }

  @Test func refusesWhatIsNoFile() {
    tree.makeDirectory("/folder")
    tree.makeQueue("/queue")
    for name in ["folder", "queue", "none"] {
      #expect(throws: MeterLogError.self) { try MeterLog("\(tree.root)/\(name)") }
    }
  }

  @Test func readsWhatIsAddedLater() throws {
    let log = try log("1769851800,80\n1769851801,82\n17698518")
    #expect(log.samples.count == 2)
    append("02,84\n1769851803,nan\n")
    log.poll()
    #expect(log.samples.map(\.seconds) == [0, 1, 2, 3])
    #expect(log.samples[2].value == .found(84))
    #expect(log.samples[3].value.reason?.contains("not plausible") == true)
  }

  @Test func marksWhatGoesWrongLaterAsAHole() throws {
    let log = try log("1769851800,80\n1769851801,82\n")
    append("the battery is empty\n")
    log.poll()
    #expect(log.samples.last?.value.reason?.contains("/log.csv:3: ") == true)
    tree.write("/log.csv", "1769851800,80\n")
    log.poll()
    #expect(log.samples.last?.value.reason?.contains("has become shorter") == true)
    tree.remove("/log.csv")
    log.poll()
    #expect(log.samples.last?.value.reason?.contains("no such file") == true)
  }

  @Test func keepsTheReadingBeforeAWindow() throws {
    let log = try log((0..<10).map { "\(1_769_851_800 + $0),80\n" }.joined())
    log.forget(before: 4.5)
    #expect(log.samples.first?.seconds == 4)
  }

  private func append(_ text: String) {
    guard let file = FileHandle(forWritingAtPath: tree.root + "/log.csv") else { return }
    file.seekToEndOfFile()
    file.write(Data(text.utf8))
  }
}
