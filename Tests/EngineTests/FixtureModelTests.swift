import Engine
import Foundation
import KernelContract
import Kernels
import Model
import TestSupport
import Testing

private struct Manifest: Decodable, Sendable {
  let name: String
  let tokens: [Int32]
  let positions: [Int]
  let vocabularySize: Int

  enum CodingKeys: String, CodingKey {
    case name, tokens, positions
    case vocabularySize = "vocabulary_size"
  }

  static func load(_ name: String) throws -> (Manifest, exact: [Float]) {
    let all = try JSONDecoder().decode(
      [Manifest].self, from: Data(contentsOf: URL(filePath: Fixtures.path("models/manifest.json"))))
    let manifest = try #require(all.first { $0.name == name })
    let data = try Data(contentsOf: URL(filePath: Fixtures.path("models/\(name).exact.f32")))
    return (manifest, data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) })
  }
}

/// Every architecture and weight format, against a Double forward pass written apart (Tests/Fixtures/forward.py), which agrees
/// with llama.cpp. Float arithmetic stays within 2e-4 of it; the slightest of the deliberate mistakes moves a logit by 5e-4.
@Suite struct FixtureModelTests {
  static let tolerance: Float = 2e-4

  @Test(arguments: ModelCase.fixtures)
  func matchesTheExactForwardPass(_ test: ModelCase) throws {
    let (manifest, exact) = try Manifest.load(test.model)
    let model = try TestEngine.load(Fixtures.model(test.model))
    let engine = try Engine(model, TestEngine.options(.f32, isa: test.isa, context: 64))
    var worst: Float = 0
    try engine.evaluate(manifest.tokens) { index, logits in
      guard let row = manifest.positions.firstIndex(of: index) else { return }
      for i in 0..<manifest.vocabularySize {
        worst = max(worst, abs(logits[i] - exact[row * manifest.vocabularySize + i]))
      }
    }
    #expect(worst <= Self.tolerance)
  }

  /// Copies of a model that take turns compute what one does.
  @Test func copiesComputeTheSame() throws {
    let models = try (0..<3).map { _ in try TestEngine.load(Fixtures.model(Fixtures.models[0])) }
    func logits(_ copies: [LoadedModel]) throws -> [Float] {
      let engine = try Engine(copies: copies, TestEngine.options(.f32, context: 64, microBatch: 4))
      try engine.prefill(Array(0..<10))
      for token in 0..<Int32(4) { try engine.decode([token]) }
      return Array(engine.logits(0))
    }
    #expect(try logits(models) == logits([models[0]]))
  }

  /// The same sequence in pieces, token by token, and on other numbers of threads.
  @Test(arguments: Fixtures.models)
  func doesNotDependOnHowTokensAreCut(name: String) throws {
    let (manifest, exact) = try Manifest.load(name)
    let model = try TestEngine.load(Fixtures.model(name))
    let last = try #require(manifest.positions.last)
    #expect(last == manifest.tokens.count - 1)
    let expected = exact.suffix(manifest.vocabularySize)
    for (threads, pieces) in [(1, [48]), (2, [1, 47]), (3, [5, 6, 20, 17]), (2, Array(repeating: 1, count: 48))] {
      let engine = try Engine(model, TestEngine.options(.f32, threads: threads, context: 64, microBatch: 16))
      var start = 0
      for piece in pieces {
        if piece == 1 {
          try engine.decode([manifest.tokens[start]])
        } else {
          try engine.prefill(Array(manifest.tokens[start..<start + piece]))
        }
        start += piece
      }
      let worst = zip(engine.logits(0), expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(worst <= Self.tolerance, "\(threads) threads, pieces \(pieces)")
    }
  }

  /// Sequences decoded together do not see each other.
  @Test(arguments: ["llama", "gemma3"], [2, 7, 12])
  func decodesSequencesApart(name: String, count: Int) throws {
    let model = try TestEngine.load(Fixtures.model(name))
    let prompts = (0..<count).map { s in (0..<5 + s).map { Int32((s * 37 + $0 * 11) % 300) } }
    let together = try Engine(model, TestEngine.options(.f32, context: 64, sequences: count))
    for (s, prompt) in prompts.enumerated() { try together.prefill(prompt, sequence: s) }
    let next = (0..<count).map { Int32($0 * 13 % 300) }
    try together.decode(next)
    let alone = try Engine(model, TestEngine.options(.f32, context: 64))
    for (s, prompt) in prompts.enumerated() {
      alone.reset()
      try alone.prefill(prompt + [next[s]])
      let worst = zip(alone.logits(0), together.logits(s)).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(worst <= Self.tolerance, "sequence \(s)")
    }
  }

  /// bf16 and int8 activations, and every cache format, stay near: mean logit error below a tenth of the logits' spread.
  @Test(arguments: Fixtures.models)
  func reducedPrecisionStaysNear(name: String) throws {
    let (manifest, exact) = try Manifest.load(name)
    let model = try TestEngine.load(Fixtures.model(name))
    for mode in [ActivationMode.auto, .int8, .bf16] {
      for cache in CacheFormat.allCases {
        var options = TestEngine.options(mode, context: 64)
        (options.keyFormat, options.valueFormat) = (cache, cache)
        let engine = try Engine(model, options)
        var sum = 0.0
        var count = 0.0
        try engine.evaluate(manifest.tokens) { index, logits in
          guard let row = manifest.positions.firstIndex(of: index) else { return }
          for i in 0..<manifest.vocabularySize {
            sum += Double(abs(logits[i] - exact[row * manifest.vocabularySize + i]))
            count += 1
          }
        }
        #expect(sum / count < 0.2, "\(mode) \(cache)")
      }
    }
  }

  @Test func saysWhatItCannotDo() throws {
    let model = try TestEngine.load(Fixtures.model("llama"))
    let engine = try Engine(model, TestEngine.options(.f32, context: 8))
    #expect(throws: EngineError.self) { try engine.prefill(Array(repeating: 1, count: 9)) }
    #expect(throws: EngineError.self) { try engine.decode([301]) }
    #expect(throws: EngineError.self) { try engine.decode([-1]) }
    #expect(throws: EngineError.self) { try engine.decode([1, 2]) }
    #expect(engine.length(of: 0) == 0)
    try engine.prefill([1, 2, 3])
    engine.truncate(0, to: 1)
    #expect(engine.length(of: 0) == 1)
  }
}
