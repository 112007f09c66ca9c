import Analysis
import CostCurves
import Pricing
import Quantities
import Records
import Statistics
import TestSupport
import Testing

@Suite struct SummaryTests {
  private let summary = SummaryBuilder.summary(of: Results(machine: SampleCampaign.machine, runs: SampleCampaign.runs))

  private func subject(_ runs: [RunRecord], tariff: Tariff? = nil) throws -> SubjectSummary {
    let summary = SummaryBuilder.summary(of: Results(machine: SampleCampaign.machine, runs: runs), tariff: tariff)
    return try #require(summary.subjects.first)
  }

  private func isClose(_ value: Double?, _ expected: Double) -> Bool {
    value.map { abs($0 - expected) <= 1e-9 * abs(expected) } ?? false
  }

  /// A prompt of 512 takes 1 + 512 + 0.5e-3 · 512² = 644.072 ms, 1 % less and 1 % more: the median and the mean are that, and
  /// three have their range, which holds the median in 3 of 4 cases.
  @Test func prefillFiguresAreThoseOfTheLaw() throws {
    let points = try #require(summary.subjects.first).prefill
    #expect(points.map(\.promptTokens) == [32, 128, 256, 512])
    let last = try #require(points.last)
    let first = try #require(last.timeToFirstTokenSeconds)
    #expect(isClose(first.value, 0.644072))
    let interval = try #require(first.interval)
    #expect(isClose(interval.low, 0.644072 * 0.99) && isClose(interval.high, 0.644072 * 1.01))
    #expect(interval.level == 0.75)
    #expect(isClose(last.secondsPerToken.value, 0.644072 / 512))
    #expect(isClose(last.undisturbedSecondsPerToken.value, 0.644072 / 512))
    #expect(last.timePerOutputTokenSeconds == nil && last.percentiles == nil)
    // 220e6 + 1e4 · 512 + 57e6 / 512 FLOP a token.
    #expect(isClose(last.operationsPerToken.values.reduce(.zero, +).flops.value, 225_231_328.125))
  }

  /// Eight steps from context 512: 8 ms + 2 µs · 515.5 = 9.031 ms on average.
  @Test func decodeFiguresAreThoseOfTheLaw() throws {
    let points = try #require(summary.subjects.first).decode
    #expect(points.map(\.contextTokens) == [0, 256, 512, 1024, 512])
    #expect(points.map(\.sequences) == [1, 1, 1, 1, 4])
    #expect(isClose(points[2].timePerOutputTokenSeconds?.value, 0.009031))
    #expect(isClose(points[2].secondsPerToken.value, 0.009031))
    // Half as slow again for four times the tokens.
    #expect(isClose(points[4].timePerOutputTokenSeconds?.value, 0.0135465))
    #expect(isClose(points[4].secondsPerToken.value, 0.0135465 / 4))
    // 24 steps: 0.99, 1 and 1.01 times 9.024, 9.026 … 9.038 ms; the 12th and 13th are 9.030 and 9.032.
    #expect(isClose(points[2].percentiles?.p50Seconds.value, 0.009031))
    #expect(points[2].percentiles?.samples == 24)
    #expect(points[2].percentiles?.p99Seconds.interval == nil, "a 99th percentile of 24 has no interval")
  }

  /// Each token reads 60 + 10.24 + 16 MB; 15 GB/s is the roof.
  @Test func theRoofIsThatOfTheSameRun() throws {
    let point = try #require(summary.subjects.first).decode[2]
    let share = 86.24e6 / 15e9 / 0.009031
    #expect(isClose(point.readRoofShare?.value, share))
    var runs = SampleCampaign.runs
    runs[2].readRoofBytesPerSecond = nil
    #expect(try subject(runs).decode[2].readRoofShare == nil, "a run without a roof leaves none for its shape")
    #expect(try subject(runs).decode[1].readRoofShare != nil)
  }

  /// A prompt of 512 takes 225,231,328.125 FLOP a token and 0.644072 s, each run a percent more or less; 1 TFLOP/s is the roof.
  @Test func prefillHasItsFlopRoof() throws {
    let subject = try #require(summary.subjects.first)
    let share = 225_231_328.125 * 512 / 0.644072 / 1e12
    #expect(isClose(subject.prefill.last?.flopRoofShare?.value, share))
    #expect(subject.prefill.last?.flopRoofFlopsPerSecond == 1e12)
    #expect(subject.decode[2].flopRoofShare == nil)
  }

  @Test func curvesFindTheLaw() throws {
    let subject = try #require(summary.subjects.first)
    let decode = try #require(subject.decodeCurve)
    #expect(decode.curve.family == Family([.pass, .pair]))
    // A step at context c attends to c + 1 tokens.
    #expect(abs(decode.terms[0].seconds.value - 0.007998) < 1e-5)
    #expect(abs(decode.terms[1].seconds.value - 2e-6) < 1e-8)
    #expect(decode.terms.allSatisfy { $0.seconds.interval.map { $0.low < $0.high } ?? false })
    let prefill = try #require(subject.prefillCurve)
    #expect(prefill.curve.family == Family([.pass, .row, .pair]))
    // n² is twice the tokens attended to, less n.
    #expect(abs(prefill.terms[2].seconds.value - 1e-6) < 2e-8)
    #expect(subject.batchCurve != nil)
  }

  /// At 0.36 $/h a second costs 1e-4 $: a million tokens of 9.024 ms cost 0.9024 $.
  @Test func pricesFollowFromTheCurves() throws {
    let tariff = try Tariff(price: HostPrice(dollarsPerHour: 0.36, source: .given))
    let price = try subject(SampleCampaign.runs, tariff: tariff).price
    #expect(price.sheet?.promptTokens == 512 && price.sheet?.contextTokens == 512)
    #expect(abs(try #require(price.sheet?.dollarsPerMillionOutputTokens).value - 0.9024) < 1e-3)
    #expect(abs(try #require(price.sheet?.dollarsPerMillionInputTokens).value - 64.4072 / 512) < 1e-4)
    #expect(price.tariff.label == "$0.360 per hour, fully used.")
  }

  /// A token takes 10 µs to choose: at 1e-4 $/s a million of them cost 0.001 $, and an output token costs both its phases.
  @Test func anOutputTokenIsDecodedAndChosen() throws {
    let tariff = try Tariff(price: HostPrice(dollarsPerHour: 0.36, source: .given))
    let subject = try subject(
      SampleCampaign.runs + (0..<3).map { SampleCampaign.sampling(repetition: $0) }, tariff: tariff)
    #expect(isClose(subject.sampling?.secondsPerToken.value, 10e-6))
    #expect(subject.sampler?.vocabularySize == 49152)
    #expect(subject.decode.count == 5 && subject.prefill.count == 4)
    let price = subject.price
    let sampled = try #require(price.sheet?.dollarsPerMillionSampledTokens?.value)
    let decoded = try #require(price.sheet?.dollarsPerMillionDecodedTokens?.value)
    #expect(isClose(sampled, 0.001))
    #expect(isClose(price.sheet?.dollarsPerMillionOutputTokens.value, decoded + sampled))
    #expect(try self.subject(SampleCampaign.runs).price.sheet?.dollarsPerMillionSampledTokens == nil)
  }

  @Test func anExamplePriceIsCalledOne() throws {
    let price = try #require(summary.subjects.first).price
    #expect(price.tariff.price.source == .example)
    // Two processors at 0.0446 $/h.
    #expect(isClose(price.tariff.price.dollarsPerHour.value, 0.0892))
    #expect(price.tariff.label.contains("An example: "))
    #expect(price.tariff.label.contains("--price-per-hour"))
  }

  @Test func withoutACurveThePriceIsAbsentAndSaysWhy() throws {
    let runs = (0..<3).map { SampleCampaign.decode(context: 128, repetition: $0) }
    let subject = try subject(runs)
    #expect(subject.prefillCurve == nil && subject.prefillCurveAbsentReason == "no run of one sequence")
    #expect(subject.price.sheet?.dollarsPerMillionInputTokens == nil && subject.price.absentReason != nil)
    #expect(subject.decode.count == 1 && subject.prefill.isEmpty)
  }

  @Test func flaggedRunsAreCountedAndLeftOut() throws {
    var slow = SampleCampaign.decode(context: 512, repetition: 3, verdict: ["steal", "from_the_future"])
    slow.samples = slow.samples.map { Timing(contextTokens: $0.contextTokens, wallSeconds: $0.wallSeconds * 10) }
    let subject = try subject(SampleCampaign.runs + [slow])
    #expect(isClose(subject.decode[2].timePerOutputTokenSeconds?.value, 0.009031))
    #expect(subject.decode[2].runs == 4 && subject.decode[2].flaggedRuns == 1 && !subject.decode[2].isDoubtful)
    #expect(subject.flaggedRuns == 1)
    #expect(
      subject.warnings.map(\.message).prefix(2) == [
        "1 of 28 runs: marked from_the_future",
        "1 of 28 runs: the hypervisor gave processor time to others: repeat at a quieter time, or on a dedicated host",
      ])
  }

  @Test func runsThatAreAllFlaggedAreUsedAndMarked() throws {
    let runs = (0..<3).map { SampleCampaign.decode(context: 512, repetition: $0, verdict: ["steal"]) }
    let subject = try subject(runs)
    #expect(subject.decode[0].isDoubtful)
    #expect(isClose(subject.decode[0].timePerOutputTokenSeconds?.value, 0.009031))
    #expect(subject.warnings.contains { $0.code == "only-flagged-runs" })
  }

  @Test func aSingleRunHasNoInterval() throws {
    let subject = try subject([SampleCampaign.decode(context: 512)])
    #expect(subject.decode[0].tokensPerSecond.interval == nil)
    #expect(subject.warnings.contains { $0.code == "single-run" })
  }

  /// With seven runs the interval of the median at 95 % goes from the first to the last: 2 · 0.5⁷ = 1.6 %.
  @Test func fromSixRunsOnTheMedianStands() throws {
    let runs = (0..<7).map { index in
      var run = SampleCampaign.decode(context: 0, repetition: index, steps: 1)
      run.samples = [Timing(contextTokens: 0, wallSeconds: Seconds(0.001 * Double(index + 1)))]
      return run
    }
    let step = try #require(try subject(runs).decode[0].timePerOutputTokenSeconds)
    #expect(step.value == 0.004)
    #expect(step.interval == Interval(low: 0.001, high: 0.007, level: 0.95))
  }

  /// Three processes of two runs each: 8 and 9, 10 and 11, 12 and 13 ms; their medians are 8.5, 10.5 and 12.5 ms, which is
  /// the range of three. Three of the pooled times are up to their median of 10.5 ms:
  /// by process 2, 1 and 0 of 2, so that the design effect is 3 / 2 · (1 + 0 + 1) / 6 / 0.25 = 2.
  @Test func processesAreTheUnits() throws {
    let runs = (0..<6).map { index in
      var run = SampleCampaign.decode(context: 0, repetition: index % 2, steps: 1)
      run.samples = [Timing(contextTokens: 0, wallSeconds: Seconds(0.001 * Double(8 + index)))]
      run.process = index / 2
      return run
    }
    let subject = try subject(runs)
    let point = subject.decode[0]
    #expect(subject.processes == 3 && point.processes == 3)
    #expect(isClose(point.secondsPerToken.value, 0.0105))
    #expect(isClose(point.undisturbedSecondsPerToken.value, 0.0105))
    for figure in [point.secondsPerToken, point.undisturbedSecondsPerToken] {
      #expect(isClose(figure.interval?.low, 0.0085) && isClose(figure.interval?.high, 0.0125))
    }
    #expect(isClose(point.designEffect, 2))
    #expect(subject.decodeCurve?.unit == "process" || subject.decodeCurve == nil)
    // One process has nothing but its runs, and a warning.
    let one = try self.subject(Array(runs.prefix(2)))
    #expect(one.decode[0].processes == nil && one.decode[0].secondsPerToken.interval != nil)
    #expect(one.warnings.contains { $0.code == "one-process" })
    #expect(try self.subject(SampleCampaign.runs).processes == nil)
  }

  /// Two samplers have no common cost.
  @Test func samplersAreKeptApart() throws {
    let usual = (0..<3).map { SampleCampaign.sampling(repetition: $0) }
    let other = usual.map { run in
      var run = run
      run.sampler = SamplerIdentity(settings: "greedy", vocabularySize: 49152)
      return run
    }
    let subject = try subject(SampleCampaign.runs + usual + other)
    #expect(subject.sampling == nil && subject.sampler == nil)
    #expect(subject.price.sheet?.dollarsPerMillionSampledTokens == nil && subject.price.sheet != nil)
    let warning = try #require(subject.warnings.first { $0.code == "several-samplers" })
    #expect(warning.message.contains("greedy; top-k 40"))
  }

  /// Below the tuned number of tokens another kernel runs: those prompts are shown and not fitted.
  @Test func promptsOfAnotherKernelAreNotFitted() throws {
    func runs(_ threshold: Int) -> [RunRecord] {
      SampleCampaign.runs.map { run in
        var run = run
        run.configuration.manyTokens = ManyTokens(["Q4_0": threshold, "F32": nil])
        return run
      }
    }
    let subject = try subject(runs(33))
    let fitted = try #require(subject.prefillCurve)
    #expect(fitted.leftOut.map(\.tokens) == [32] && fitted.domain == 128...512)
    #expect(subject.prefill.count == 4)
    // Two lengths alone tell no curve.
    #expect(try self.subject(runs(200)).prefillCurve?.leftOut.isEmpty == true)
  }

  /// Of four decode runs one took ten times as long and carries a verdict: the price holds its time, the other does not.
  @Test func pricesAreAsPaidAndUndisturbedStandsBeside() throws {
    let slow = [0, 256, 512, 1024].map { context in
      var run = SampleCampaign.decode(context: context, repetition: 3, verdict: ["steal"])
      run.samples = run.samples.map { Timing(contextTokens: $0.contextTokens, wallSeconds: $0.wallSeconds * 10) }
      return run
    }
    let subject = try subject(SampleCampaign.runs + slow)
    let point = subject.decode[2]
    // 0.99, 1, 1.01 and 9.9 of the law.
    #expect(isClose(point.secondsPerToken.value, 0.009031 * 12.9 / 4))
    #expect(isClose(point.undisturbedSecondsPerToken.value, 0.009031))
    let price = subject.price
    let paid = try #require(price.sheet?.secondsPerDecodedToken).value
    let quiet = try #require(price.undisturbed?.secondsPerDecodedToken).value
    #expect(abs(paid / quiet - 12.9 / 4) < 1e-6)
    // Priced seconds sum to paid ones.
    let curve = try #require(subject.decodeCurve?.curve)
    let runs = (SampleCampaign.runs + slow).filter { $0.phase == .decode && $0.sequences == 1 }
    let priced = try runs.reduce(0) { sum, run in
      try run.samples.reduce(sum) {
        $0 + (try curve.predict(at: Place(context: $1.contextTokens)).value)
      }
    }
    #expect(abs(priced / runs.reduce(0) { $0 + $1.wall.value } - 1) < 1e-4)
  }

  /// One thread takes twice as long: two are cheapest, and nothing is known of energy.
  @Test func threadsAreSetSideBySide() throws {
    let single = SampleCampaign.runs.map { run in
      var run = run
      run.configuration.threads = 1
      run.samples = run.samples.map { Timing(contextTokens: $0.contextTokens, wallSeconds: $0.wallSeconds * 2) }
      return run
    }
    let summary = SummaryBuilder.summary(
      of: Results(machine: SampleCampaign.machine, runs: SampleCampaign.runs + single))
    let choice = try #require(summary.threadChoices.first)
    #expect(choice.rows.map(\.threads) == [1, 2])
    #expect(choice.best(\.decodeSecondsPerToken) == 2 && choice.best(\.prefillSecondsPerToken) == 2)
    #expect(choice.best(\.decodeJoulesPerToken) == nil)
    #expect(self.summary.threadChoices.isEmpty)
  }

  @Test func modelsAndConfigurationsAreKeptApart() {
    var other = SampleCampaign.runs
    for index in other.indices { other[index].configuration.threads = 1 }
    let summary = SummaryBuilder.summary(of: Results(machine: nil, runs: SampleCampaign.runs + other))
    #expect(summary.subjects.map(\.configuration.threads) == [1, 2])
    #expect(summary.subjects.allSatisfy { $0.runs == 27 })
  }

  @Test func kernelsOfAllRunsAreNamed() throws {
    var runs = SampleCampaign.runs
    runs[0].configuration.kernels = ["attention.f16.f32.avx512", "matvec.q4_0.q8_0.avx512vnni"]
    #expect(try subject(runs).configuration.kernels == ["attention.f16.f32.avx512", "matvec.q4_0.q8_0.avx512vnni"])
  }

  @Test func runsOfAnotherMachineAreReported() {
    var runs = SampleCampaign.runs
    for index in runs.indices { runs[index].machineFingerprint = "beef" }
    let other = SummaryBuilder.summary(of: Results(machine: SampleCampaign.machine, runs: runs))
    #expect(other.warnings.map(\.code) == ["other-machine"])
    let both = SummaryBuilder.summary(of: Results(machine: SampleCampaign.machine, runs: runs + SampleCampaign.runs))
    #expect(both.warnings.map(\.code) == ["several-machines"])
  }

  @Test func jsonHasNamesWithUnitsAndNoNumberThatIsNone() throws {
    let json = try summary.json()
    for key in [
      "\"time_to_first_token_seconds\" : {", "\"p99_seconds\" : {", "\"dollars_per_million_input_tokens\" : {",
      "\"tokens_per_second\" : {", "\"schema\" : \"inferometer.summary\"", "\"degrees_of_freedom\" : 2",
    ] {
      #expect(json.contains(key), "\(key)")
    }
  }
}
