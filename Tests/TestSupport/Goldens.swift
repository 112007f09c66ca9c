import Foundation

/// The files of Tests/Goldens: what other programs made of the same input.
package enum Goldens {
  /// `name`: the file's, without `.json`.
  package static func load<Golden: Decodable>(_ name: String, as type: Golden.Type = Golden.self) throws -> Golden {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appending(path: "Goldens/\(name).json")
    return try JSONDecoder().decode(type, from: Data(contentsOf: file))
  }
}

/// A real model as llama.cpp computes it, weights dequantized to F32 and the cache in F32.
package struct ModelGolden: Decodable, Sendable {
  package var prompts: [Prompt]
  package var passages: [Passage]

  package struct Prompt: Decodable, Sendable {
    package var text: String
    /// Control tokens were read from the text.
    package var special: Bool
    package var tokens: [Int32]
    /// The twenty likeliest next tokens.
    package var nextTop20: [Candidate]
    /// What follows when the likeliest token is taken each time, and by how much its logit led.
    package var greedy: [Int32]
    package var greedyMargin: [Double]
    package var greedyText: String

    enum CodingKeys: String, CodingKey {
      case text, special, tokens, greedy
      case nextTop20 = "next_top20"
      case greedyMargin = "greedy_margin"
      case greedyText = "greedy_text"
    }
  }

  package struct Candidate: Decodable, Sendable {
    package var token: Int32
    package var logProbability: Double

    package init(from decoder: any Decoder) throws {
      var pair = try decoder.unkeyedContainer()
      token = try pair.decode(Int32.self)
      logProbability = try pair.decode(Double.self)
    }
  }

  package struct Passage: Decodable, Sendable {
    package var text: String
    package var tokens: [Int32]
    /// Negative log likelihood of each token but the first, in nats.
    package var nll: [Double]
    package var meanNLL: Double
    package var shipped: Shipped

    enum CodingKeys: String, CodingKey {
      case text, tokens, nll
      case meanNLL = "mean_nll"
      case shipped = "llama_cpp_shipped"
    }
  }

  /// How far llama.cpp's own quantized kernels are from its F32 ones on the passage.
  package struct Shipped: Decodable, Sendable {
    package var meanKL: Double
    package var maxKL: Double
    package var meanNLL: Double
    package var meanAbsoluteDifference: Double

    enum CodingKeys: String, CodingKey {
      case meanKL = "mean_kl_from_f32"
      case maxKL = "max_kl_from_f32"
      case meanNLL = "mean_nll"
      case meanAbsoluteDifference = "mean_abs_nll_difference"
    }
  }
}
