import Statistics

/// What was observed at one place in one run.
package struct Point: Codable, Hashable, Sendable {
  /// What the work asked for whose cost this is: of a decode run the mean of its steps.
  package var demand: Demand
  /// The mean of what was paid for, or the median of what was undisturbed: which, the curve says.
  package var cost: Double
  /// How many costs it stands for: the steps of a decode run.
  package var count: Double
  /// The place that was asked for, which is the same in all runs there.
  package var place: Place
  /// The context at which the last of the costs was paid.
  package var lastContext: Int
  /// Points of one unit share what the machine was like at that time; units are independent.
  package var unit: Int

  package init(
    _ demand: Demand, cost: Double, count: Double = 1, place: Place, lastContext: Int? = nil, unit: Int = 0
  ) {
    self.demand = demand
    self.cost = cost
    self.count = count
    self.place = place
    self.lastContext = lastContext ?? place.context
    self.unit = unit
  }
}

extension [Point] {
  /// The points of each place, ascending.
  var places: [[Point]] {
    Dictionary(grouping: self, by: \.place).sorted { $0.key < $1.key }.map(\.value)
  }

  var meanCost: Double { reduce(0) { $0 + $1.cost } / Double(count) }
  var meanDemand: Demand { reduce(Demand()) { $0 + $1.demand } * (1 / Double(count)) }
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
    if let point = first(where: { !($0.cost > 0) }) {
      throw point.cost.isNaN ? .notFinite : .notPositive(at: point.place.description)
    }
    let means = Dictionary(grouping: self, by: \.place).mapValues(\.meanCost)
    return map { point in means[point.place].map { 1 / ($0 * $0) } ?? .nan }
  }
}
