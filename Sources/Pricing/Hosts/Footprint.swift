/// What is emitted for energy and for making the host, in grams of CO2 equivalent.
package struct Footprint: Hashable, Sendable {
  package var powerUsageEffectiveness: Double
  package var gramsPerKilowattHour: Double
  package var embodiedKilograms: Double
  package var lifeYears: Double
  /// Of the host.
  package var share: Double

  package init(
    powerUsageEffectiveness: Double, gramsPerKilowattHour: Double, embodiedKilograms: Double = 0, lifeYears: Double = 5,
    share: Double = 1
  ) {
    self.powerUsageEffectiveness = powerUsageEffectiveness
    self.gramsPerKilowattHour = gramsPerKilowattHour
    self.embodiedKilograms = embodiedKilograms
    self.lifeYears = lifeYears
    self.share = share
  }

  /// Of energy that the host takes.
  package func gramsOfUse(joules: Double) -> Double {
    joules * powerUsageEffectiveness / 3.6e6 * gramsPerKilowattHour
  }

  /// Of a busy second's part of making the host, where it is busy for a share of its life.
  package func gramsEmbodied(busySeconds: Double, busyShare: Double) -> Double {
    let lifeSeconds = lifeYears * OwnedHost.hoursPerYear * 3600
    return embodiedKilograms * 1000 * share / lifeSeconds * busySeconds / busyShare
  }
}
