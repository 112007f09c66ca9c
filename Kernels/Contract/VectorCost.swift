/// Costs of the operations on rows of Floats. A division, root or exponential counts as one flop, as in most published counts.
package enum VectorCost {
  /// Square and sum, scale, multiply by the weight; the weights are read, the row is in cache.
  package static func norm(_ length: Int) -> OperationCost { OperationCost(flops: 4 * length, bytesRead: 4 * length) }
  /// Four products and two sums a pair.
  package static func rotation(_ elements: Int) -> OperationCost { OperationCost(flops: 3 * elements) }
  /// Gate function (exponential, sum, division, product) and product.
  package static func product(_ length: Int) -> OperationCost { OperationCost(flops: 5 * length) }
}
