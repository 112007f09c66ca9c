import Glibc
import Statistics

/// What a fleet of servers says of a server that nobody has seen, or of which little was measured.
package struct FleetPrior: Codable, Sendable {
  package static let schemaName = "inferometer.fleet"
  package var schema = schemaName
  package var schemaVersion = 1
  /// Whose measurements it was fitted to, under which licence.
  package var source: String
  package var servers: Int
  /// By which features are centred and scaled; one that is not known counts as the centre.
  var centres: [Double]
  var scales: [Double]
  /// A row for each parameter: the intercept, then one number a feature.
  var regression: [[Double]]
  /// What servers of one processor are off the regression, shrunk.
  var processors: [String: [Double]]
  /// Of parameters about the regression, and about that with what their processor is off it.
  var covariance: [[Double]]
  var covarianceWithinProcessors: [[Double]]
  /// Standard deviations of rows by the kind of test and how the server is used.
  var noise: [String: Double]
  /// What tests of a class of instructions are off the law, shrunk.
  var offsets: [String: Double]
  /// What residuals of tests of one server have in common: its names, and their covariance.
  var tests: [String]
  var residualCovariance: [[Double]]
  /// By how much stated deviations were exceeded by servers that were left out, as ratios at 50, 90 and 95 %, by what was known.
  package var calibration: [String: [Double]]

  /// The quantity of a row that is asked for, with what it rests on.
  package struct Answer: Encodable, Sendable {
    package var test: String
    package var tokensPerSecond: Double
    package var low: Double
    package var high: Double
    package var level: Double
    /// Half of the 50 % interval, as a share: what is stated of the error.
    package var statedError: Double
    /// The stated error is so large that a measurement is better than this answer.
    package var isDoubtful: Bool
    package var modelsMeasured: Int
  }

  /// Beyond this stated deviation of a logarithm a prior rather abstains: it keeps most answers for servers of which all models
  /// but one were measured, and none where only specifications are known.
  static func doubtfulDeviation(isPrompt: Bool) -> Double { isPrompt ? 0.065 : 0.11 }

  static func noiseGroup(_ row: FleetServer.Row, _ features: FleetServer.Features) -> String {
    (row.isPrompt ? "pp" : "tg") + (row.tokens <= 16 ? "16" : "") + (features.usesAll ? "-all" : "")
      + (features.threads > 64 ? "-many" : "")
  }

  /// The fleet's belief of a server's parameters: the regression on its features and what its processor is off it, where others
  /// have the same.
  func belief(_ features: FleetServer.Features) -> (mean: [Double], covariance: [[Double]]) {
    let mean = mean(features)
    guard let shift = processors[features.processor] else { return (mean, covariance) }
    return (zip(mean, shift).map(+), covarianceWithinProcessors)
  }

  func mean(_ features: FleetServer.Features) -> [Double] {
    let x =
      [1]
      + zip(features.vector, zip(centres, scales)).map { value, scale in
        value.map { max(-4, min(4, ($0 - scale.0) / scale.1)) } ?? 0
      }
    return regression.map { dot($0, x) }
  }

  func offset(_ row: FleetServer.Row, _ features: FleetServer.Features) -> Double {
    (offsets["\(features.instructionClass)|\(row.test)"] ?? 0) + (offsets["\(features.processor)|\(row.test)"] ?? 0)
  }

  func scale(_ row: FleetServer.Row, _ features: FleetServer.Features) -> Double {
    let scale = noise[Self.noiseGroup(row, features)] ?? noise[row.isPrompt ? "pp" : "tg"] ?? 0.1
    if row.isPrompt { return scale }
    // What lies in the last cache says less of memory.
    let held = features.lastCacheBytes / (features.lastCacheBytes + row.model.bytesRead)
    return scale * (1 + 6 * held)
  }

  /// What rows of a server that were measured say of others.
  package func predict(
    _ asked: [FleetServer.Row], from measured: [FleetServer.Row], of features: FleetServer.Features, level: Double = 0.9
  ) -> [Answer] {
    let raw = stated(asked, from: measured, of: features)
    let models = Set(measured.map(\.model.name)).count
    return zip(asked, raw).map { row, stated in
      let key = Self.calibrationKey(row, measured)
      let factors = calibration[key] ?? [0.67, 1.64, 1.96]
      let reach = (level >= 0.95 ? factors[2] : factors[1]) * stated.deviation
      let speed = exp(-stated.logSeconds)
      return Answer(
        test: row.test, tokensPerSecond: speed, low: speed * exp(-reach), high: speed * exp(reach),
        level: level >= 0.95 ? 0.95 : 0.9, statedError: exp(factors[0] * stated.deviation) - 1,
        isDoubtful: stated.deviation > Self.doubtfulDeviation(isPrompt: row.isPrompt), modelsMeasured: models)
    }
  }

  /// What decides how far stated deviations are exceeded: the kind of test, how many models were measured, and whether the one
  /// that is asked for is larger or smaller than all of them.
  static func calibrationKey(_ row: FleetServer.Row, _ measured: [FleetServer.Row]) -> String {
    let sizes = measured.map(\.model.bytes)
    let place =
      sizes.allSatisfy { $0 < row.model.bytes } ? "-above" : sizes.allSatisfy { $0 > row.model.bytes } ? "-below" : ""
    return "\(row.isPrompt ? "pp" : "tg")-\(min(Set(measured.map(\.model.name)).count, 3))\(sizes.isEmpty ? "" : place)"
  }

  /// The posterior of the law, and what residuals of measured tests say of those that are asked for.
  func stated(
    _ asked: [FleetServer.Row], from measured: [FleetServer.Row], of features: FleetServer.Features
  ) -> [(logSeconds: Double, deviation: Double)] {
    let cache = features.lastCacheBytes
    let belief = belief(features)
    let posterior = ServerPosterior(
      measured, cache: cache, mean: belief.mean, precision: inverse(belief.covariance),
      scales: measured.map { scale($0, features) }, offsets: measured.map { offset($0, features) })
    // How unruly this server is, by its own residuals, with the fleet's as eight of them.
    let own = zip(posterior.residuals, measured).reduce(0.0) { sum, pair in
      let z = min(4, (pair.0 / scale(pair.1, features)).magnitude)
      return sum + z * z
    }
    let unruly = ((8 + own) / (8 + Double(measured.count))).squareRoot()
    let numbers = Dictionary(uniqueKeysWithValues: tests.enumerated().map { ($1, $0) })
    let known = measured.indices.compactMap { index in numbers[measured[index].test].map { (row: index, test: $0) } }
    // A test's own part is as large as what it shares.
    let block = known.map { a in
      known.map { b in residualCovariance[a.test][b.test] * (a.test == b.test ? 2 : 1) + (a.test == b.test ? 1e-6 : 0) }
    }
    let lower = cholesky(block)
    // A residual far out says little of others.
    let deviations = known.map { known in
      let s = residualCovariance[known.test][known.test].squareRoot()
      return max(-3 * s, min(3 * s, posterior.residuals[known.row]))
    }
    let solved = solve(cholesky: lower, deviations)
    return asked.map { row in
      let law = FleetLaw.logSeconds(row, cache: cache, posterior.parameters) + offset(row, features)
      let slope = FleetLaw.gradient(row, cache: cache, posterior.parameters)
      let fromParameters = max(0, dot(slope, posterior.covariance.map { dot($0, slope) }))
      let s = scale(row, features)
      var rest = s * s
      var shift = 0.0
      if let number = numbers[row.test], !known.isEmpty {
        let cross = known.map { residualCovariance[number][$0.test] }
        shift = dot(cross, solved)
        let explained = dot(cross, solve(cholesky: lower, cross))
        let share = residualCovariance[number][number] > 0 ? explained / residualCovariance[number][number] : 0
        rest *= 1 - min(0.9, max(0, share))
      }
      return (law + shift, (fromParameters + rest).squareRoot() * unruly)
    }
  }
}
