/// What neighbours in a series have in common, because the machine was in one state for as long as both took.
extension Sample {
  /// How many times the variance of the mean exceeds that of as many independent values where each resembles the one before
  /// it: (1 + ρ)/(1 − ρ) of a first-order process, ρ corrected for the bias of short series (Kendall, Biometrika 41, 1954). 1
  /// where the resemblance may be chance (5 %).
  package var serialInflation: Double {
    let middle = mean
    let deviations = values.map { $0 - middle }
    let squares = dot(deviations, deviations)
    guard count > 3, squares > 0 else { return 1 }
    let found = dot(deviations.dropFirst(), deviations.dropLast()) / squares
    let size = Double(count)
    guard found + 1 / size > Normal.quantile(0.95) / size.squareRoot() else { return 1 }
    let corrected = min((found + 1 / size) / (1 - 3 / size), 1 - 1 / size)
    return (1 + corrected) / (1 - corrected)
  }

  /// Whether neighbours resemble each other beyond chance (5 % and 16 %), by their sizes or by their sides of the median, which
  /// two modes show sooner.
  package var neighboursResemble: Bool {
    let middle = median
    let sides = values.map { $0 > middle ? 1.0 : $0 < middle ? -1 : 0 }
    let found = dot(sides.dropFirst(), sides.dropLast()) / Double(max(1, count - 1))
    return serialInflation > 1 || found + 1 / Double(count) > 1 / Double(count).squareRoot()
  }
}
