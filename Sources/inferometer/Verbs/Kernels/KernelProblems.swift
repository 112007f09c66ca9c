import Campaign
import KernelContract
import KernelTiming
import Kernels
import Model

/// What the options of `kernels` ask to time.
struct KernelProblems {
  private enum Kind: Equatable { case product, attention, sampling, rows(KernelOperation) }
  private typealias Options = KernelBenchOptions

  private(set) var all: [KernelProblem] = []
  private let arguments: Arguments
  private let filters: KernelFilters
  /// One for each format of a preset, or the file.
  private let sources: [any TensorSource]
  private let tokens: [Int]

  private static let lengths = 1...1 << 20
  /// A model that people know the sizes of.
  private static let standard = "llama-3.1-8b"

  init(_ arguments: Arguments, _ filters: KernelFilters) throws {
    self.arguments = arguments
    self.filters = filters
    tokens = try arguments.integers(Options.tokens, in: Self.lengths) ?? [1, 512]
    sources = try Self.sources(arguments, filters)
    let kinds = try Self.kinds(arguments, filters)
    if kinds.contains(.product) { all += try products() }
    if kinds.contains(.attention) { all += try attention() }
    if kinds.contains(.sampling) { all += try sampling() }
    if case .rows(let operation)? = kinds.first { all += try rows(operation) }
  }

  /// What `--op` says; else what the other options are about; else everything.
  private static func kinds(_ arguments: Arguments, _ filters: KernelFilters) throws(UsageError) -> [Kind] {
    switch filters.operations?.first {
    case .matvec, .matmul: return [.product]
    case .attention: return [.attention]
    case _? where filters.operations == SamplingKernels.operations: return [.sampling]
    case let other? where rowKernels.contains(other): return [.rows(other)]
    case let other?:
      let timed = "matvec matmul attention sampling " + rowKernels.map(\.rawValue).joined(separator: " ")
      throw UsageError(KernelFilters.operation, "'\(other.rawValue)' is listed, not timed; timed are \(timed)")
    case nil: break
    }
    let own: [(Kind, [Option])] = [
      (.product, [Options.shape, Options.against, KernelFilters.format]),
      (.attention, [Options.heads, Options.context, Options.cacheType]), (.sampling, [Options.vocabulary]),
    ]
    let asked = own.filter { $0.1.contains { arguments.contains($0) } }.map(\.0)
    return asked.isEmpty ? own.map(\.0) : asked
  }

  private static let rowKernels = RowOperation.all().map(\.kernel).distinct

  private static func sources(_ arguments: Arguments, _ filters: KernelFilters) throws -> [any TensorSource] {
    if let path = arguments.string(Options.model) {
      for option in [Options.preset, KernelFilters.format, Options.shape] where arguments.contains(option) {
        throw UsageError(option, "has no meaning beside --model; leave one of them out")
      }
      return [try reading { try FileSource(path: path) }]
    }
    if arguments.contains(Options.preset), arguments.contains(Options.shape) {
      throw UsageError(Options.shape, "has no meaning beside --preset; leave one of them out")
    }
    let preset = try ModelChoice.preset(arguments.string(Options.preset) ?? standard)
    // A library multiplies Floats; presets are mostly run in four bits.
    let formats = filters.formats ?? (arguments.contains(Options.against) ? [.f32] : [.q4_0])
    return try formats.map { try preset.source(format: $0, seed: 1, layers: 1) }
  }

  // MARK: - Products

  private func products() throws -> [KernelProblem] {
    let shapes = try arguments.occurrences.filter { $0.option == Options.shape }.map(ProductShape.init)
    if arguments.contains(Options.against), let other = filters.formats?.first(where: { $0 != .f32 }) {
      throw UsageError(
        Options.against, "a CBLAS library multiplies F32 only, not \(other.rawValue); leave --format out")
    }
    if shapes.isEmpty {
      return sources.flatMap { KernelProblem.products(of: $0, tokens: tokens) }
    }
    let formats = filters.formats ?? (arguments.contains(Options.against) ? [.f32] : WeightFormat.allCases)
    return try shapes.flatMap { shape in
      let fitting = formats.filter { shape.columns % $0.blockLength == 0 }
      if let other = filters.formats?.first(where: { !fitting.contains($0) }) {
        throw UsageError(
          Options.shape, "\(shape): a row of \(other.rawValue) is a whole number of \(other.blockLength) weights")
      }
      return fitting.map { KernelProblem.product(shape, $0) }
    }
  }
}

extension KernelProblems {
  // MARK: - Attention, rows and sampling

  fileprivate func attention() throws -> [KernelProblem] {
    let formats = try arguments.choices(Options.cacheType, EngineSettings.cacheFormats) ?? [.f16]
    let contexts = try arguments.integers(Options.context, in: Self.lengths) ?? [4096]
    let heads = try arguments.last(Options.heads).map(Heads.init) ?? Heads(sources[0].description)
    return tokens.flatMap { count in
      contexts.flatMap { context in
        let shape = AttentionShape(
          heads: heads.queries, keyValueHeads: heads.keyValues, headSize: heads.size, tokens: count,
          positions: max(context, count))
        return formats.map { KernelProblem.attention(shape, $0) }
      }
    }
  }

  /// Where no shape is given, as many rows as a model has for each number of tokens.
  fileprivate func rows(_ kernel: KernelOperation) throws -> [KernelProblem] {
    let model = sources[0].description
    let (each, columns) =
      switch kernel {
      case .swiglu, .geglu: (1, model.feedForwardLength)
      case .softcap: (1, model.vocabularySize)
      case .rope, .ropeNeox: (model.headCount, model.rotation.dimensions)
      case .storeKey, .storeValue: (model.keyValueHeadCount, model.headSize)
      default: (1, model.embeddingLength)
      }
    let given = arguments.occurrences.filter { $0.option == Options.shape }
    let shapes = try given.map(RowShape.init)
    if [.rope, .ropeNeox].contains(kernel), let odd = zip(given, shapes).first(where: { $1.columns % 2 != 0 }) {
      throw odd.0.error("has rows of \(odd.1.columns) elements, which do not pair up; \(kernel.rawValue) turns pairs")
    }
    let operations = RowOperation.all(
      weights: filters.formats
        ?? (shapes.isEmpty ? sources.compactMap { $0.tensor("token_embd.weight")?.format } : WeightFormat.allCases),
      cache: try arguments.choices(Options.cacheType, EngineSettings.cacheFormats) ?? [.f16])
    return try (shapes.isEmpty ? tokens.map { RowShape(rows: $0 * each, columns: columns) } : shapes).flatMap { shape in
      try operations.filter { $0.kernel == kernel }.compactMap { operation in
        if case .embedding(let format) = operation, shape.columns % format.blockLength != 0 {
          guard filters.formats != nil else { return nil }
          throw UsageError(
            Options.shape, "\(shape): a row of \(format.rawValue) is a whole number of \(format.blockLength) weights")
        }
        return .rows(operation, shape)
      }
    }
  }

  fileprivate func sampling() throws -> [KernelProblem] {
    let sizes = try arguments.integers(Options.vocabulary, in: Self.lengths) ?? [sources[0].description.vocabularySize]
    return sizes.flatMap { size in SamplingMethod.allCases.map { .sampling($0, vocabulary: size) } }
  }
}

/// How many heads attention has, and how long they are.
private struct Heads {
  let queries: Int
  let keyValues: Int
  let size: Int

  init(_ model: ModelDescription) {
    queries = model.headCount
    keyValues = model.keyValueHeadCount
    size = model.headSize
  }

  /// `32x8x128`
  init(_ occurrence: Arguments.Occurrence) throws(UsageError) {
    let numbers = try occurrence.numbers(3, "query heads, key-value heads and elements of a head, such as 32x8x128")
    (queries, keyValues, size) = (numbers[0], numbers[1], numbers[2])
    let most = AttentionContract.maximumRows
    guard queries % keyValues == 0, queries / keyValues <= most, queries <= 4096, size <= 4096 else {
      throw occurrence.error(
        "cannot be: query heads are a multiple of key-value heads, up to \(most) of them, heads and elements up to 4096"
      )
    }
  }
}

extension ProductShape {
  /// `1x4096x14336`
  init(_ occurrence: Arguments.Occurrence) throws(UsageError) {
    let numbers = try occurrence.numbers(3, "M tokens, N rows and K columns, such as 1x4096x14336")
    self.init(tokens: numbers[0], rows: numbers[1], columns: numbers[2])
  }
}

extension RowShape {
  /// `512x4096`
  init(_ occurrence: Arguments.Occurrence) throws(UsageError) {
    let numbers = try occurrence.numbers(2, "R rows and C columns, such as 512x4096")
    self.init(rows: numbers[0], columns: numbers[1])
  }
}

extension Arguments.Occurrence {
  /// Whole numbers from 1 to 2²⁴ with an x between them.
  func numbers(_ count: Int, _ meaning: String) throws(UsageError) -> [Int] {
    let parts = value.lowercased().split(separator: "x", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }.filter { (1...1 << 24).contains($0) }
    guard parts.count == count, numbers.count == count else {
      throw error("must be \(meaning), each from 1 to \(1 << 24)")
    }
    return numbers
  }
}
