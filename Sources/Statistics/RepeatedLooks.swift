/// What it costs to look at a test again and again while observations come in, and to stop when it tells something.
///
/// Scaled by √t, with t the share of all information that has been gathered, the deviates of the looks are a Brownian motion.
/// By the reflection principle it leaves ±b before t = 1 with a probability of at most 4 · P(Z > b): the boundary of O'Brien
/// and Fleming (Biometrics 35, 1979), here however often one looks. Intervals of each look's level hold the truth at all looks
/// together with 1 − α (Jennison and Turnbull, Group Sequential Methods, 2000, chapter 9).
package enum RepeatedLooks {
  /// The level at which a test or an interval that is made at this look alone errs at any look with α at most.
  package static func level(at information: Double, alpha: Double) -> Double {
    2 * Normal.upperTail(-Normal.quantile(alpha / 4) / information.squareRoot())
  }

  /// What a test's probability at this look is worth: the least α whose boundary it is beyond.
  package static func probability(_ nominal: Double, at information: Double) -> Double {
    let deviate = -Normal.quantile(max(nominal / 2, .leastNormalMagnitude))
    return min(1, 4 * Normal.upperTail(deviate * information.squareRoot()))
  }
}
