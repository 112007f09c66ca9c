/// What to measure, and how long that may take.
package struct MeasureRequest: Sendable {
  package var model: ModelChoice
  package var settings: EngineSettings
  /// Lengths of prompts, and the contexts after which tokens are decoded; nil for the standard ladder, cut where the model
  /// or the memory ends.
  package var contexts: [Int]?
  /// Tokens in the cache before prompts are read; nil for the standard ones, empty for none. The prompts are the contexts that
  /// were asked for, or the standard ones of this use.
  package var cached: [Int]?
  /// Threads to measure with besides those of the settings, each with all requests of one sequence.
  package var otherThreads: [Int] = []
  /// How many of the first layers to measure besides the model's own number, each with all requests of one sequence.
  package var slices: [Int] = []
  /// Numbers of sequences that decode together; nil for the standard ones, empty for none.
  package var sequences: [Int]?
  /// Tokens decoded in one run.
  package var steps = 64
  /// Repetitions below which points are dropped rather than more of them skimped.
  package var repetitions = 6
  /// Repetitions after which enough is known, whatever is left of the budget.
  package var mostRepetitions = 24
  /// In how many processes it is measured, one after another; nil for this one alone.
  package var processes: Int?
  package var budgetSeconds = 60.0
  /// Into how many windows the work is divided, in each of which all points take turns; nil for as many as the budget allows,
  /// `standardWindows` at most.
  package var windows: Int?
  /// The time over which the windows are spread, with sleep between them; nil for one behind the other.
  package var overSeconds: Double?
  /// Which part of the points, where several machines share them; nil for all.
  package var task: MeasureTask?
  /// A figure that ends the measurement when it is known well enough, as it was asked for; nil where the budget alone does.
  package var until: String?
  /// The seed of the tokens and of the order of the runs.
  package var seed: UInt64 = 1

  package var energy = EnergyOptions()

  package init(model: ModelChoice = .standard, settings: EngineSettings) {
    self.model = model
    self.settings = settings
  }

  package static let processRange = 1...10_000
  package static let windowRange = 1...1000
  /// As many as an interval of their median needs, and two that may be lost.
  package static let standardWindows = 8
  static let standardContexts = [0, 32, 128, 256, 512, 1024, 2048]
  static let standardSequences = [2, 4, 8]
  static let standardCached = [1024]
  static let standardPromptsBehindCached = [128, 512]
  /// The context at which sequences decode together: short, because every one of them has to be filled first.
  static let batchContext = 128

  func check() throws(CampaignError) {
    try settings.check()
    try energy.check()
    func refuse(_ name: String, _ value: some CustomStringConvertible, _ expected: String) throws(CampaignError) {
      throw CampaignError(.request, "\(name): \(value) cannot be measured; ask for \(expected)")
    }
    if let bad = contexts?.first(where: { !(0...1 << 24).contains($0) }) {
      try refuse("contexts", bad, "0 tokens or more")
    }
    if contexts?.isEmpty == true { throw CampaignError(.request, "contexts: name at least one") }
    if let bad = cached?.first(where: { !(1...1 << 24).contains($0) }) { try refuse("cached", bad, "1 token or more") }
    if let bad = slices.first(where: { $0 < 1 || $0 >= model.layers ?? .max }) {
      try refuse("slice", bad, "1 layer or more, each number once")
    }
    if let bad = sequences?.first(where: { !(1...1 << 12).contains($0) }) {
      try refuse("sequences", bad, "1 to \(1 << 12)")
    }
    if !(1...1 << 16).contains(steps) { try refuse("steps", steps, "1 to \(1 << 16)") }
    if !(1...1 << 16).contains(repetitions) { try refuse("repetitions", repetitions, "1 to \(1 << 16)") }
    if let processes, !Self.processRange.contains(processes) {
      try refuse("processes", processes, "\(Self.processRange.lowerBound) to \(Self.processRange.upperBound)")
    }
    if let windows, !Self.windowRange.contains(windows) {
      try refuse("windows", windows, "\(Self.windowRange.lowerBound) to \(Self.windowRange.upperBound)")
    }
    if let overSeconds, !(overSeconds >= budgetSeconds && overSeconds < 1e7) {
      throw CampaignError(
        .request, "over: \(overSeconds) s is less than the budget of \(budgetSeconds) s; ask for more")
    }
    if !(budgetSeconds > 0 && budgetSeconds < 1e7) { try refuse("budget", budgetSeconds, "some seconds") }
  }
}
