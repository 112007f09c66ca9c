import Glibc
import Records
import Statistics

/// The sittings of one setup, and how far they differ.
package struct SetupHistory: Encodable, Sendable {
  package var setup: String
  /// The oldest first.
  package var sittings: [Sitting]
  /// The standard deviation between sittings of each figure that two of them have, as a share of it.
  package var deviations: [String: Double]

  /// One for each setup, in the order in which they were first measured.
  package static func all(of sittings: [Sitting]) -> [SetupHistory] {
    let order = sittings.reduce(into: [String]()) { if !$0.contains($1.setup) { $0.append($1.setup) } }
    return order.map { setup in
      let mine = sittings.filter { $0.setup == setup }
      let names = Set(mine.flatMap(\.seconds.keys))
      let deviations = names.compactMap { name -> (String, Double)? in
        let logs = mine.compactMap { $0.seconds[name].map { log($0) } }
        return Moments(logs).variance.map { (name, $0.squareRoot()) }
      }
      return SetupHistory(setup: setup, sittings: mine, deviations: Dictionary(uniqueKeysWithValues: deviations))
    }
  }
}
