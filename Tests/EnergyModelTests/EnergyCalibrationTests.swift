import EnergyModel
import Statistics
import Testing

/// A machine whose coefficients are known, so that a calibration can be held to them.
private struct SyntheticMachine {
  let prior = EnergyPriors.prior(for: "skylake")
  var truth = EnergyVector()
  var random: SplitMix64

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    for term in EnergyTerm.allCases {
      // Anywhere within the prior's bounds, on the scale of ratios.
      if let spread = prior.spreads[term] { truth[term] = spread.value(at: 3.9 * random.unit() - 1.95) }
    }
  }

  /// What the benchmarks of a calibration do on 16 threads with 128 GB, each twice for ten seconds.
  mutating func runs(noise: Double = 0.01) -> [CalibrationRun] {
    let seconds = 10.0
    func gemm(_ term: EnergyTerm, rate: Double) -> EnergyActivity {
      activity(16, [term: rate * seconds], bytes: 1e9 * seconds, memoryShare: 0)
    }
    func activity(
      _ threads: Double, _ operations: [EnergyTerm: Double] = [:], bytes: Double = 0, memoryShare: Double = 1
    ) -> EnergyActivity {
      EnergyActivity(
        seconds: seconds, threads: 16, busySeconds: threads * seconds, memoryGigabytes: 128, operations: operations,
        bytes: bytes, memoryShare: memoryShare...memoryShare)
    }
    let workloads = [
      ("idle", activity(0)), ("spin 1", activity(1)), ("spin 8", activity(8)), ("spin 16", activity(16)),
      ("f32", gemm(.float32, rate: 1.5e12)), ("bf16", gemm(.bfloat16, rate: 3e12)), ("int8", gemm(.int8, rate: 6e12)),
      ("amx bf16", gemm(.tileBFloat16, rate: 1.5e13)), ("amx int8", gemm(.tileInt8, rate: 3e13)),
      ("memory", activity(16, bytes: 1.5e12)), ("memory 4", activity(4, bytes: 8e11)),
      ("cache", activity(16, bytes: 1e13, memoryShare: 0)),
      ("mixed", activity(12, [.int8: 2e13], bytes: 8e11)),
    ]
    return (workloads + workloads).map { name, activity in
      let joules = self.joules(activity)
      let measured = joules * (1 + noise * deviate())
      return CalibrationRun(
        workload: name, activity: activity, joules: measured, deviationJoules: noise * joules)
    }
  }

  func joules(_ activity: EnergyActivity) -> Double {
    let operations = activity.operations.reduce(0) { $0 + $1.value * truth[$1.key] }
    return truth[.idleThread] * activity.threads * activity.seconds + truth[.busyThread] * activity.busySeconds
      + truth[.memoryStatic] * activity.memoryGigabytes * activity.seconds + operations
      + (truth[.cacheByte] + truth[.memoryByte] * activity.memoryShare.lowerBound) * activity.bytes
  }

  /// Nearly normal: the sum of twelve uniform numbers.
  private mutating func deviate() -> Double { (0..<12).reduce(-6) { sum, _ in sum + random.unit() } }
}

@Suite struct EnergyCalibrationTests {
  @Test func recoversKnownCoefficientsWithinTheirIntervals() throws {
    var recovered = 0
    for seed in 0..<200 as Range<UInt64> {
      var machine = SyntheticMachine(seed: seed)
      let calibration = try EnergyCalibration.fit(machine.runs(), prior: machine.prior, draws: 1)
      let isRecovered = EnergyTerm.allCases.allSatisfy { term in
        machine.prior.spreads[term] == nil || calibration.interval(of: term).contains(machine.truth[term])
      }
      recovered += isRecovered ? 1 : 0
    }
    #expect(recovered >= 190)
  }

  @Test func foretellsWorkThatItHasNotSeen() throws {
    var machine = SyntheticMachine(seed: 3)
    let calibration = try EnergyCalibration.fit(machine.runs(), prior: machine.prior)
    #expect(calibration.heldOutError < EnergyCalibration.acceptedError)
    #expect(calibration.conditionNumber.isFinite && calibration.conditionNumber >= 1)
    let decode = EnergyActivity(
      seconds: 5, threads: 16, busySeconds: 60, memoryGigabytes: 128, operations: [.int8: 5e12], bytes: 6e11)
    let truth = machine.joules(decode)
    let estimate = EnergyProxy(fitted: calibration.draws).estimate(decode).gross
    #expect(abs(estimate.value / truth - 1) < 0.03)
    #expect(try #require(estimate.interval).halfWidth < 0.05 * truth)
    // The prior alone knows the same far less well.
    let prior = try #require(EnergyProxy(machine.prior).estimate(decode).gross.interval)
    #expect(prior.halfWidth > 5 * (estimate.interval?.halfWidth ?? .infinity))
  }

  @Test func leavesWhatNoRunTellsWithThePrior() throws {
    var machine = SyntheticMachine(seed: 5)
    let runs = machine.runs().filter { $0.activity.operations[.tileInt8] == nil }
    let calibration = try EnergyCalibration.fit(runs, prior: machine.prior)
    let spread = try #require(machine.prior.spreads[.tileInt8])
    #expect(abs(calibration.coefficients[.tileInt8] / ((spread.low + spread.high) / 2) - 1) < 1e-6)
    #expect(abs(calibration.deviations[.tileInt8] / spread.standardDeviation - 1) < 1e-6)
  }

  @Test func widensItselfForAnotherMachine() throws {
    var machine = SyntheticMachine(seed: 5)
    let calibration = try EnergyCalibration.fit(machine.runs(), prior: machine.prior)
    let other = calibration.transferred(machine.prior)
    let busy = try #require(other.spreads[.busyThread])
    #expect(busy.middle == calibration.coefficients[.busyThread])
    #expect(busy.low * 2 == busy.middle && busy.middle * 2 == busy.high)
  }

  @Test func refusesTooFewRuns() {
    var machine = SyntheticMachine(seed: 1)
    let runs = Array(machine.runs().prefix(1))
    #expect(throws: FitError.self) { try EnergyCalibration.fit(runs, prior: machine.prior) }
  }
}
