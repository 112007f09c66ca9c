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
      let log = try log("\(text),80\n\(text.replacing("Z", with: ".5Z")),80\n")
      #expect(log.samples[0].seconds == seconds - Self.morning)
    }
  }

  @Test(arguments: [
    ("time,watts\n2026-01-31T09:30:00,80\n", "/log.csv:2: \"2026-01-31T09:30:00\" is not a time with its zone"),
    ("time,watts\nyesterday,80\n", "/log.csv:2: \"yesterday\" is not a time"),
    ("time,watts\n2026-01-31T09:30:00Z,warm\n", "/log.csv:2: \"warm\" is not a power in watts"),
    ("time,watts\n2026-01-31T09:30:00Z\n", "/log.csv:2: \"2026-01-31T09:30:00Z\" has 1 cell instead of 2"),
    ("1769851801,80\n1769851800,80\n", "/log.csv:2: goes back in time"),
    ("12,80\n", "/log.csv:1: 12 is not seconds since 1970"),
    ("2026-13-31T09:30:00Z,80\n", "/log.csv:1: \"2026-13-31T09:30:00Z\" is not a time"),
    ("2026-02-29T09:30:00Z,80\n", "/log.csv:1: \"2026-02-29T09:30:00Z\" is not a time"),
    ("31.01.2026 09:30:00;80\n", "/log.csv:1: \"31.01.2026 09:30:00\" is not a time with its zone"),
    ("1769851800000,80\n", "/log.csv:1: 1769851800000 is not seconds since 1970"),
    ("0x697dcb78,80\n", "/log.csv:1: \"0x697dcb78\" is not a time"),
    ("1769851800,80\n1769851800,90\n", "/log.csv: has fewer than two readings"),
    ("", "/log.csv: has fewer than two readings"), ("time,watts\n", "/log.csv: has fewer than two readings"),
    ("Dear Sir or Madam\n", "/log.csv:1: \"Dear Sir or Madam\" has no time and watts"),
    (String(repeating: "x", count: 9000), "/log.csv:1: is longer than any reading"),
  ]) func saysWhatIsWrongAndWhere(text: String, expected: String) {
    #expect(complaint(text).hasPrefix(expected))
  }

  /// One reading in the form of its file, and the watts in it.
  @Test(
    arguments: [
      ("timestamp,power", "T,\"85,2\"", 85.2), ("timestamp;power", "T;85,2", 85.2), ("timestamp;power", "T;9,8", 9.8),
      ("timestamp\tpower", "T\t9,8", 9.8), ("timestamp;power", "\"T\" ; \"9,8\" ", 9.8), ("", "T;9,8", 9.8),
      ("timestamp,power", "T,\"1,234.5\"", 1234.5), ("timestamp;power", "T;1.234,5", 1234.5),
      ("timestamp;power", "T;12.345.678", 12_345_678), ("timestamp,power", "T,1.234", 1.234),
      ("timestamp;power", "T;0,850", 0.85), ("timestamp;power", "T;1234,567", 1234.567),
      ("timestamp,power", "T,8.52e1", 85.2), ("timestamp,power", "T,+85.2", 85.2),
      ("timestamp,power", "T,85.2 W", 85.2), ("timestamp,power", "T,85.2W", 85.2),
      ("timestamp,power", "T,0.0852 kW", 85.2),
      ("timestamp,power", "T,85200 mW", 85.2), ("timestamp,power", "T,\"85,2 watts\"", 85.2),
      ("timestamp,power (W)", "T,85.2", 85.2), ("unix_seconds,Watts (W)", "T,85.2", 85.2),
      ("Timestamp,Power [kW]", "T,0.0852", 85.2),
      ("time,power_mW", "T,85200", 85.2),
      ("time;Active Power (kW)", "T;0,0852", 85.2), ("timestamp (UTC),watts", "T,85.2", 85.2),
      ("time,kW", "T,.0852e0 kW", nil),
      ("\u{FEFF}timestamp,power", "T,85.2", 85.2), ("\u{FEFF}", "T,85.2", 85.2),
      ("note,timestamp,watts", "\"on, \"\"off\"\"\",T,85.2", 85.2),
      ("time,volts,watts,power factor", "T,230,85.2,0.9", 85.2),
      ("timestamp,apparent power (VA),power (W)", "T,99,85.2", 85.2),
    ] as [(String, String, Double?)])
  func readsACellWholeOrNotAtAll(title: String, row: String, watts: Double?) throws {
    for end in ["\n", "\r\n"] {
      let rows = ["2026-01-31T09:30:00Z", "1769851801"].map { row.replacing("T", with: $0) + end }
      let text = (title.isEmpty ? "" : title == "\u{FEFF}" ? title : title + end) + rows.joined()
      guard let watts else {
        #expect(complaint(text).hasPrefix("/log.csv:2: "))
        continue
      }
      #expect(try log(text).samples.map(\.value.value) == [watts <= 1e5 ? watts : nil, watts <= 1e5 ? watts : nil])
    }
  }

  @Test(arguments: [
    ("timestamp,power", "T,85,2", "has 3 cells instead of 2"), ("", "T,85,2", "has 3 cells instead of 2"),
    ("", "T;85,2;", "has 3 cells instead of 2"), ("timestamp,power,note", "T,85.2", "has 2 cells instead of 3"),
    ("timestamp,power", "T;85.2", "has 1 cell instead of 2"),
    ("timestamp,power", "T,\"85,2", "has a quote that does not end"),
    ("timestamp,power", "T,\"85\"2", "has text behind a closing quote"), ("timestamp,power", "T,8\"5", "is in \"\"5\""),
    ("timestamp,power", "T,\"1,234\"", "may have decimals or thousands behind its comma"),
    ("timestamp;power", "T;1,234", "may have decimals or thousands behind its comma"),
    ("timestamp;power", "T;1,234,56", "is not a number"), ("timestamp;power", "T;1.23,4", "is not a number"),
    ("timestamp;power", "T;85,", "is not a number"), ("timestamp,power", "T,85.", "is not a number"),
    ("timestamp,power", "T,", "is not a number"), ("timestamp,power", "T,-", "is not a number"),
    ("timestamp,power", "T,0x55", "is in \"x55\""),
    ("timestamp,power", "T,85.2 VA", "is in \"VA\", not in W, kW or mW"),
    ("timestamp,power", "T,85.2 W?", "is in \"W?\""), ("timestamp,power", "T,8 5.2", "is in \"5.2\""),
    ("timestamp,power", "T,85 mw", "is in \"mw\""), ("timestamp,power", "T,85e", "is in \"e\""),
    ("timestamp,power (kW)", "T,85 W", "has another unit than its title"),
    ("timestamp,power", "T,1e99999999999999999999", "is too large or too small"),
  ]) func refusesACellThatIsNotReadWhole(title: String, row: String, expected: String) {
    let rows = ["2026-01-31T09:30:00Z", "1769851801"].map { row.replacing("T", with: $0) + "\n" }
    let said = complaint((title.isEmpty ? "" : title + "\n") + rows.joined())
    #expect(said.hasPrefix("/log.csv:\(title.isEmpty ? 1 : 2): ") && said.contains(expected), "\(said)")
  }

  @Test(arguments: [
    ("timestamp,power (VA)", "\"timestamp,power (VA)\" has no column in watts; title a column timestamp and one watts"),
    ("timestamp,energy (Wh)", "has no column in watts"), ("timestamp,power_mw", "has no column in watts"),
    ("zeit;leistung", "has no time and watts"), ("when,power (W)", "has no time"), ("time (ms),watts", "has no time"),
    ("date,time,watts", "has several columns of times; keep one"),
    ("time,power (W),active power (W)", "has several columns of power; keep one"),
    ("time\r,watts", "has control characters in it"),
    ("t\0i\0m\0e\0", "has control characters in it; save the log as text in UTF-8"),
  ]) func namesWhatIsWrongWithTitles(title: String, expected: String) {
    let said = complaint(title + "\n1769851800,80\n1769851801,80\n")
    #expect(said.hasPrefix("/log.csv:1: ") && said.contains(expected), "\(said)")
  }

  /// Once a number has shown which sign stands before the decimals, all are read by it.
  @Test func aFileHasOneSignBeforeItsDecimals() throws {
    let german = try log("1769851800;987,6\n1769851801;1.234\n1769851802;1,234\n")
    #expect(german.samples.map(\.value.value) == [987.6, 1234, 1.234])
    let english = try log("1769851800;987.6\n1769851801;1,234\n1769851802;1.234\n")
    #expect(english.samples.map(\.value.value) == [987.6, 1234, 1.234])
    #expect(
      complaint("1769851800;1.234\n1769851801;987,6\n").contains("log.csv:2: \"987,6\" is not a power in watts: it has")
    )
  }

  @Test func aLineThatIsStillBeingWrittenWaits() throws {
    let log = try log("timestamp;power\n1769851800;85,2\n1769851801;85,2\n1769851802;8")
    append("5,")
    log.poll()
    #expect(log.samples.count == 2)
    append("2\r\n")
    log.poll()
    #expect(log.samples.map(\.value.value) == [85.2, 85.2, 85.2])
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
