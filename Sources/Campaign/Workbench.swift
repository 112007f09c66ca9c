import Engine
import KernelContract
import KernelTiming
import Machine
import Metering
import Model
import Quantities
import Records

/// A loaded model, and engines of any settings that share its packed weights.
package final class Workbench {
  package let choice: ModelChoice
  package let identity: ModelIdentity
  package let model: LoadedModel
  /// Of a slice, as many as read as much before a weight is read again as the whole model does, or as caches cannot keep.
  private let copies: [LoadedModel]
  package let machine: MachineDescription
  /// What opening and packing the weights took.
  package let loadTime: Seconds

  private var pools: [PoolKey: ThreadPool] = [:]

  private struct PoolKey: Hashable {
    let threads: Int
    let pin: Bool
  }

  /// Opens the model and packs its weights with all threads of the settings, each the part that it will read.
  package convenience init(_ choice: ModelChoice, settings: EngineSettings, machine: MachineDescription) throws {
    let watch = Stopwatch()
    try self.init(choice, source: choice.open(), settings: settings, machine: machine, since: watch)
  }

  init(
    _ choice: ModelChoice, source: any TensorSource, settings: EngineSettings, machine: MachineDescription,
    since watch: Stopwatch = Stopwatch()
  ) throws {
    try settings.check()
    // The system grants memory that it does not have, and ends the process when it is used.
    if let free = Memory.freeBytes(on: machine), source.weightBytes > free {
      throw CampaignError(
        .request,
        "\(source.origin): its weights take \(source.weightBytes.mebibytes) and \(free.mebibytes) are free: measure its "
          + "first layers with --layers, or take a smaller format")
    }
    self.choice = choice
    self.machine = machine
    identity = choice.identity(of: source)
    let pool = try ThreadPool(threads: settings.threads, pin: settings.pin)
    func load() throws -> LoadedModel {
      try LoadedModel(source, parallel: Parallel { body in pool.run { body($0, pool.threads) } })
    }
    let count = try choice.whole().map { whole in
      min(
        (whole.weightBytes + source.weightBytes - 1) / max(1, source.weightBytes),
        ColdMemory.choose(on: machine).copies(of: source.weightBytes))
    }
    copies = try (0..<max(1, count ?? 1)).map { _ in try load() }
    model = copies[0]
    pools[PoolKey(threads: settings.threads, pin: settings.pin)] = pool
    loadTime = watch.elapsed
  }

  /// An engine with room for `contextLength` tokens in each of `sequences` sequences; the caller keeps it.
  package func engine(_ settings: EngineSettings, contextLength: Int, sequences: Int = 1) throws -> Engine {
    try settings.check()
    let room = try cacheBytes(settings, contextLength: contextLength, sequences: sequences)
    if let free = Memory.freeBytes(on: machine), room > free {
      throw CampaignError(
        .request,
        "\(sequences) sequence\(sequences == 1 ? "" : "s") of \(contextLength) tokens need \(room.mebibytes) of cache "
          + "and \(free.mebibytes) are free: ask for shorter contexts or fewer sequences")
    }
    return try Engine(
      copies: copies, settings.options(contextLength: contextLength, sequences: sequences), pool: pool(of: settings))
  }

  /// The longest context for which memory suffices, with a fifth of it left alone; nil where that is not known.
  func longestContext(_ settings: EngineSettings, sequences: Int) throws -> Int? {
    guard let free = Memory.freeBytes(on: machine) else { return nil }
    return free / 5 * 4 / max(1, try cacheBytes(settings, contextLength: 1, sequences: sequences))
  }

  private func cacheBytes(_ settings: EngineSettings, contextLength: Int, sequences: Int) throws -> Int {
    guard contextLength > 0, sequences > 0 else {
      throw CampaignError(.request, "\(sequences) sequences of \(contextLength) tokens: both must be at least 1")
    }
    let description = model.description
    let perToken =
      description.layerCount * description.keyValueHeadCount
      * (CacheLayout.bytes(settings.keyFormat, elements: description.headSize)
        + CacheLayout.bytes(settings.valueFormat, elements: description.headSize))
    let (tokens, isTooMany) = contextLength.multipliedReportingOverflow(by: sequences)
    let (bytes, isTooLarge) = perToken.multipliedReportingOverflow(by: tokens)
    return isTooMany || isTooLarge ? .max : bytes
  }

  private func pool(of settings: EngineSettings) throws -> ThreadPool {
    let key = PoolKey(threads: settings.threads, pin: settings.pin)
    if let pool = pools[key] { return pool }
    let pool = try ThreadPool(threads: settings.threads, pin: settings.pin)
    pools[key] = pool
    return pool
  }
}

extension Int {
  fileprivate var mebibytes: String { "\(self >> 20) MiB" }
}
