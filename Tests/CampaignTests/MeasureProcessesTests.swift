import Campaign
import Foundation
import Metering
import Records
import TestSupport
import Testing

/// A measurement by several processes, each of which is a campaign of its own here.
@Suite struct MeasureProcessesTests {
  private let place = TemporaryDirectory()

  private func begin() throws -> MeasureCampaign {
    var request = Fixture.request
    request.processes = 3
    return try .begin(
      request, results: place.path, command: ["inferometer"], toolVersion: "1", machine: Fixture.machine,
      instruments: .scripted)
  }

  /// Makes the parts; after the given number of runs of one of them all is interrupted.
  private func run(
    _ campaign: MeasureCampaign, cancellation: Cancellation = Cancellation(), stop: (process: Int, runs: Int)? = nil
  ) throws -> (outcome: MeasureCampaign.Outcome, parts: [Int]) {
    var parts: [Int] = []
    let outcome = try campaign.run(processes: 3) { part in
      parts.append(part.process)
      let log = Log()
      let child = try MeasureCampaign.resume(
        campaign.directory.path, part: part, toolVersion: "1", machine: Fixture.machine, cancellation: cancellation,
        instruments: .scripted
      ) { event in
        log.events.append(event)
        if let stop, part.process == stop.process, log.records.count == stop.runs { cancellation.cancel() }
      }
      return try child.run().warnings
    }
    return (outcome, parts)
  }

  /// Three repetitions shared by three processes are two each, so that a process can be told from its repetitions.
  @Test func everyProcessMakesEveryRun() throws {
    let campaign = try begin()
    #expect(campaign.plan.repetitions == 2 && campaign.plan.mostRepetitions == 2)
    let (outcome, parts) = try run(campaign)
    #expect(parts == [0, 1, 2] && !outcome.isInterrupted)
    #expect(outcome.records.map { $0.process ?? -1 } == [0, 1, 2].flatMap { Array(repeating: $0, count: 14) })
    #expect(Set(outcome.records.map(\.key)).count == 3 * 14)
    let written = try RunLog.read(try #require(outcome.directory).runs).records
    #expect(written == outcome.records)
    // Each begins another way.
    let firsts = [0, 1, 2].map { process in written.first { $0.process == process && $0.phase != .sampling }?.shape }
    #expect(Set(firsts).count == 3)
  }

  @Test(arguments: [(0, 5), (1, 1), (2, 9)]) func goesOnAfterAnInterruption(process: Int, runs: Int) throws {
    let cancellation = Cancellation()
    let campaign = try MeasureCampaign.begin(
      {
        var request = Fixture.request; request.processes = 3; return request
      }(), results: place.path, command: [],
      toolVersion: "1", machine: Fixture.machine, cancellation: cancellation, instruments: .scripted)
    let (first, _) = try run(campaign, cancellation: cancellation, stop: (process, runs))
    #expect(first.isInterrupted && first.records.count == process * 14 + runs)
    let again = try MeasureCampaign.resume(
      campaign.directory.path, toolVersion: "1", machine: Fixture.machine, instruments: .scripted)
    let (second, parts) = try run(again)
    #expect(parts == Array(process...2), "what had its time is not begun again")
    #expect(second.records.count == 3 * 14 && Set(second.records.map(\.key)).count == 3 * 14)
    #expect(Array(second.records.prefix(first.records.count)) == first.records)
  }

  @Test func leavesNothingBehindWithoutARun() throws {
    struct Broken: Error {}
    let campaign = try begin()
    #expect(throws: Broken.self) { try campaign.run(processes: 3) { _ in throw Broken() } }
    #expect(place.entries.isEmpty)
  }

  @Test func sharesTheTime() throws {
    var seconds: [Double] = []
    _ = try begin().run(processes: 3) { part in
      seconds.append(part.seconds)
      return []
    }
    // A third of 60 s, then a half and all of what the looks at the clock have left.
    #expect(abs(seconds[0] - 20) < 0.1 && abs(seconds[1] - 30) < 0.1 && abs(seconds[2] - 60) < 0.1)
  }
}
