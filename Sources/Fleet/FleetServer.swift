import Glibc

/// What is known of a server without running a model on it, and what was measured of models on it.
package struct FleetServer: Sendable {
  package var name: String
  package var processorName: String
  package var features: Features
  package var rows: [Row]

  package init(name: String, processorName: String, features: Features, rows: [Row] = []) {
    self.name = name
    self.processorName = processorName
    self.features = features
    self.rows = rows
  }

  /// A test of one model: a prompt of that many tokens, or as many generated.
  package struct Row: Sendable, Hashable {
    package var model: ModelShape
    package var promptTokens: Int
    package var generatedTokens: Int
    package var tokensPerSecond: Double

    package init(model: ModelShape, promptTokens: Int, generatedTokens: Int, tokensPerSecond: Double) {
      self.model = model
      self.promptTokens = promptTokens
      self.generatedTokens = generatedTokens
      self.tokensPerSecond = tokensPerSecond
    }

    var isPrompt: Bool { promptTokens > 0 }
    var tokens: Double { Double(max(promptTokens, generatedTokens)) }
    var logSeconds: Double { -log(tokensPerSecond) }
    /// `Llama 7B tg128`
    package var test: String { "\(model.name) \(isPrompt ? "pp" : "tg")\(max(promptTokens, generatedTokens))" }
  }

  /// Specifications and bandwidth.
  package struct Features: Codable, Sendable, Hashable {
    package var threads: Double
    package var processors: Double
    package var threadsPerCore: Double
    package var sockets: Double
    package var isArm: Bool
    package var maker: String
    /// As it states itself; servers of one processor have more in common.
    package var processor: String
    package var instructionSets: Set<String>
    package var backend: String
    package var lastCacheBytes: Double
    package var memoryBytes: Double
    package var isVirtual: Bool
    /// Read bytes a second with all threads, by the megabytes that are touched.
    package var readBandwidth: [Double: Double]
    /// stress-ng's operations a second of one and of all processors.
    package var stressOne: Double
    package var stressAll: Double

    package init(
      threads: Double, processors: Double, threadsPerCore: Double = 2, sockets: Double = 1, isArm: Bool = false,
      maker: String = "", processor: String = "", instructionSets: Set<String> = [], backend: String = "",
      lastCacheBytes: Double = 0,
      memoryBytes: Double = 0, isVirtual: Bool = true, readBandwidth: [Double: Double] = [:], stressOne: Double = 0,
      stressAll: Double = 0
    ) {
      self.threads = threads
      self.processors = processors
      self.threadsPerCore = threadsPerCore
      self.sockets = sockets
      self.isArm = isArm
      self.maker = maker
      self.processor = processor
      self.instructionSets = instructionSets
      self.backend = backend
      self.lastCacheBytes = lastCacheBytes
      self.memoryBytes = memoryBytes
      self.isVirtual = isVirtual
      self.readBandwidth = readBandwidth
      self.stressOne = stressOne
      self.stressAll = stressAll
    }

    /// What servers share whose residuals are taken together.
    var instructionClass: String {
      if isArm { return instructionSets.contains("i8mm") ? "arm-i8mm" : "arm" }
      if instructionSets.contains("amx_int8") { return "amx" }
      if instructionSets.contains("avx512_bf16") { return maker.contains("AMD") ? "zen4" : "avx512-bf16" }
      if instructionSets.contains("avx512f") {
        return instructionSets.contains("avx512_vnni") ? "avx512-vnni" : "avx512"
      }
      return "avx2"
    }

    var usesAll: Bool { threads >= processors }

    /// Numbers that parameters are regressed on; those that are not known are nil.
    var vector: [Double?] {
      func logOf(_ value: Double?) -> Double? { value.flatMap { $0 > 0 ? log($0) : nil } }
      func flag(_ value: Bool) -> Double { value ? 1 : 0 }
      func has(_ name: String) -> Double { flag(instructionSets.contains(name)) }
      let bandwidth = [0.262, 1, 4, 16, 64, 512].map { logOf(readBandwidth[$0]) }
      let sizes = [
        logOf(threads), logOf(processors), flag(usesAll), flag(usesAll) * log(max(1, threads)), logOf(threadsPerCore),
        logOf(sockets), logOf(lastCacheBytes), logOf(memoryBytes), flag(isVirtual), logOf(stressOne), logOf(stressAll),
        flag(threads > 64), max(0, log(threads / 32)),
      ]
      let sets = [
        flag(isArm), flag(maker.contains("AMD")), has("avx512f"), has("avx512_vnni"), has("avx512_bf16"),
        has("amx_int8"),
        has("avx_vnni"), has("i8mm"), has("sve"), has("sve2"),
      ]
      let backends = ["icelake", "skylakex", "haswell", "sapphirerapids", "sandybridge"].map { flag(backend == $0) }
      return bandwidth + sizes + sets + backends
    }
  }
}
