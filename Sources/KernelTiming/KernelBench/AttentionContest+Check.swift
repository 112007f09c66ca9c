import Glibc
import KernelContract
import Kernels

extension AttentionContest {
  func deviation(_ tasks: AttentionTasks, onTiles: Bool) -> Double {
    var largest = 0.0
    for head in spread(shape.heads, 2) {
      let cached = head / group
      let keys = (0..<shape.positions).map { data.key(head: cached, position: $0) }
      let values = (0..<shape.positions).map { data.value(head: cached, position: $0) }
      for token in spread(shape.tokens, 3) {
        let seen = shape.positions - shape.tokens + token + 1
        let error = AttentionCheck.deviation(
          of: merged(tasks, head, token), query: data.query(head: head, token: token), keys: Array(keys[..<seen]),
          values: Array(values[..<seen]), onTiles: onTiles)
        largest = max(largest, error)
      }
    }
    return largest
  }

  /// A row's parts, each weighted by its sum of exp(score − the largest maximum).
  private func merged(_ tasks: AttentionTasks, _ head: Int, _ token: Int) -> [Double] {
    let parts = tasks.all.filter { $0.head == head / group && $0.tokens.contains(token) }.map { task in
      let row = (token - task.tokens.lowerBound) * group + head % group
      let limit = limits.floats + 2 * task.firstRow + row
      return (
        output: output.floats + (task.firstRow + row) * layout.paddedHeadSize, maximum: Double(limit[0]),
        sum: Double(limit[task.paddedRows])
      )
    }
    let top = parts.map(\.maximum).max() ?? 0
    let total = parts.reduce(0) { $0 + $1.sum * exp($1.maximum - top) }
    return (0..<shape.headSize).map { index in
      parts.reduce(0) { $0 + Double($1.output[index]) * exp($1.maximum - top) } / total
    }
  }
}
