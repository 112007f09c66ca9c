import Analysis
import Records
import TestSupport
import Testing

@Suite struct ReproducedTests {
  private func summary(_ history: [Sitting]) -> Summary {
    var results = Results(machine: SampleCampaign.machine, runs: SampleCampaign.runs)
    results.history = history
    return SummaryBuilder.summary(of: results)
  }

  /// What was measured is remembered under the names of its figures, and known again in another sitting.
  @Test func sittingsKnowEachOther() throws {
    let first = summary([])
    let absent = try #require(first.subjects[0].reproduced)
    #expect(absent.input == nil && absent.absentReason?.hasPrefix("0 earlier measurements") == true)
    let sitting = try #require(first.sittings(at: "2026-02-01T00:00:00Z", on: "f00d").first)
    #expect(Set(sitting.seconds.keys).isSuperset(of: ["pp512", "tg8 @ d512", "tg8 @ d512 x4", "input", "output"]))
    let slower = [1.0, 1.1, 1.2].map { factor in
      var other = sitting
      other.seconds = sitting.seconds.mapValues { $0 * factor }
      return other
    }
    let known = try #require(summary(slower).subjects[0].reproduced)
    let price = try #require(first.subjects[0].price.sheet).dollarsPerMillionOutputTokens
    #expect(known.sittings == 3 && known.source == "history" && known.output?.value == price.value)
    let (wide, narrow) = (try #require(known.output?.interval), try #require(price.interval))
    #expect(wide.low < narrow.low && wide.high > narrow.high)
    #expect(known.secondsPerToken["pp512"] != nil)
  }

  /// Two sittings are too few, and those of another setup do not count.
  @Test func tooFewAreSaid() throws {
    let sitting = try #require(summary([]).sittings(at: "2026-02-01T00:00:00Z", on: "f00d").first)
    var other = sitting
    other.setup = "another"
    let reproduced = try #require(summary([sitting, other, other, other]).subjects[0].reproduced)
    #expect(reproduced.source == nil && reproduced.absentReason?.hasPrefix("1 earlier measurement of") == true)
  }
}
