import CostCurves
import Statistics

/// A strategy made ready to be drawn: the work of its tasks, counted once.
struct StrategyModel: Sendable {
  let name: String
  let plan: Plan
  let levers: Scenario.Levers
  let measured: MeasuredCosts
  let sequences: Int
  private let counted: CountedTasks
  let outside: OutsideShares
  /// How far rivals of the curves are from them for the work that lies beyond what was measured, as shares of its seconds.
  private let rivalry: Double
  /// Of the mean request, in 95 of 100 cases; nil where nothing near was measured.
  let outputTokenWait: MeasuredCosts.Wait?
  let firstTokenSeconds: Double?

  /// Of all that is asked, what lies outside of what was measured.
  package struct OutsideShares: Sendable, Hashable {
    package var tasks = 0.0
    package var tokens = 0.0
    package var dollars = 0.0
  }

  /// What a task takes under a draw.
  struct PerTask {
    var work: Work
    var successes: Double
    /// Busy seconds by what is charged for.
    var inputSeconds: Double
    var cachedSeconds: Double
    var reasoningSeconds: Double
    var outputSeconds: Double

    var seconds: Double { inputSeconds + cachedSeconds + reasoningSeconds + outputSeconds }
    var prefillSeconds: Double { inputSeconds + cachedSeconds }
    var decodeSeconds: Double { reasoningSeconds + outputSeconds }
  }

  enum Length { case asItIs, longer, shorter }

  init(
    _ strategy: Scenario.Strategy, _ scenario: Scenario, _ measured: MeasuredCosts, sequences: Int,
    _ counted: CountedTasks
  ) throws(ScenarioError) {
    name = strategy.name
    plan = scenario.plans.first { $0.name == strategy.plan }!.plan
    levers = strategy.levers
    self.measured = measured
    self.sequences = sequences
    self.counted = counted
    let reach = counted.reach
    if reach.lacksDepth {
      throw ScenarioError(
        "strategies '\(strategy.name)'",
        "asks for cached prompts, and record '\(measured.name)' has none; measure them: "
          + measured.remedy(reach.longestPrompt, reach.deepest, reach.longestContext, sequences))
    }

    let fit = CurvesDraw(measured.curves)
    let all = Self.perTask(counted.groups, Draw(), .init(fit, measured, sequences), rivalry: 0)
    let outer = Self.seconds(counted.workOutside, .init(fit, measured, sequences))
    let once = counted.groups.reduce(Work()) { $0 + $1.work.base }
    let whole = Self.seconds(once, .init(fit, measured, sequences))
    outside = OutsideShares(
      tasks: counted.shareOutside, tokens: once.tokens > 0 ? counted.workOutside.tokens / once.tokens : 0,
      dollars: whole > 0 ? outer / whole : 0)
    rivalry = scenario.outside == .clip ? 0 : Self.rivalry(counted.workOutside, measured.curves, sequences, of: whole)
    // A lognormal has no end: what is refused is more than one task of a hundred.
    if scenario.outside == .refuse, outside.tasks > 0.01 {
      throw ScenarioError(
        "strategies '\(strategy.name)'",
        "\(percent(outside.tasks)) of the tasks, with \(percent(outside.tokens)) of the tokens and "
          + "\(percent(outside.dollars)) of the cost, lie outside of what record '\(measured.name)' measured "
          + "(at most 1 % of the tasks may); measure further: "
          + measured.remedy(reach.longestPrompt, reach.deepest, reach.longestContext, sequences)
          + "; or write outside: \"extrapolate\" or \"clip\"")
    }

    // What one request of the mean task waits for, beside what was measured nearest to it.
    let requests = max(all.work.requests, 1e-300)
    let context = Int(((all.work.inputTokens + all.work.cachedTokens + all.work.outputTokens / 2) / requests).rounded())
    outputTokenWait = measured.steps.filter { $0.place.sequences == sequences }
      .min { abs($0.place.context - context) < abs($1.place.context - context) }
    let tokens = Int((all.work.inputTokens / requests).rounded())
    let cached = Int((all.work.cachedTokens / requests).rounded())
    func distance(_ place: Place) -> Int { abs(place.tokens - tokens) + abs(place.context - cached) / 4 }
    let nearest = measured.prefills.min { distance($0.place) < distance($1.place) }
    firstTokenSeconds = nearest.map { wait in
      // The noise of the nearest place, about the mean of the request.
      let curve = measured.curves.prefill
      func cost(_ place: Place) -> Double {
        zip(curve.coefficients, curve.family.factors(of: curve.growth.demand(of: place))).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return wait.p95Seconds * cost(Place(tokens: max(1, tokens), context: cached)) / cost(wait.place)
    }
  }

  func perTask(_ draw: Draw, _ length: Length = .asItIs) -> PerTask {
    let groups =
      switch length {
      case .asItIs: counted.groups
      case .longer: counted.longer
      case .shorter: counted.shorter
      }
    let curves = draw.curves[measured.name] ?? CurvesDraw(measured.curves)
    return Self.perTask(groups, draw, Rates(curves, measured, sequences), rivalry: rivalry)
  }

  /// The coefficients that a strategy's work is multiplied with.
  private struct Rates {
    var prefill: [Double]
    var prefillFamily: Family
    var decode: [Double]
    var decodeFamily: Family
    var sampling: Double
    var startUp: Double
    var prefillShare: Double
    var decodeShare: Double
    var beyond: Double

    init(_ draw: CurvesDraw, _ measured: MeasuredCosts, _ sequences: Int) {
      let curves = measured.curves
      let batch = sequences > 1 ? curves.batch : nil
      prefill = draw.prefill
      prefillFamily = curves.prefill.family
      decode = batch == nil ? draw.decode : draw.batch
      decodeFamily = (batch ?? curves.decode).family
      sampling = draw.sampling
      // A batch begins together.
      startUp = draw.startUp / Double(sequences)
      prefillShare = max(0, 1 + draw.misfit[0] * (curves.prefill.lackOfFit?.misfit ?? 0))
      decodeShare = max(0, 1 + draw.misfit[1] * ((batch ?? curves.decode).lackOfFit?.misfit ?? 0))
      beyond = draw.beyond
    }

    func prefillSeconds(_ demand: Demand) -> Double { prefillShare * dot(prefill, prefillFamily.factors(of: demand)) }
    func decodeSeconds(_ demand: Demand) -> Double { decodeShare * dot(decode, decodeFamily.factors(of: demand)) }
  }

  private static func perTask(_ groups: [CountedTasks.Group], _ draw: Draw, _ rates: Rates, rivalry: Double) -> PerTask
  {
    var work = Work()
    var successes = 0.0
    for group in groups {
      let attempts = Attempts(success: draw(group.success), most: group.mostAttempts)
      work = work + group.work(draw) * (attempts.successShare + attempts.failedPerTask * draw(group.failedFactor))
      successes += group.share * attempts.successShare
    }
    let beyond = max(0, 1 + rivalry * rates.beyond)
    let answered = work.reasoningTokens + work.outputTokens
    let startUp = answered > 0 ? rates.startUp * work.answers / answered : 0
    // An uncertain fit may give a phase less than nothing; no phase takes that.
    func cost(_ seconds: Double) -> Double { max(0, seconds) * beyond }
    return PerTask(
      work: work, successes: successes, inputSeconds: cost(rates.prefillSeconds(work.input)),
      cachedSeconds: cost(rates.prefillSeconds(work.behindCache)),
      reasoningSeconds: cost(
        rates.decodeSeconds(work.reasoning) + (rates.sampling + startUp) * work.reasoningTokens),
      outputSeconds: cost(rates.decodeSeconds(work.output) + (rates.sampling + startUp) * work.outputTokens))
  }

  private static func seconds(_ work: Work, _ rates: Rates) -> Double {
    rates.prefillSeconds(work.input) + rates.prefillSeconds(work.behindCache) + rates.decodeSeconds(work.reasoning)
      + rates.decodeSeconds(work.output) + rates.sampling * (work.reasoningTokens + work.outputTokens)
      + rates.startUp * work.answers
  }

  /// Half of how far the farthest rival is from each curve over the work beyond, as a share of all seconds.
  private static func rivalry(_ work: Work, _ curves: TokenCurves, _ sequences: Int, of seconds: Double) -> Double {
    guard seconds > 0 else { return 0 }
    func apart(_ curve: Curve, _ demand: Demand) -> Double {
      let value = dot(curve.coefficients, curve.family.factors(of: demand))
      return curve.rivals.reduce(0) { max($0, (dot($1.coefficients, $1.family.factors(of: demand)) - value).magnitude) }
    }
    let decode = sequences > 1 ? curves.batch ?? curves.decode : curves.decode
    let prefill = apart(curves.prefill, work.input + work.behindCache)
    let steps = apart(decode, work.reasoning + work.output)
    return (prefill * prefill + steps * steps).squareRoot() / 2 / seconds
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
