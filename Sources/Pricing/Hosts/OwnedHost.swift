import Glibc

/// A host that belongs to whoever runs it. Capital is recovered over its life by an annuity, the rest is paid as it comes.
package struct OwnedHost: Hashable, Sendable {
  package var capexDollars: Double
  /// What it is worth at the end.
  package var residualDollars: Double
  package var lifeYears: Double
  /// A year; 0 recovers the capital in a straight line.
  package var discountRate: Double
  package var fixedOpexDollarsPerYear: Double
  package var idleWatts: Double
  package var busyWatts: Double
  package var dollarsPerKilowattHour: Double
  package var powerUsageEffectiveness: Double

  package static let hoursPerYear = 8760.0

  package init(
    capexDollars: Double, residualDollars: Double = 0, lifeYears: Double, discountRate: Double,
    fixedOpexDollarsPerYear: Double = 0, idleWatts: Double, busyWatts: Double, dollarsPerKilowattHour: Double,
    powerUsageEffectiveness: Double = 1
  ) {
    self.capexDollars = capexDollars
    self.residualDollars = residualDollars
    self.lifeYears = lifeYears
    self.discountRate = discountRate
    self.fixedOpexDollarsPerYear = fixedOpexDollarsPerYear
    self.idleWatts = idleWatts
    self.busyWatts = busyWatts
    self.dollarsPerKilowattHour = dollarsPerKilowattHour
    self.powerUsageEffectiveness = powerUsageEffectiveness
  }

  /// What a dollar at the end of the life is worth today: (1 + r)^−n.
  package var discount: Double { pow(1 + discountRate, -lifeYears) }

  /// The yearly share of the capital that pays it back with interest: r (1 + r)^n / ((1 + r)^n − 1), which tends to 1/n.
  package var capitalRecoveryFactor: Double {
    discountRate < 1e-9 ? 1 / lifeYears : discountRate / (1 - discount)
  }

  package var capitalDollarsPerHour: Double {
    (capexDollars - residualDollars * discount) * capitalRecoveryFactor / Self.hoursPerYear
  }

  package func powerDollarsPerHour(busyShare: Double) -> Double {
    (idleWatts + (busyWatts - idleWatts) * busyShare) / 1000 * powerUsageEffectiveness * dollarsPerKilowattHour
  }

  /// What a share of the host costs.
  package func hours(share: Double) -> HourCost {
    let idle = powerDollarsPerHour(busyShare: 0)
    return HourCost(
      fixed: share * (capitalDollarsPerHour + fixedOpexDollarsPerYear / Self.hoursPerYear + idle),
      busy: share * (powerDollarsPerHour(busyShare: 1) - idle))
  }
}

/// What an hour of a host costs, in dollars.
package struct HourCost: Hashable, Sendable {
  /// Paid whether it is busy or not.
  package var fixed: Double
  /// What a busy hour costs more: nothing where it is rented.
  package var busy: Double

  package init(fixed: Double, busy: Double = 0) {
    self.fixed = fixed
    self.busy = busy
  }

  package func hour(busyShare: Double) -> Double { fixed + busy * busyShare }

  /// What a busy second costs where the fleet follows demand and is busy for that share of its hours.
  package func busySecond(busyShare: Double) -> Double { (fixed / busyShare + busy) / 3600 }

  /// What a busy second adds while the fleet stays as it is.
  package var addedSecond: Double { busy / 3600 }
}
