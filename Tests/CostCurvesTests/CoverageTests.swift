import CostCurves
import Foundation
import Statistics
import Testing

/// Synthetic costs of known truth: the intervals must hold it about as often as they say.
@Suite struct CoverageTests {
  /// The noise of a shared machine, as it was fitted to records: two states with dwell times, a slow drift, and scatter of runs.
  struct Noise: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Mean seconds in the fast and in the slow state.
    var fast = 1.0
    var slow = 1.0
    /// How much slower the slow state is, of which decode feels a share and prefill all.
    var ratio = 1.0
    var decodeShare = 0.5
    /// Seconds and relative deviation of the drift.
    var driftTime = 60.0
    var drift = 0.0
    /// Relative deviation of runs.
    var scatter: Double

    static let all = [
      Noise(testDescription: "independent", scatter: 0.06),
      Noise(
        testDescription: "shared EPYC", fast: 5, slow: 2.2, ratio: 1.25, decodeShare: 0.7, drift: 0.02, scatter: 0.05),
      Noise(testDescription: "shared Xeon", fast: 5, slow: 3, ratio: 1.7, drift: 0.03, scatter: 0.05),
      Noise(
        testDescription: "states of 30 to 60 s", fast: 60, slow: 30, ratio: 1.5, driftTime: 120, drift: 0.03,
        scatter: 0.04),
    ]
  }

  private static let contexts = [0, 32, 128, 256, 512, 1024, 2048]
  private static let prompts = [32, 128, 256, 512, 1024, 2048]
  /// Of a step at the middle of the contexts of a run from that one on.
  private static func decode(_ context: Int) -> Double { 2.05e-3 + 8.2e-7 * (Double(context) + Double(steps - 1) / 2) }
  private static func prefill(_ tokens: Int) -> Double {
    8e-3 + 1.46e-4 * Double(tokens) + 7.5e-8 * Double(tokens * tokens)
  }
  private static let steps = 16

  /// The runs of one window that begins at a time of its own: all places in turn, prefill before decode.
  private static func window(
    _ number: Int, repetitions: Int, _ noise: Noise, _ random: inout SplitMix64
  ) -> (prefill: [Point], decode: [Point]) {
    let tick = 0.05
    let decay = exp(-tick / noise.driftTime)
    var isSlow = random.unit() < noise.slow / (noise.slow + noise.fast)
    var drift = noise.drift * Normal.quantile(random.unit())
    /// The mean disturbance over the seconds that a run takes.
    func disturbance(_ seconds: Double, _ random: inout SplitMix64) -> Double {
      var sum = 0.0
      let ticks = max(1, Int(seconds / tick))
      for _ in 0..<ticks {
        if random.unit() < tick / (isSlow ? noise.slow : noise.fast) { isSlow.toggle() }
        drift = drift * decay + noise.drift * (1 - decay * decay).squareRoot() * Normal.quantile(random.unit())
        sum += (isSlow ? log(noise.ratio) : 0) + drift
      }
      return sum / Double(ticks)
    }
    var points: (prefill: [Point], decode: [Point]) = ([], [])
    for _ in 0..<repetitions {
      var order = Array(contexts.indices)
      for index in order.indices.reversed() { order.swapAt(index, random.index(below: index + 1)) }
      for index in order {
        if index > 0 {
          let (x, cost) = (prompts[index - 1], prefill(prompts[index - 1]))
          let factor = exp(disturbance(cost, &random) + noise.scatter * Normal.quantile(random.unit()))
          points.prefill.append(.prompt(x, cost: cost * factor, unit: number))
        }
        let (x, cost) = (contexts[index], decode(contexts[index]))
        let factor = exp(
          noise.decodeShare * disturbance(Double(steps) * cost, &random) + noise.scatter
            * Normal.quantile(random.unit()))
        points.decode.append(.step(at: x, cost: cost * factor, count: steps, unit: number))
      }
    }
    return points
  }

  /// What verdicts leave: where a run took a seventh longer than it should, three of four are marked.
  private static func unmarked(_ points: [Point], _ law: (Place) -> Double, _ random: inout SplitMix64) -> [Point] {
    points.filter { $0.cost < 1.15 * law($0.place) || random.unit() < 0.25 }
  }

  /// Of 400 measurements in eight windows of two repetitions each, how many intervals hold what 1,000 windows give.
  @Test(arguments: Noise.all) func intervalsOfWindowsHoldTheTruth(noise: Noise) throws {
    var random = SplitMix64(seed: 12)
    for (phase, family, places) in [
      ("prefill", Family.quadratic, [32, 200, 700, 1500, 2048]),
      ("decode", .affineInContext, [8, 300, 750, 1500, 2000]),
    ] {
      let law = { (place: Place) in phase == "prefill" ? Self.prefill(place.tokens) : Self.decode(place.context) }
      func points(_ windows: Int, _ kind: Curve.Kind) -> [Point] {
        let all = (0..<windows).flatMap { number in
          let window = Self.window(number, repetitions: 2, noise, &random)
          return phase == "prefill" ? window.prefill : window.decode
        }
        return kind == .asPaid ? all : Self.unmarked(all, law, &random)
      }
      for kind in [Curve.Kind.asPaid, .undisturbed] {
        // Units of many windows give the same curve in less time.
        let many = points(1000, kind).map { point in
          var point = point
          point.unit %= 4
          return point
        }
        let truth = try Curve.fit(many, kind: kind, families: [family])
        var held = Array(repeating: 0, count: family.terms.count + places.count)
        let trials = 400
        for _ in 0..<trials {
          let curve = try Curve.fit(points(8, kind), kind: kind, families: [family])
          for (index, estimate) in curve.coefficientEstimates.enumerated()
          where try #require(estimate.interval).contains(truth.coefficients[index]) {
            held[index] += 1
          }
          for (index, x) in places.enumerated() {
            let place = phase == "prefill" ? Place(tokens: x) : Place(context: x)
            let (cost, estimate) = (try truth.predict(at: place).value, try curve.predict(at: place))
            let (value, interval) = (estimate.value, try #require(estimate.interval))
            if (cost - value).magnitude <= interval.halfWidth {
              held[family.terms.count + index] += 1
            }
          }
        }
        let shares = held.map { (Double($0) / Double(trials) * 1000).rounded() / 10 }
        print("coverage, \(noise.testDescription), \(phase), \(kind.rawValue): \(shares) %")
        // Verdicts take runs from the slow windows only, which no resampling of windows knows.
        let least = kind == .asPaid ? 0.9 : 0.8
        #expect(held.allSatisfy { Double($0) >= least * Double(trials) }, "\(phase) \(kind): \(shares)")
      }
    }
  }

  /// The same points taken for independent ones promise too much.
  @Test func forgettingTheWindowsLosesTheTruth() throws {
    var random = SplitMix64(seed: 13)
    var held = 0
    for _ in 0..<200 {
      let points = (0..<8).flatMap { Self.window($0, repetitions: 2, Noise.all[3], &random).decode }
      let alone = points.map { Point.step(at: $0.place.context, cost: $0.cost, count: Int($0.count)) }
      let curve = try Curve.fit(alone, families: [.affineInContext])
      // Decode feels half of the states: 1/3 of the time 1.5^½ slower, and the drift evens out.
      let truth = Self.decode(743) * (2 + 1.5.squareRoot()) / 3
      if try #require(try curve.predict(at: Place(context: 750)).interval).contains(truth) { held += 1 }
    }
    #expect(held < 140, "\(held) of 200")
  }

  /// A prefill with no quadratic part lies on the edge of what is allowed: the interval may only err on the safe side.
  @Test func nonNegativeIntervalsAreSafeAtTheEdge() throws {
    var generator = SplitMix64(seed: 14)
    var covered = 0
    for _ in 0..<300 {
      let points = [16, 64, 128, 256, 512, 1024].map { x in
        Point.prompt(x, cost: (0.01 + 0.001 * Double(x)) * (1 + 0.01 * Normal.quantile(generator.unit())))
      }
      let curve = try Curve.fit(points, families: [.quadratic])
      if try #require(try curve.predict(at: Place(tokens: 700)).interval).contains(0.71) { covered += 1 }
    }
    #expect(Binomial(trials: 300, probability: 0.95).atMost(covered) > 0.001, "\(covered)")
  }

  /// By the rule of one standard error a needless term is the exception and a needed one is found.
  @Test(arguments: [(Family.constant, 0.0, 0.0), (.affine, 0.8, 0), (.quadratic, 0.4, 0.4)])
  func theTrueFamilyIsUsuallyChosen(family: Family, b: Double, c: Double) throws {
    var generator = SplitMix64(seed: 15)
    var chosen = 0
    for _ in 0..<200 {
      let points = (0..<6).flatMap { unit in
        [1, 256, 512, 1024, 2048, 4096].map { x in
          let u = Double(x) / 4096
          return Point.prompt(
            x, cost: (1 + b * u + c * u * u) * (1 + 0.02 * Normal.quantile(generator.unit())), unit: unit)
        }
      }
      if try Curve.fit(points, families: CurveFitTests.all).family == family { chosen += 1 }
    }
    // For the majority to be chance, at an even chance of each fit, is less likely than one in a thousand.
    #expect(Binomial(trials: 200, probability: 0.5).atLeast(chosen) < 0.001, "\(chosen)")
  }
}
