import Machine
import Metering
import Testing

@Suite struct EnergyIntegralTests {
  private let counter = EnergyFacts(
    name: "package-0", quantity: .energy, wrapJoules: 262_144, limitWatts: 300, refreshSeconds: 0.001,
    relativeUncertainty: 0.05)
  private let meter = EnergyFacts(
    name: "meter", quantity: .power, limitWatts: 1000, refreshSeconds: 0.05, relativeUncertainty: 0.02)

  private func samples(_ pairs: [(Double, Double)]) -> [EnergySample] {
    pairs.map { EnergySample(seconds: $0.0, value: .found($0.1)) }
  }

  private func code(_ samples: [EnergySample], _ start: Double, _ end: Double, _ facts: EnergyFacts) -> String? {
    do throws(EnergyAbsence) {
      _ = try EnergyIntegral.joules(samples, from: start, to: end, facts)
      return nil
    } catch {
      return error.code.rawValue
    }
  }

  // MARK: - Counters

  @Test func subtractsTheFirstReadingFromTheLast() throws {
    #expect(try EnergyIntegral.joules(samples([(1, 100), (2, 180), (3, 300)]), from: 1, to: 3, counter) == 200)
  }

  @Test func takesTheSharesOfIntervalsThatTheWindowCuts() throws {
    // A quarter of the first 80 J and half of the next 120 J.
    let joules = try EnergyIntegral.joules(
      samples([(1, 100), (2, 180), (3, 300)]), from: 1.75, to: 2.5, counter)
    #expect(abs(joules - 80) < 1e-9)
  }

  @Test func addsTheRangeOfACounterThatWrapped() throws {
    let joules = try EnergyIntegral.joules(samples([(0, 262_100), (1, 156)]), from: 0, to: 1, counter)
    #expect(joules == 200)
  }

  @Test func refusesAnIntervalInWhichTheCounterMayHaveWrappedTwice() {
    // Half of 262144 J at 300 W are 437 s.
    #expect(code(samples([(0, 0), (436, 50_000)]), 0, 436, counter) == nil)
    #expect(code(samples([(0, 0), (438, 50_000)]), 0, 438, counter) == "possible_wrap")
  }

  @Test func tellsAResetFromAWrap() {
    // As a wrap it would be 262 kJ in a second.
    #expect(code(samples([(0, 1000), (1, 5)]), 0, 1, counter) == "counter_reset")
    var unlimited = counter
    unlimited.wrapJoules = nil
    #expect(code(samples([(0, 1000), (1, 999)]), 0, 1, unlimited) == "counter_reset")
  }

  @Test func refusesAGrowthThatIsNoPowerOfAProcessor() {
    #expect(code(samples([(0, 0), (1, 900)]), 0, 1, counter) == nil)
    #expect(code(samples([(0, 0), (1, 902)]), 0, 1, counter) == "implausible")
  }

  @Test func refusesACounterThatStandsStill() {
    #expect(code(samples([(0, 7), (1, 7)]), 0, 1, counter) == "implausible")
    // In a hundredth of a second a coarse counter may not have moved yet.
    #expect(code(samples([(0, 7), (0.01, 7)]), 0, 0.01, counter) == "window_too_short")
  }

  @Test func marksAReadingThatFailedAsAGap() {
    var series = samples([(0, 0), (1, 50), (2, 100)])
    series[1].value = .absent("there is no energy_uj")
    #expect(code(series, 0, 2, counter) == "sensor_gap")
    #expect(code(samples([(0, 0), (1, 50)]), 0, 2, counter) == "sensor_gap")
    #expect(code([], 0, 2, counter) == "sensor_gap")
  }

  @Test func saysNothingOfAWindowThatIsShorterThanTwoSteps() {
    #expect(code(samples([(0, 0), (0.0015, 1)]), 0, 0.0015, counter) == "window_too_short")
  }

  // MARK: - Power

  @Test func integratesByTrapezoidsWithInterpolatedEdges() throws {
    // 100 W rising to 200 W in a second, then back: from 0.5 to 1.5 the mean is 175 W.
    let joules = try EnergyIntegral.joules(samples([(0, 100), (1, 200), (2, 100)]), from: 0.5, to: 1.5, meter)
    #expect(abs(joules - 175) < 1e-9)
  }

  @Test func integratesAcrossUnevenSpacing() throws {
    // A straight line has an exact integral, however it is sampled: 10 W/s from 100 W over 0.2 to 2.9 s.
    let line = samples([0, 0.1, 0.7, 0.71, 2, 3].map { ($0, 100 + 10 * $0) })
    let joules = try EnergyIntegral.joules(line, from: 0.2, to: 2.9, meter)
    #expect(abs(joules - (100 * 2.7 + 5 * (2.9 * 2.9 - 0.2 * 0.2))) < 1e-9)
  }

  @Test func bridgesShortHolesOnly() {
    #expect(code(samples([(0, 100), (3, 100)]), 0, 3, meter) == nil)
    #expect(code(samples([(0, 100), (3.1, 100)]), 0, 3.1, meter) == "sensor_gap")
  }

  @Test func dropsPowersThatNoComputerDraws() throws {
    // 4.29 MW from a broken ACPI meter, and none at all.
    let joules = try EnergyIntegral.joules(
      samples([(0, 100), (0.5, 4_290_000), (1, 0), (2, 100)]), from: 0, to: 2, meter)
    #expect(joules == 200)
    #expect(code(samples([(0, 4_290_000), (1, 4_290_000)]), 0, 1, meter) == "implausible")
  }

  @Test func saysThatALogIsOfAnotherTime() {
    #expect(code(samples([(0, 100), (10, 100)]), 20, 30, meter) == "log_elsewhere")
    #expect(code(samples([(0, 100), (10, 100)]), 5, 30, meter) == "log_elsewhere")
  }
}
