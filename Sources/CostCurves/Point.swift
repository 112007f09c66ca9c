import Statistics

/// What was observed at one place of an axis in one run.
package struct Point: Codable, Hashable, Sendable {
  /// Where it was observed: of a decode run the middle of the contexts of its steps.
  package var x: Double
  /// The mean of what was paid for, or the median of what was undisturbed: which, the curve says.
  package var cost: Double
  /// How many costs it stands for: the steps of a decode run.
  package var count: Double
  /// The place that was asked for, which is the same in all runs there.
  package var place: Double
  /// Points of one unit share what the machine was like at that time; units are independent.
  package var unit: Int

  package init(x: Double, cost: Double, count: Double = 1, place: Double? = nil, unit: Int = 0) {
    self.x = x
    self.cost = cost
    self.count = count
    self.place = place ?? x
    self.unit = unit
  }
}

extension [Point] {
  /// The points of each place, ascending.
  var places: [[Point]] {
    Dictionary(grouping: self, by: \.place).sorted { $0.key < $1.key }.map { $0.value.sorted { $0.x < $1.x } }
  }

  var meanCost: Double { reduce(0) { $0 + $1.cost } / Double(count) }
  var meanX: Double { reduce(0) { $0 + $1.x } / Double(count) }
  var units: [Int] { Set(map(\.unit)).sorted() }

  /// Those of units in which each place was measured, unless these are fewer than half: what a slow unit has at some places
  /// only would bend the curve.
  var ofWholeUnits: [Point] {
    let needed = Set(map(\.place)).count
    let whole = Dictionary(grouping: self, by: \.unit).filter { Set($0.value.map(\.place)).count == needed }
    guard whole.count > 1, 2 * whole.count >= units.count else { return self }
    return filter { whole[$0.unit] != nil }
  }

  /// Weights for least squares of relative errors: 1 / (mean cost of the place)². Those of single costs would favour the low.
  func weights() throws(FitError) -> [Double] {
    if let point = first(where: { !($0.cost > 0) }) { throw point.cost.isNaN ? .notFinite : .notPositive(at: point.x) }
    let means = Dictionary(grouping: self, by: \.place).mapValues(\.meanCost)
    return map { point in means[point.place].map { 1 / ($0 * $0) } ?? .nan }
  }
}
