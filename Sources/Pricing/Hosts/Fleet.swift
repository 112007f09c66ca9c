/// Hosts that share a demand.
package struct Fleet: Hashable, Sendable {
  package enum Mode: Hashable, Sendable {
    /// As many whole hosts as the demand needs.
    case elastic
    /// That many; demand beyond them is lost.
    case fixed(Int)
    /// As much of a host as the demand needs: where the fleet goes in the long run, without its steps.
    case following
    /// As many as there are, which need not be whole: the fleet of another demand.
    case held(Double)
  }

  package var mode: Mode
  /// Of the hours that are paid; the rest is for peaks.
  package var mostBusyShare: Double

  package static let hoursPerMonth = OwnedHost.hoursPerYear / 12

  package init(_ mode: Mode, mostBusyShare: Double) {
    self.mode = mode
    self.mostBusyShare = mostBusyShare
  }

  /// What becomes of a demand for busy seconds in so many hours.
  package func load(busySeconds: Double, hours: Double = hoursPerMonth) -> Load {
    let need = busySeconds / 3600 / hours
    let hosts: Double =
      switch mode {
      case .elastic: (need / mostBusyShare).rounded(.up)
      case .following: need / mostBusyShare
      case .fixed(let count): Double(count)
      case .held(let count): count
      }
    let capacity = hosts * mostBusyShare
    // Where hosts follow the demand, what is missing is rounding.
    let servedShare =
      switch mode {
      case .elastic, .following: 1.0
      case .fixed, .held: need > capacity ? capacity / need : 1.0
      }
    return Load(
      hosts: hosts, busyShare: hosts > 0 ? need * servedShare / hosts : 0, servedShare: servedShare, hours: hours)
  }

  package struct Load: Hashable, Sendable {
    package var hosts: Double
    package var busyShare: Double
    package var servedShare: Double
    package var hours: Double

    package func dollars(_ cost: HourCost) -> Double { hosts * hours * cost.hour(busyShare: busyShare) }
  }
}
