import Analysis
import Quantities
import Records
import Reporting
import Statistics
import TestSupport
import Testing

@Suite struct EnergyReportTests {
  /// A tenth of a joule a token, within a twentieth and a fifth, alike in all runs.
  private func energy(
    _ run: RunRecord, method: RunEnergy.Method = .transferred, warnings: [Warning] = []
  ) -> RunEnergy {
    let joules = 0.1 * Double(run.tokens)
    func figure(_ share: Double) -> Estimate {
      Estimate(
        joules * share, Interval(low: joules * share / 2, high: joules * share * 2, level: 0.95), method: .exact)
    }
    return RunEnergy(
      method: method, tier: method.isMeasured ? "B1" : "D", boundary: .packageAndMemory,
      attribution: method.isMeasured ? .wholeHost : .processorShareAverage, total: figure(1),
      idleSubtracted: figure(0.8),
      window: run.wall, samples: 2, sensors: ["package-0"],
      coefficientSet: method.isMeasured ? nil : .init(id: "table/class", version: 1, sources: ["somewhere"]),
      hostFingerprint: "f00d", dominantUncertainty: ["busy_thread 90 %"], warnings: warnings, phase: run.phase,
      tokens: run.tokens)
  }

  private func runs(_ method: RunEnergy.Method = .transferred) -> [RunRecord] {
    SampleCampaign.runs.map { run in
      var run = run
      run.energy = energy(run, method: method)
      run.energyAbsentReason = nil
      return run
    }
  }

  private func summary(_ runs: [RunRecord]) -> Summary {
    SummaryBuilder.summary(of: Results(machine: SampleCampaign.machine, runs: runs))
  }

  @Test func showsAnEstimateAsOne() throws {
    let summary = summary(runs())
    let terminal = screen(summary)
    #expect(terminal.contains("energy    ≈ 100 [50, 200] mJ per decoded token at context 512, ≈ 80 [40, 160] mJ"))
    #expect(terminal.contains("estimated (proxy, package+dram)"))
    #expect(terminal.contains("busy_thread 90 %") && terminal.contains("no sensor: no powercap directory"))
    #expect(!terminal.contains("measured ("))
    let report = markdown(summary)
    #expect(report.contains("| mJ/token | without idle | energy |"))
    #expect(report.contains(#"| 100 \[50, 200\] | 80 \[40, 160\] | estimated (proxy, package+dram) |"#))
  }

  @Test func showsAMeasurementWithItsSensor() {
    let terminal = screen(summary(runs(.init(rawValue: "measured.rapl"))))
    #expect(terminal.contains("energy    100 [50, 200] mJ per decoded token"))
    #expect(terminal.contains("measured (RAPL, package+dram)") && !terminal.contains("≈"))
  }

  @Test func keepsWaysApart() throws {
    var runs = runs()
    // One of three repetitions was measured: two thirds stand, and nothing is averaged across.
    for index in runs.indices where runs[index].repetition == 1 {
      runs[index].energy = energy(runs[index], method: .init(rawValue: "measured.rapl"))
    }
    let point = try #require(summary(runs).subjects.first?.decode.first?.energy)
    #expect(point.runs == 2 && !point.method.isMeasured)
  }

  @Test func repeatingDoesNotShrinkWhatRunsHaveInCommon() throws {
    let run = SampleCampaign.decode(context: 512)
    var many: [RunRecord] = []
    for repetition in 0..<20 {
      var copy = run
      copy.repetition = repetition
      copy.energy = energy(run)
      many.append(copy)
    }
    let figure = try #require(summary(many).subjects.first?.decode.first?.energy?.joulesPerToken)
    #expect(abs(figure.value - 0.1) < 1e-12)
    let interval = try #require(figure.interval)
    #expect(abs(interval.low - 0.05) < 1e-12 && abs(interval.high - 0.2) < 1e-12)
  }

  @Test func saysWhichRunsHaveNone() {
    var runs = runs()
    for index in runs.indices where runs[index].repetition == 0 {
      runs[index].energy = nil
      runs[index].energyAbsentCode = "sensor_gap"
      runs[index].energyAbsentReason = "package-0: there is no energy_uj"
    }
    let subject = summary(runs).subjects.first
    #expect(
      subject?.warnings.contains {
        $0.code == "sensor_gap" && $0.message == "9 of 27 runs have no energy: package-0: there is no energy_uj"
      } == true)
  }

  @Test func hostileWordsSteerNothing() {
    let evil = "a\u{1b}[31m\n|b`c`<script>\u{202e}"
    let runs = SampleCampaign.runs.map { run in
      var run = run
      var hostile = energy(run, method: .init(rawValue: "measured.\(evil)"))
      hostile.method = .init(rawValue: evil)
      hostile.tier = evil
      hostile.dominantUncertainty = [evil]
      hostile.coefficientSet = .init(id: evil, version: 1, sources: [evil])
      hostile.warnings = [Warning(code: evil, message: evil)]
      run.energy = hostile
      return run
    }
    for text in [screen(summary(runs)), markdown(summary(runs))] {
      #expect(!text.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
    }
    #expect(!markdown(summary(runs)).contains("<script>"))
  }
}
