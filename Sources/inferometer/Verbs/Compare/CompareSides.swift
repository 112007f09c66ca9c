import Analysis
import Records

/// What files hold that are compared.
extension ComparisonSide {
  /// The first is the base.
  static func read(_ paths: [String], _ price: PriceOptions) throws -> [ComparisonSide] {
    let labels = VariantLabels.ofPaths(paths)
    let sides = try paths.enumerated().map { index, path in
      do {
        var side =
          switch try ResultFile.read(path) {
          case .runs(let log):
            ComparisonSide(labels[index], Observation.all(of: log.records), warnings: log.warnings)
          case .rows(let log): ComparisonSide(labels[index], log.rows.flatMap { Observation.all(of: $0) })
          case .kernels(let log): ComparisonSide(labels[index], log.rows.flatMap { Observation.all(of: $0) })
          }
        if side.observations.isEmpty { throw RecordError(file: path, reason: "has no finished run") }
        side.tariff = try price.tariff(of: ResultFile.machine(beside: path))
        return side
      } catch {
        // Whoever checks for regressions must tell a missing base from a bad file.
        let isMissing = index == 0 && !ResultFile.exists(path)
        throw Failure(isMissing ? .baselineMissing : .badData, "\(error)")
      }
    }
    func isOfKernels(_ side: ComparisonSide) -> Bool { side.observations.contains { $0.setup.kernel != nil } }
    for (path, side) in zip(paths, sides) where isOfKernels(side) != isOfKernels(sides[0]) {
      let (first, other) = isOfKernels(side) ? ("a model", "kernels") : ("kernels", "a model")
      throw Failure(
        .badData, "\(path.printable): is of \(other) and \(paths[0].printable) of \(first); compare results of one kind"
      )
    }
    return sides
  }
}
