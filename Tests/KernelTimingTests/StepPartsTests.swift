import KernelContract
import KernelTiming
import Model
import Testing

/// A step as calls of kernels holds the work that the model has.
@Suite struct StepPartsTests {
  @Test(arguments: [("smollm2-135m", 1), ("gemma-3-270m", 64), ("qwen3-0.6b", 7)])
  func holdsAllWork(_ name: String, _ tokens: Int) throws {
    let source = try Preset.named(name).source(format: .q4_0, seed: 1, layers: nil)
    let parts = StepParts(source, tokens: tokens, context: 100, cache: .f16).parts
    let model = source.description
    var weights = 0
    for shape in model.tensorShapes where shape.kind == .matrix && shape.name != "token_embd.weight" {
      if shape.name != "output.weight" { weights += shape.rows * shape.columns }
    }
    func flops(_ operationClass: OperationClass) -> Int {
      parts.filter { $0.operationClass == operationClass }.reduce(0) { $0 + $1.problem.cost.flops * $1.calls }
    }
    #expect(flops(.matmul) == 2 * weights * tokens)
    #expect(flops(.head) == 2 * model.vocabularySize * model.embeddingLength)
    // Seven products a layer, and one of the head.
    let products = parts.filter { if case .product = $0.problem { true } else { false } }
    #expect(products.reduce(0) { $0 + $1.calls } == 7 * model.layerCount + 1)
    #expect(
      parts.filter { $0.operationClass == .attention && $0.problem.format != nil }.reduce(0) { $0 + $1.calls } == 3
        * model.layerCount)
  }
}
