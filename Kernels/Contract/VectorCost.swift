/// Costs of the operations on rows of Floats. A division, root or exponential counts as one flop, as in most published counts.
package enum VectorCost {
  /// Square and sum, scale, multiply by the weight; the weights are read once, the rows are in cache.
  package static func norm(_ length: Int, rows: Int) -> OperationCost {
    OperationCost(flops: 4 * length * rows, bytesRead: 4 * length)
  }
  package static func bias(_ length: Int, rows: Int) -> OperationCost {
    OperationCost(flops: length * rows, bytesRead: 4 * length)
  }
  /// Four products and two sums a pair.
  package static func rotation(_ elements: Int, rows: Int) -> OperationCost {
    OperationCost(flops: 3 * elements * rows)
  }
  /// Gate function (exponential, sum, division, product) and product.
  package static func product(_ length: Int, rows: Int) -> OperationCost { OperationCost(flops: 5 * length * rows) }
}
