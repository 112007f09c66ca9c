import Engine
import Foundation
import KernelContract
import Kernels
import Model
import TestSupport
import Testing

struct RealModel: CustomTestStringConvertible, Sendable {
  let golden: String
  let path: String?
  var testDescription: String { golden }

  static let all = [
    RealModel(golden: "smollm2-135m-q4_1", path: RealModels.smolLM2),
    RealModel(golden: "gemma-3-270m-q4_k_m", path: RealModels.gemma3),
  ]
  static let arePresent = all.allSatisfy { $0.path != nil }
}

/// Real models against llama.cpp's F32 oracle.
@Suite(.enabled(if: RealModel.arePresent, "real model absent: put the GGUF files into INFEROMETER_MODELS"), .serialized)
struct GoldenModelTests {
  /// No further from the oracle than llama.cpp's own quantised arithmetic.
  @Test(arguments: RealModel.all)
  func defaultPrecision(_ real: RealModel) throws {
    let golden: ModelGolden = try Goldens.load(real.golden)
    let model = try TestEngine.load(try #require(real.path))
    for isa in TestEngine.usable {
      let engine = try Engine(model, TestEngine.options(.auto, isa: isa))
      for passage in golden.passages {
        #expect(try difference(engine, passage) <= passage.shipped.meanAbsoluteDifference, "\(isa)")
      }
      for prompt in golden.prompts { try checkGreedy(engine, prompt, margin: 0.4) }
    }
  }

  @Test(arguments: RealModel.all)
  func floatPrecision(_ real: RealModel) throws {
    let golden: ModelGolden = try Goldens.load(real.golden)
    let model = try TestEngine.load(try #require(real.path))
    for isa in TestEngine.usable where isa != .amx {
      let engine = try Engine(model, TestEngine.options(.f32, isa: isa))
      for passage in golden.passages { #expect(try difference(engine, passage) <= 0.002, "\(isa)") }
      for prompt in golden.prompts { try checkGreedy(engine, prompt, margin: 0.02) }
    }
  }

  /// Mean absolute difference of the negative log-likelihoods.
  private func difference(_ engine: Engine, _ passage: ModelGolden.Passage) throws -> Double {
    engine.reset()
    var total = 0.0
    try engine.evaluate(passage.tokens) { index, logits in
      guard index + 1 < passage.tokens.count else { return }
      let top = Double(logits.reduce(-Float.infinity, max))
      let sum = logits.reduce(0.0) { $0 + exp(Double($1) - top) }
      total += abs(log(sum) + top - Double(logits[Int(passage.tokens[index + 1])]) - passage.nll[index])
    }
    return total / Double(passage.nll.count)
  }

  /// Equal up to the first step whose margin is so small that rounding may decide.
  private func checkGreedy(_ engine: Engine, _ prompt: ModelGolden.Prompt, margin: Double) throws {
    engine.reset()
    try engine.prefill(prompt.tokens)
    for (step, token) in prompt.greedy.enumerated() {
      if prompt.greedyMargin[step] < margin { return }
      let logits = engine.logits(0)
      let best = engine.kernels.sampling.argmax(logits.baseAddress!, logits.count)
      #expect(Int32(best) == token, "\(prompt.text.prefix(20)) step \(step) \(engine.kernels.isa)")
      try engine.decode([token])
    }
  }
}
