import Foundation
import Records
import TestSupport
import Testing

@Suite struct MachineHistoryTests {
  private func history(_ tree: FakeTree, fingerprint: String = "f00d") -> MachineHistory {
    MachineHistory(environment: { $0 == "XDG_STATE_HOME" ? tree.root + "/state" : nil }, fingerprint: fingerprint)
  }

  private func sitting(_ seconds: Double, machine: String = "f00d") -> Sitting {
    Sitting(
      toolVersion: "1", time: "2026-01-31T09:30:00Z", machineFingerprint: machine, setup: "a model", units: 8,
      seconds: ["output": seconds])
  }

  @Test func remembersAndForgets() throws {
    let tree = FakeTree()
    let history = history(tree)
    #expect(try history.sittings().isEmpty)
    try history.append([sitting(1)])
    try history.append([sitting(2), sitting(3)])
    #expect(try history.sittings().map(\.seconds) == [["output": 1], ["output": 2], ["output": 3]])
    #expect(try self.history(tree, fingerprint: "beef").sittings().isEmpty)
    #expect(try history.forget() == 3)
    #expect(try history.sittings().isEmpty && history.forget() == 0)
  }

  /// A line that was cut off, one of another machine and one with a time of nothing are no memories; the rest stays.
  @Test func leavesOutWhatCannotBe() throws {
    let tree = FakeTree()
    let history = history(tree)
    try history.append([sitting(1), sitting(2, machine: "beef"), sitting(0), sitting(3)])
    let path = try #require(history.path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try (text + #"{"schema":"inferometer.sit"#).write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try history.sittings().map(\.seconds) == [["output": 1], ["output": 3]])
    try history.append([sitting(4)])
    #expect(try history.sittings().count == 3)
  }

  @Test func forgetsTheOldestOfTooMany() throws {
    let tree = FakeTree()
    let history = history(tree)
    try history.append((1...2000).map { sitting(Double($0)) })
    try history.append([sitting(2001)])
    let seconds = try history.sittings().compactMap { $0.seconds["output"] }
    #expect(seconds.count == 1001 && seconds.first == 1001 && seconds.last == 2001)
  }

  @Test func withoutAPlaceThereIsNone() throws {
    let history = MachineHistory(environment: { _ in nil }, fingerprint: "f00d")
    #expect(history.path == nil)
    #expect(try history.sittings().isEmpty)
    #expect(throws: RecordError.self) { try history.append([sitting(1)]) }
  }
}
