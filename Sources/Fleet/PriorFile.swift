import Records

/// A prior as a file.
package enum PriorFile {
  private static let longest = 16 << 20

  package static func write(_ prior: FleetPrior, to path: String) throws {
    try ResultsDirectory.write(
      String(decoding: try RecordCoding.encode(prior, keys: .asDeclared), as: UTF8.self) + "\n", toFile: path)
  }

  package static func read(_ path: String) throws -> FleetPrior {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let bytes = try ResultsDirectory(existing: folder).contents(of: name)
    do {
      let prior = try RecordCoding.decode(FleetPrior.self, from: bytes, keys: .asDeclared)
      if let defect = prior.defect { throw RecordError(file: path, reason: defect) }
      return prior
    } catch let error as RecordError {
      throw error
    } catch {
      throw RecordError(file: path, reason: "is no prior of a fleet: \(RecordCoding.reason(of: error))")
    }
  }
}

extension FleetPrior {
  /// The first thing that no prior can have, or nil.
  var defect: String? {
    guard schema == Self.schemaName, schemaVersion == 1 else { return "is no prior of a fleet that this version reads" }
    let size = FleetLaw.count
    func isFinite(_ matrix: [[Double]]) -> Bool { matrix.allSatisfy { $0.allSatisfy(\.isFinite) } }
    guard regression.count == size, regression.allSatisfy({ $0.count == centres.count + 1 }),
      centres.count == scales.count,
      scales.allSatisfy({ $0 > 0 }), isFinite(regression + [centres, scales])
    else { return "has a regression that does not fit its features" }
    for matrix in [covariance, covarianceWithinProcessors] {
      guard matrix.count == size, matrix.allSatisfy({ $0.count == size }), isFinite(matrix),
        matrix.indices.allSatisfy({ matrix[$0][$0] > 0 })
      else { return "has a covariance that is not one of \(size) parameters" }
    }
    guard processors.values.allSatisfy({ $0.count == size && $0.allSatisfy(\.isFinite) }) else {
      return "has a processor that is not off by \(size) parameters"
    }
    guard residualCovariance.count == tests.count, residualCovariance.allSatisfy({ $0.count == tests.count }),
      isFinite(residualCovariance), residualCovariance.indices.allSatisfy({ residualCovariance[$0][$0] >= 0 })
    else { return "has a covariance that does not fit its tests" }
    guard noise.values.allSatisfy({ $0 > 0 && $0.isFinite }), offsets.values.allSatisfy(\.isFinite),
      calibration.values.allSatisfy({ $0.count == 3 && $0.allSatisfy { $0 >= 0 && $0.isFinite } })
    else { return "has noise, offsets or a calibration that cannot be" }
    return nil
  }
}
