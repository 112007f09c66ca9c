import Records
import Statistics

/// The energy of one test's repetitions. Without a valid figure for every run of every repetition, or with figures that came
/// about in several ways, there is none, but the reason.
package struct BenchEnergy: Sendable {
  /// Joules of a token of one phase: the medians over repetitions of the figure and of its limits.
  package struct Phase: Sendable {
    package var joulesPerToken: Double?
    package var low: Double?
    package var high: Double?
  }

  package let method: RunEnergy.Method?
  package let boundary: RunEnergy.Boundary?
  /// Nil where there is energy.
  package let absentCode: String?
  package let averagePowerWatts: Double?
  package let totalJoules: Double?
  /// Joules of each repetition; empty where there is no energy.
  package let joules: [Double]
  package let prefill: Phase
  package let decode: Phase

  /// Each repetition is an array: a prefill run, a decode run, or both.
  init(_ repetitions: [[RunRecord]]) {
    let runs = repetitions.flatMap(\.self)
    let energies = runs.compactMap(\.energy)
    let kinds = Set(energies.map(\.kind))
    let first = energies.count == runs.count && kinds.count == 1 ? energies.first : nil
    func median(_ values: [Double]) -> Double? { first == nil ? nil : (try? Sample(values))?.median }
    func phase(_ phase: Records.Phase) -> Phase {
      let each = runs.filter { $0.phase == phase }.compactMap(\.energy?.joulesPerToken)
      return Phase(
        joulesPerToken: median(each.map(\.value)), low: median(each.compactMap(\.interval?.low)),
        high: median(each.compactMap(\.interval?.high)))
    }
    method = first?.method
    boundary = first?.boundary
    absentCode =
      first != nil
      ? nil
      : kinds.count > 1
        ? "several_methods" : runs.lazy.filter { $0.energy == nil }.compactMap(\.energyAbsentCode).first ?? "not_asked"
    averagePowerWatts = median(energies.map(\.avgPowerW))
    let each = repetitions.map { $0.reduce(0) { $0 + ($1.energyJoules?.value ?? 0) } }
    joules = first == nil ? [] : each
    totalJoules = median(each)
    prefill = phase(.prefill)
    decode = phase(.decode)
  }
}
