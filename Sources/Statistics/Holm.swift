/// Holm's adjustment for several tests (Scandinavian Journal of Statistics 6, 1979): rejecting what is then at most α errs
/// anywhere with a probability of at most α, however the tests depend on each other.
package enum Holm {
  /// In the order given. The least of m probabilities is multiplied by m, the next by m − 1 and so on; none may become
  /// less than one before it.
  package static func adjusted(_ probabilities: [Double]) -> [Double] {
    var result = probabilities
    var greatest = 0.0
    let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
    for (place, index) in order.enumerated() {
      greatest = max(greatest, min(1, probabilities[index] * Double(order.count - place)))
      result[index] = greatest
    }
    return result
  }
}
