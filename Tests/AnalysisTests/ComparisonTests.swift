import Analysis
import Foundation
import Pricing
import Records
import Reporting
import Statistics
import TestSupport
import Testing

@Suite struct ComparisonTests {
  private static let tariff = Tariff.example(processors: 2)

  /// Runs of 8 tokens, each of which takes the given milliseconds; each process has one run.
  private static func side(
    _ label: String, milliseconds: [Double], change: (inout RunRecord) -> Void = { _ in }
  ) -> ComparisonSide {
    let runs = milliseconds.enumerated().map { index, time in
      var run = SampleCampaign.decode(context: 0)
      run.process = index
      for step in run.samples.indices { run.samples[step].wallSeconds.value = time / 1000 }
      change(&run)
      return Observation(run)
    }
    return ComparisonSide(label, runs, tariff: tariff)
  }

  private func text(_ comparison: Comparison) -> String { Terminal.text(ReportPage(comparison)) }

  private static let base: [Double] = [10.0, 10.1, 10.2, 10.3, 10.4, 10.5]

  private func compare(
    _ sides: [ComparisonSide], _ metrics: [Metric] = [.tokenTime], withFlagged: Bool = false
  ) throws -> Comparison {
    Comparison(sides, metrics: metrics, withFlagged: withFlagged)
  }

  /// 10 ms a token at 3.6 and at 7.2 dollars an hour: each side is priced as its own machine is, and one of an unknown machine
  /// not at all.
  @Test func eachSideHasThePriceOfItsMachine() throws {
    let times = Array(repeating: 10.0, count: 6)
    var sides = [Self.side("cheap", milliseconds: times), Self.side("dear", milliseconds: times)]
    sides[0].tariff = Tariff(price: try HostPrice(dollarsPerHour: 3.6, source: .given))
    sides[1].tariff = Tariff(price: try HostPrice(dollarsPerHour: 7.2, source: .given))
    let row = try #require(try compare(sides, [.price]).tables[0].rows.first)
    #expect(row.cells.compactMap { $0?.median.value.rounded() } == [10, 20])
    sides[1].tariff = nil
    let unknown = try compare(sides, [.price]).tables[0]
    #expect(unknown.absences.first?.message.contains("--price-per-hour") == true)
  }

  /// Eight tokens of 287 MFLOP by the sample's account.
  @Test func workOfATokenIsAMetric() throws {
    let sides = ["a", "b"].map { Self.side($0, milliseconds: Self.base) }
    let tables = try compare(sides, [.tokenOperations, .tokenBytes]).tables
    #expect(tables.map { $0.rows[0].cells[0]?.median.value } == [277e6, 77.21e6])
  }

  /// Medians 10.25 and 12.25 ms: 12.25 / 10.25 = 1.19512. All of one above all of the other: p = 2 / C(12, 6) = 2/924.
  @Test func aDifferenceIsFound() throws {
    let comparison = try compare([
      Self.side("old", milliseconds: Self.base), Self.side("new", milliseconds: Self.base.map { $0 + 2 }),
    ])
    let row = try #require(comparison.tables.first?.rows.first)
    #expect(row.name == "tg8" && row.cells.map { $0?.units } == [6, 6])
    #expect(row.cells[0]?.change == nil)
    let change = try #require(row.cells[1]?.change)
    #expect(abs(change.ratio.value - 12.25 / 10.25) < 1e-12)
    #expect(abs(change.probability - 2.0 / 924) < 1e-15 && change.isSignificant)
    #expect(change.percent == "+19.51%")
    #expect(text(comparison).contains("10.25m ± 2%   12.25m ± 2%  +19.51% (p=0.002 n=6)"))
    // Slower is worse in time and, seen from the other side, in rate.
    #expect(comparison.regressions(past: 0.19).count == 1 && comparison.regressions(past: 0.20).isEmpty)
    let rates = try compare(
      [
        Self.side("old", milliseconds: Self.base), Self.side("new", milliseconds: Self.base.map { $0 + 2 }),
      ], [.tokenRate])
    #expect(rates.regressions(past: 0.16).count == 1 && rates.regressions(past: 0.17).isEmpty)
  }

  @Test func noDifferenceIsATilde() throws {
    let comparison = try compare([
      Self.side("old", milliseconds: Self.base), Self.side("new", milliseconds: Self.base.reversed()),
    ])
    #expect(text(comparison).contains("~ (p=1.000 n=6)"))
    #expect(comparison.regressions(past: 0).isEmpty)
  }

  @Test func fewSamplesHaveNoIntervalAndEqualOnesSaySo() throws {
    let few = try compare([Self.side("old", milliseconds: [10, 11]), Self.side("new", milliseconds: [12, 13])])
    #expect(text(few).contains("10.50m ± ∞ ¹"))
    #expect(text(few).contains("¹ need >= 6 samples for confidence interval at level 0.95"))
    #expect(text(few).contains("none ²") && text(few).contains("² too few samples to find any difference"))
    let equal = try compare([
      Self.side("old", milliseconds: Array(repeating: 10, count: 6)),
      Self.side("new", milliseconds: Array(repeating: 10, count: 6)),
    ])
    #expect(text(equal).contains("~ (p=1.000 n=6) ¹") && text(equal).contains("¹ all samples are equal"))
  }

  /// Two tests of p = 2/924: Holm makes them 4/924 both. The geometric mean of 10.25 and 20.5 is 10.25 · √2.
  @Test func rowsAreAdjustedTogetherAndMeant() throws {
    func both(_ label: String, _ milliseconds: [Double]) -> ComparisonSide {
      let one = Self.side(label, milliseconds: milliseconds)
      let other = Self.side(label, milliseconds: milliseconds.map { 2 * $0 }) { $0.contextTokens = 64 }
      return ComparisonSide(label, one.observations + other.observations)
    }
    let comparison = try compare([both("old", Self.base), both("new", Self.base.map { $0 + 2 })])
    let table = try #require(comparison.tables.first)
    #expect(table.rows.map(\.name) == ["tg8", "tg8 @ d64"])
    for row in table.rows { #expect(abs(try #require(row.cells[1]?.change).adjustedProbability - 4.0 / 924) < 1e-12) }
    #expect(abs(table.geometricMeans[0] - 0.01025 * 2.0.squareRoot()) < 1e-12)
    #expect(text(comparison).contains("adjusted by Holm for 2 rows"))
  }

  @Test func processesAreTheUnits() throws {
    let side = Self.side("old", milliseconds: [10, 12, 20, 22]) { run in run.process = (run.process ?? 0) / 2 }
    let cell = try #require(try compare([side, side]).tables.first?.rows.first?.cells[0])
    #expect(cell.samples.count == 2 && cell.median.value == 0.016)
    let unknown = Self.side("old", milliseconds: Self.base) { $0.process = nil }
    #expect(try compare([unknown, unknown]).notes.map(\.code) == ["runs-as-units"])
  }

  @Test func flaggedRunsAreLeftOutAndCounted() throws {
    let side = Self.side("old", milliseconds: [10, 11, 99]) { run in
      if run.samples[0].wallSeconds.value > 0.05 { run.verdict = ["steal"] }
    }
    let comparison = try compare([side, side])
    #expect(comparison.tables.first?.rows.first?.cells[0]?.samples.count == 2)
    #expect(comparison.notes.first?.message.contains("old 1 of 3") == true)
    #expect(try compare([side, side], withFlagged: true).tables.first?.rows.first?.cells[0]?.samples.count == 3)
  }

  @Test func modelsAreNeverMatchedAndSettingsAreNamed() throws {
    let other = Self.side("new", milliseconds: Self.base) { $0.model.source = "preset:other" }
    let unmatched = try compare([Self.side("old", milliseconds: Self.base), other])
    #expect(unmatched.isEmpty)
    #expect(unmatched.notes.map(\.code) == ["unmatched-rows", "unmatched-rows"])

    let narrow = Self.side("new", milliseconds: Self.base) { $0.configuration.isa = "avx2" }
    let isa = try compare([Self.side("old", milliseconds: Self.base), narrow])
    #expect(!isa.isEmpty && isa.differences(apartFrom: []) == ["isa"] && isa.differences(apartFrom: ["isa"]).isEmpty)
    #expect(isa.differing.map(\.values) == [["avx512vnni", "avx2"]])

    let elsewhere = Self.side("new", milliseconds: Self.base) { $0.machineFingerprint = "beef" }
    #expect(
      try compare([Self.side("old", milliseconds: Self.base), elsewhere]).differences(apartFrom: []) == ["machine"])

    // Within a variant the setting tells rows apart.
    let threads = Self.side("old", milliseconds: Self.base + Self.base) { run in
      if (run.process ?? 0) > 5 { run.configuration.threads = 1 }
    }
    let rows = try #require(try compare([threads, threads]).tables.first).rows
    #expect(rows.map(\.name) == ["tg8 threads=1", "tg8 threads=2"])
  }

  @Test func whatIsAbsentSaysWhy() throws {
    let side = Self.side("old", milliseconds: Self.base)
    let comparison = try compare([side, side], [.tokenEnergy, .p99, .price])
    #expect(comparison.tables[0].absences.map(\.message) == ["J/token: no row: no powercap directory"])
    #expect(comparison.tables[1].absences.first?.message.contains("p99 needs 100") == true)
    // 10.25 ms a token at 2 · 0.0446 dollars an hour: 10.25e-3 · 1e6 · 0.0892 / 3600 dollars.
    let dollars = try #require(comparison.tables[2].rows.first?.cells[0]?.median.value)
    #expect(abs(dollars - 10.25e3 * 0.0892 / 3600) < 1e-9)
  }

  @Test func everyFormHoldsTheFigures() throws {
    let comparison = try compare([
      Self.side("old", milliseconds: Self.base), Self.side("new, \"b\"", milliseconds: Self.base.map { $0 + 2 }),
    ])
    let csv = ComparisonCSV.text(comparison).split(separator: "\n")
    #expect(csv.count == 3 && csv[2].hasPrefix("\"s/token\",\"tg8\",\"new, \"\"b\"\"\",6,0.01225,"))
    #expect(
      Markdown.text(ReportPage(comparison)).contains("| tg8 | 10.25m ± 2% | 12.25m ± 2% | +19.51% (p=0.002 n=6) |"))
    let lines = Benchfmt.text(comparison).split(separator: "\n")
    #expect(lines.contains("Unit s/token better=lower assume=nothing"))
    #expect(lines.count { $0.hasPrefix("BenchmarkInference/test=tg8 1 0.01") } == 12)
    let object = try JSONSerialization.jsonObject(with: Data(comparison.json().utf8)) as? [String: Any]
    #expect(object?["schema"] as? String == "inferometer.comparison")
  }
}

/// What was set differently is never averaged, whoever set it, and never set against each other without a word.
@Suite struct SettingsTests {
  private static func row(_ settings: String, milliseconds: Double = 100) -> String {
    let times = (0..<6).map { "\((milliseconds + Double($0)) * 1e6)" }.joined(separator: ", ")
    return """
      {"build_commit": "a", "cpu_info": "c", "model_filename": "m.gguf", "model_type": "llama 1B Q4_0",
      "model_size": 7, "model_n_params": 10, "n_batch": 2048, "n_ubatch": 512, "n_threads": 2, "type_k": "f16",
      "type_v": "f16", "n_prompt": 512, "n_gen": 0, "samples_ns": [\(times)]\(settings)}
      """
  }

  private func side(_ label: String, _ rows: [String]) throws -> ComparisonSide {
    let log = try LlamaBenchLog(Array("[\(rows.joined(separator: ","))]".utf8), file: label)
    return ComparisonSide(label, log.rows.flatMap { Observation.all(of: $0) })
  }

  private func compare(_ sides: [ComparisonSide], _ metrics: [Metric] = [.tokenRate]) -> Comparison {
    Comparison(sides, metrics: metrics)
  }

  @Test(arguments: ["\"flash_attn\": %", "\"n_gpu_layers\": %", "\"some_future_setting\": \"%\"", "\"no_host\": %"])
  func rowsThatDifferInAnythingSetAreRowsApart(setting: String) throws {
    let rows = [("0", 100.0), ("1", 120)].map { value, time in
      Self.row(", " + setting.replacing("%", with: value), milliseconds: time)
    }
    let both = try side("a", rows)
    let table = try #require(compare([both, both]).tables.first)
    #expect(table.rows.count == 2 && table.rows.allSatisfy { $0.cells[0]?.units == 6 })
  }

  @Test func whatFilesDifferInIsNamed() throws {
    let (cpu, gpu) = (
      try side("a", [Self.row(", \"backends\": \"CPU\"")]), try side("b", [Self.row(", \"backends\": \"CUDA\"")])
    )
    let comparison = compare([cpu, gpu])
    #expect(comparison.differing.map(\.name) == ["backend"] && comparison.differences(apartFrom: []) == ["backend"])
    #expect(comparison.differences(apartFrom: ["backend"]).isEmpty)
    // A setting that one file does not state is neither the same nor another.
    let silent = compare([cpu, try side("b", [Self.row("")])])
    #expect(silent.differing.isEmpty && silent.notes.map(\.code).contains("unstated-settings"))
  }

  /// 0.5 J a run against 1 J a run of 512 tokens, one measured and one estimated.
  @Test func energiesOfTwoKindsAreNamedAndNeverAveraged() throws {
    func energy(_ method: String, _ joules: Double) -> String {
      let list = Array(repeating: "\(joules)", count: 6).joined(separator: ", ")
      return ", \"energy_method\": \"\(method)\", \"energy_boundary\": \"package\", \"samples_energy_j\": [\(list)]"
    }
    let measured = Self.row(energy("measured.rapl", 0.5))
    let estimated = Self.row(energy("estimated.generic", 1))
    let apart = compare([try side("a", [measured]), try side("b", [estimated])], [.tokenEnergy])
    #expect(
      apart.differing.map(\.name) == ["energy"]
        && apart.differing[0].values == ["measured.rapl, package", "estimated.generic, package"])
    #expect(apart.tables[0].rows[0].cells.map { $0?.median.value } == [0.5 / 512, 1.0 / 512])
    let mixed = try side("a", [measured, estimated])
    #expect(compare([mixed, mixed], [.tokenEnergy]).tables[0].rows.count == 2)
    // Times do not depend on how energy came about.
    #expect(compare([mixed, mixed]).tables[0].rows.count == 1)
    let silent = try side("a", [Self.row(", \"energy_method\": \"estimated.generic\"")])
    #expect(compare([silent, silent], [.tokenEnergy]).tables[0].absences[0].message.contains("one energy for all"))
  }
}
