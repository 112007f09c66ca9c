import Campaign
import KernelContract
import KernelTiming
import Kernels
import Machine

/// The options of `kernels` that time.
enum KernelBenchOptions {
  static let bench = Option("--bench", help: "time kernels at sizes of a model of 8 billion parameters")
  static let shape = Option(
    "--shape", value: "MxNxK",
    help: "M tokens by N rows of K weights each; with --op of rows RxC, R rows of C elements; may be repeated")
  static let model = Option("-m", "--model", value: "FILE", help: "the sizes and formats of a model in a GGUF file")
  static let preset = Option("--preset", value: "NAME", help: "the sizes of a well-known model, in --format (Q4_0)")
  static let tokens = Option(
    "--tokens", value: "N,…", help: "tokens computed together, where no --shape says so (1,512)")
  static let heads = Option("--heads", value: "QxHxD", help: "Q query heads and H key-value heads of D elements")
  static let context = Option("--context", value: "N,…", help: "tokens that attention sees (4096)")
  static let cacheType = Option(
    "--cache-type", value: "TYPE,…", help: "the format of keys and values: f32 f16 bf16 q8_0 (f16)")
  static let vocabulary = Option("--vocabulary", value: "N,…", help: "logits that are sampled from")
  static let threads = Option("-t", "--threads", value: "N,…", help: Option.threads.help)
  static let cold = Option(
    "--cold", help: "read memory that no cache holds, the default for what a decode step reads from memory")
  static let warm = Option("--warm", help: "read the same memory in every call; with --cold, both")
  static let against = Option(
    "--against", value: "NAME",
    help: "a CBLAS library to time F32 products against: openblas, blis, mkl or its path; may be repeated")
  static let seconds = Option("--seconds", value: "S", help: "how long each row is timed (1)")

  static let noRoofs = Option("--no-roofs", help: "do not measure roofs, which takes most of a short bench's time")

  static let sizes = [shape, model, preset, tokens, heads, context, cacheType, vocabulary]
  static let conditions = [bench, threads, cold, warm, against, seconds, noRoofs, Option.noPin, .slow]

  static func areAsked(_ arguments: Arguments) -> Bool {
    (sizes + conditions).contains { arguments.contains($0) }
  }
}

extension KernelBenchRequest {
  private typealias Options = KernelBenchOptions

  init(
    _ arguments: Arguments, _ filters: KernelFilters, _ mode: ActivationMode, on machine: MachineDescription
  ) throws {
    let libraries = try Self.libraries(arguments)
    self.init(
      try KernelProblems(arguments, filters).all,
      threads: try arguments.integers(Options.threads, in: EngineSettings.threadRange)
        ?? [EngineSettings.standard(on: machine).threads])
    self.libraries = libraries
    takesAll = filters.operations != nil || filters.sets != nil
    operation = filters.operations?.first
    for set in filters.sets ?? [] { _ = try KernelSelection(cap: set) }
    sets = filters.sets
    activations = mode
    let (cold, warm) = (arguments.contains(Options.cold), arguments.contains(Options.warm))
    if cold || warm { isCold = (cold ? [true] : []) + (warm ? [false] : []) }
    secondsEach = try arguments.number(Options.seconds, in: 0.001...3600) ?? secondsEach
    pin = !arguments.contains(.noPin)
    measuresRoofs = !arguments.contains(Options.noRoofs)
    slowdown = try arguments.slowdown()
  }

  private static func libraries(_ arguments: Arguments) throws(UsageError) -> [CBLAS] {
    var libraries: [CBLAS] = []
    for occurrence in arguments.occurrences where occurrence.option == Options.against {
      do {
        libraries.append(try CBLAS.open(occurrence.value))
      } catch {
        throw occurrence.error(error.description, showingValue: false)
      }
    }
    return libraries
  }
}
