import Model
import Records
import Statistics

/// Everything that decides which runs a measurement makes, kept beside them so that it can be gone on with.
package struct MeasurePlan: Codable, Sendable, Equatable {
  package static let schemaName = "inferometer.plan"
  package static let schemaVersion = 1

  package private(set) var schema = schemaName
  package private(set) var schemaVersion = schemaVersion
  package let toolVersion: String
  package let machineFingerprint: String
  package let choice: ModelChoice
  package let model: ModelIdentity
  package let settings: EngineSettings
  /// Single sequences from the shortest context up, then batches from the smallest up.
  package internal(set) var points: [MeasurePoint]
  package let steps: Int
  /// The repetitions of each process.
  package let repetitions: Int
  package let mostRepetitions: Int
  /// How many processes share the runs; nil where the command's own process makes all of them.
  package let processes: Int?
  package let budgetSeconds: Double
  /// Nil where the budget decides.
  package let windows: Int?
  package let overSeconds: Double?
  /// A figure that ends it, as it was asked for.
  package let until: String?
  /// Which part of the points, of a measurement that several machines share.
  package let task: MeasureTask?
  /// What tells this sitting from others, in every run.
  package let session: String?
  package let seed: UInt64
  package let energy: EnergyOptions

  /// The points of a request that the model's context has room for. A point that was asked for by name and does not fit is
  /// an error; one of the standard ladder is left out and noted.
  package init(
    _ request: MeasureRequest, toolVersion: String, machineFingerprint: String, model: ModelIdentity,
    contextLength: Int, session: String? = nil, note: (Warning) -> Void
  ) throws(CampaignError) {
    try request.check()
    self.toolVersion = toolVersion
    self.machineFingerprint = machineFingerprint
    choice = request.model
    self.model = model
    settings = request.settings
    // A model of a short context still has room for a prompt.
    steps = min(request.steps, max(1, contextLength / 2))
    processes = request.processes
    repetitions = Self.share(of: request.repetitions, processes: request.processes)
    // Windows that are asked for each have a round at least, and more than one where there is time. What is measured until a
    // figure is known has as many as it takes.
    mostRepetitions =
      request.until == nil
      ? max(
        repetitions, Self.share(of: request.mostRepetitions, processes: request.processes), 3 * (request.windows ?? 0))
      : 1 << 16
    budgetSeconds = request.budgetSeconds
    windows = request.windows
    overSeconds = request.overSeconds
    until = request.until
    task = request.task
    self.session = session
    seed = request.seed
    energy = request.energy

    let ladder = Set(request.contexts ?? MeasureRequest.standardContexts).sorted()
    let longest = contextLength - steps
    let fitting = ladder.filter { $0 <= longest }
    if let tooLong = ladder.first(where: { $0 > longest }) {
      let reason = "the model's context is \(contextLength) tokens"
      guard request.contexts == nil, !fitting.isEmpty else {
        throw CampaignError(
          .request, "context \(tooLong) and \(steps) tokens after it: \(reason); ask for shorter ones")
      }
      note(Warning(code: "dropped-points", message: "contexts from \(tooLong) on are left out: \(reason)"))
    }
    let place = fitting.last { $0 <= MeasureRequest.batchContext } ?? fitting[0]
    let batches = Set(request.sequences ?? MeasureRequest.standardSequences).subtracting([1]).sorted()
    let requests = fitting.map { MeasurePoint(contextTokens: $0) } + Self.behindCached(request, fitting, longest)
    let settings = settings
    let all =
      requests + batches.map { MeasurePoint(contextTokens: place, sequences: $0) }
      + Set(request.otherThreads).subtracting([settings.threads]).sorted().flatMap { threads in
        requests.map { MeasurePoint(contextTokens: $0.contextTokens, cachedTokens: $0.cachedTokens, threads: threads) }
      }
      + Set(request.slices).sorted().flatMap { layers in
        requests.map { MeasurePoint(contextTokens: $0.contextTokens, cachedTokens: $0.cachedTokens, layers: layers) }
      }
    guard let task else {
      points = all
      return
    }
    points = all.indices.filter { $0 % task.count == task.index - 1 }.map { all[$0] }
    if points.isEmpty {
      throw CampaignError(
        .request,
        "task \(task): the measurement has \(all.count) points; cut it into at most as many, or name more with --contexts"
      )
    }
  }

  /// Prompts behind a filled cache, where the model's context has room for both.
  private static func behindCached(_ request: MeasureRequest, _ contexts: [Int], _ longest: Int) -> [MeasurePoint] {
    let prompts = request.contexts == nil ? MeasureRequest.standardPromptsBehindCached : contexts.filter { $0 > 0 }
    // Lengths that were asked for stand for all that was asked for.
    let depths = request.cached ?? (request.contexts == nil ? MeasureRequest.standardCached : [])
    return Set(depths).sorted().flatMap { depth in
      Set(prompts).sorted().map { MeasurePoint(contextTokens: $0, cachedTokens: depth) }
    }.filter { $0.length <= longest }
  }

  /// Each process makes at least two of the repetitions that they share: one does not tell what those of a process have in common.
  private static func share(of repetitions: Int, processes: Int?) -> Int {
    processes.map { max(min(2, repetitions), (repetitions + $0 - 1) / $0) } ?? repetitions
  }

  /// The order of one repetition: shuffled, so that a drift of the machine does not look like a curve over the points. Each
  /// process begins the same order at another point, so that over the processes every point has had every place.
  package func order(of repetition: Int, process: Int = 0) -> [MeasurePoint] {
    var random = SplitMix64(seed: seed &+ UInt64(repetition) &* 0x1_0000_0001)
    var order = points
    for index in order.indices.dropFirst().reversed() { order.swapAt(index, random.index(below: index + 1)) }
    let start = order.isEmpty ? 0 : process % order.count
    return Array(order[start...] + order[..<start])
  }

  func settings(of point: MeasurePoint) -> EngineSettings {
    var settings = settings
    settings.threads = point.threads ?? settings.threads
    return settings
  }

  /// An engine with room for all points that can share it.
  func needs(of point: MeasurePoint) -> EngineNeeds {
    let sharing = points.filter(point.sharesEngine)
    return EngineNeeds(
      settings(of: point), layers: point.layers, sequences: sharing.map(\.sequences).max() ?? 1,
      contextLength: (sharing.map(\.length).max() ?? 0) + steps)
  }

  /// Whether a run can be one of this plan's.
  func covers(_ record: RunRecord) -> Bool {
    let threads = [settings.threads] + points.compactMap(\.threads)
    let isSlice = points.contains { $0.layers != nil } && record.model.source == model.source
    return record.machineFingerprint == machineFingerprint && (record.model == model || isSlice)
      && threads.contains(record.configuration.threads) && record.configuration.batch == settings.batch
      && record.configuration.microBatch == min(settings.microBatch, settings.batch)
      && record.configuration.keyType == settings.keyFormat.rawValue
      && record.configuration.valueType == settings.valueFormat.rawValue
      && record.configuration.activations == settings.activations.rawValue
      && (settings.isaCap == nil || record.configuration.isa == settings.isaCap?.rawValue)
      && (record.phase != .decode || record.generatedTokens == steps)
  }

  /// The first thing that no plan can have, or nil: the file may have been edited.
  var defect: String? {
    var request = MeasureRequest(model: choice, settings: settings)
    request.steps = steps
    request.repetitions = repetitions
    request.budgetSeconds = budgetSeconds
    request.windows = windows
    request.overSeconds = overSeconds
    request.processes = processes
    request.energy = energy
    request.contexts = points.map(\.contextTokens)
    request.sequences = points.map(\.sequences)
    request.cached = points.compactMap(\.cachedTokens)
    request.slices = points.compactMap(\.layers)
    do throws(CampaignError) {
      try request.check()
      for point in points { try settings(of: point).check() }
    } catch {
      return error.description
    }
    if let layers = points.compactMap(\.layers).first(where: { $0 < 1 }) { return "layers is \(layers)" }
    return (repetitions...1 << 16).contains(mostRepetitions) ? nil : "most_repetitions is \(mostRepetitions)"
  }
}
