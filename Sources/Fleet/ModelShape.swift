/// What of a model the law of a fleet goes by.
package struct ModelShape: Codable, Hashable, Sendable {
  package var name: String
  package var layers: Double
  package var width: Double
  package var feedForward: Double
  package var heads: Double
  package var keyValueHeads: Double
  package var headSize: Double
  package var vocabulary: Double
  package var isTied: Bool
  /// Weights of the file, and the bytes that they take there.
  package var parameters: Double
  package var bytes: Double

  package init(
    name: String, layers: Int, width: Int, feedForward: Int, heads: Int, keyValueHeads: Int, headSize: Int,
    vocabulary: Int, isTied: Bool, parameters: Double, bytes: Double
  ) {
    self.name = name
    self.layers = Double(layers)
    self.width = Double(width)
    self.feedForward = Double(feedForward)
    self.heads = Double(heads)
    self.keyValueHeads = Double(keyValueHeads)
    self.headSize = Double(headSize)
    self.vocabulary = Double(vocabulary)
    self.isTied = isTied
    self.parameters = parameters
    self.bytes = bytes
  }

  /// Weights of the output head, which every generated token is multiplied by.
  var head: Double { vocabulary * width }
  /// Weights of products with every token; rows of an embedding are looked up.
  var body: Double { parameters - head * (isTied ? 1 : 2) }
  var products: Double { body + head }
  /// Bytes that a generated token reads.
  var bytesRead: Double { bytes * products / parameters }
  /// Elements of the cache that a token of context adds.
  var cached: Double { 2 * layers * keyValueHeads * headSize }
  /// Operations of attention for each token attended to, with what softmax costs.
  var attention: Double { layers * heads * (headSize + 80) }
  var elementwise: Double { layers * (10 * width + 3 * feedForward + 2 * heads * headSize) }
}

extension ModelShape {
  /// Models that fleets were measured with, by the beginning of their file's name. Sources: the models' published `config.json`.
  package static func known(file: String, parameters: Double, bytes: Double) -> ModelShape? {
    let name = file.split(separator: "/").last.map { $0.lowercased() } ?? ""
    // Its successor has the same shape.
    let prefix = name.hasPrefix("smollm2-") ? name.replacing("smollm2-", with: "smollm-") : name
    return shapes.first { prefix.hasPrefix($0.prefix) }.map { known in
      var shape = known.shape
      (shape.parameters, shape.bytes) = (parameters, bytes)
      return shape
    }
  }

  package static var all: [ModelShape] { shapes.map(\.shape) }
  package static var knownFiles: [String] { shapes.map { "\($0.prefix)…" } }

  // swift-format-ignore
  private static let shapes: [(prefix: String, shape: ModelShape)] = [
    ("smollm-135m", .init(name: "SmolLM 135M", layers: 30, width: 576, feedForward: 1536, heads: 9, keyValueHeads: 3, headSize: 64, vocabulary: 49152, isTied: true, parameters: 134515008, bytes: 103668480)),
    ("qwen1_5-0_5b", .init(name: "Qwen1.5 0.5B", layers: 24, width: 1024, feedForward: 2816, heads: 16, keyValueHeads: 16, headSize: 64, vocabulary: 151936, isTied: false, parameters: 619570176, bytes: 401210368)),
    ("gemma-2b", .init(name: "Gemma 2B", layers: 18, width: 2048, feedForward: 16384, heads: 8, keyValueHeads: 1, headSize: 256, vocabulary: 256000, isTied: true, parameters: 2506172416, bytes: 1489055744)),
    ("llama-7b", .init(name: "Llama 7B", layers: 32, width: 4096, feedForward: 11008, heads: 32, keyValueHeads: 32, headSize: 128, vocabulary: 32000, isTied: false, parameters: 6738415616, bytes: 4080263168)),
    ("phi-4", .init(name: "Phi-4 14B", layers: 40, width: 5120, feedForward: 17920, heads: 40, keyValueHeads: 10, headSize: 128, vocabulary: 100352, isTied: false, parameters: 14659507200, bytes: 9049559040)),
    ("llama-3.3-70b", .init(name: "Llama 3.3 70B", layers: 80, width: 8192, feedForward: 28672, heads: 64, keyValueHeads: 8, headSize: 128, vocabulary: 128256, isTied: false, parameters: 70553706560, bytes: 42512531712)),
  ]
}

extension FleetServer.Row {
  /// A prompt of 512 and 128 generated tokens of each model that is known; no speed is measured.
  package static let standard = ModelShape.all.flatMap { model in
    [(512, 0), (0, 128)].map {
      FleetServer.Row(model: model, promptTokens: $0, generatedTokens: $1, tokensPerSecond: 1)
    }
  }
}
