import Engine
import KernelContract
import Model

extension KernelProblem {
  /// Every product that a model's layers and head consist of, each once for each number of tokens.
  package static func products(of source: any TensorSource, tokens: [Int]) -> [KernelProblem] {
    let model = source.description
    var problems: [KernelProblem] = []
    for count in tokens {
      for shape in model.tensorShapes where shape.kind == .matrix {
        let isHead = shape.name == (model.hasTiedHead ? "token_embd.weight" : "output.weight")
        // Rows of an embedding are looked up, and few tokens of a prompt have logits.
        let isProduct = isHead ? count <= Engine.maximumLogitRows : shape.name != "token_embd.weight"
        guard isProduct, let entry = source.tensor(shape.name) else { continue }
        problems.append(
          .product(ProductShape(tokens: count, rows: entry.rows, columns: entry.columns), entry.format))
      }
    }
    return problems.distinct
  }
}

extension Sequence where Element: Equatable {
  /// Each element once, where it came first.
  package var distinct: [Element] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
