import Glibc
import Statistics

extension FleetPrior {
  private static let rounds = 7
  private static let ridge = 6.0

  /// Fits a prior to the servers: in turns the parameters of each server, their regression on features and their covariance about
  /// it, the noise of groups of rows and the offsets of classes; at the end what residuals have in common.
  package init(_ servers: [FleetServer], source: String) {
    let vectors = servers.map(\.features.vector)
    let width = vectors.first?.count ?? 0
    var (centres, scales) = ([Double](), [Double]())
    for column in 0..<width {
      let moments = Moments(vectors.compactMap { $0[column] })
      centres.append(moments.count > 0 ? moments.mean : 0)
      scales.append(max(0.05, moments.variance?.squareRoot() ?? 1))
    }
    self.init(
      source: source, servers: servers.count, centres: centres, scales: scales,
      regression: FleetLaw.start.map { [$0] + [Double](repeating: 0, count: width) },
      covariance: FleetLaw.start.indices.map { row in FleetLaw.start.indices.map { $0 == row ? 2 : 0 } },
      noise: ["tg": 0.15, "pp": 0.15], offsets: [:], tests: [], residualCovariance: [], calibration: [:])
    let design = vectors.map { vector in
      [1]
        + zip(vector, zip(centres, scales)).map { value, scale in
          value.map { max(-4, min(4, ($0 - scale.0) / scale.1)) } ?? 0
        }
    }
    var posteriors: [ServerPosterior] = []
    for round in 0..<Self.rounds {
      let (wide, narrow) = (inverse(covariance), inverse(covarianceWithinProcessors))
      posteriors = servers.map { server in
        ServerPosterior(
          server.rows, cache: server.features.lastCacheBytes, mean: belief(server.features).mean,
          precision: processors[server.features.processor] == nil ? wide : narrow,
          scales: server.rows.map { scale($0, server.features) },
          offsets: server.rows.map { offset($0, server.features) })
      }
      regress(posteriors, design)
      gather(posteriors, servers)
      estimateNoise(posteriors, servers)
      if round > 0 { estimateOffsets(posteriors, servers) }
    }
    correlate(posteriors, servers)
  }

  private init(
    source: String, servers: Int, centres: [Double], scales: [Double], regression: [[Double]], covariance: [[Double]],
    noise: [String: Double], offsets: [String: Double], tests: [String], residualCovariance: [[Double]],
    calibration: [String: [Double]]
  ) {
    self.source = source
    self.servers = servers
    self.centres = centres
    self.scales = scales
    self.regression = regression
    processors = [:]
    self.covariance = covariance
    covarianceWithinProcessors = covariance
    self.noise = noise
    self.offsets = offsets
    self.tests = tests
    self.residualCovariance = residualCovariance
    self.calibration = calibration
  }

  /// Ridge regression of each parameter on features, each server by how well its parameter is known.
  private mutating func regress(_ posteriors: [ServerPosterior], _ design: [[Double]]) {
    let size = design.first?.count ?? 0
    for parameter in regression.indices {
      var gram = (0..<size).map { row in (0..<size).map { $0 == row && row > 0 ? Self.ridge : 0 } }
      gram[0][0] += 1e-6
      var target = [Double](repeating: 0, count: size)
      let typical = covariance[parameter][parameter]
      for (posterior, x) in zip(posteriors, design) {
        let weight = typical / (typical + posterior.covariance[parameter][parameter])
        for i in 0..<size {
          target[i] += weight * x[i] * posterior.parameters[parameter]
          for j in 0..<size { gram[i][j] += weight * x[i] * x[j] }
        }
      }
      regression[parameter] = solve(cholesky: cholesky(gram), target)
    }
  }

  /// What processors are off the regression, and how far servers are off it, and off what others of their processor are.
  private mutating func gather(_ posteriors: [ServerPosterior], _ servers: [FleetServer]) {
    let size = FleetLaw.count
    let apart = zip(posteriors, servers).map { posterior, server in
      zip(posterior.parameters, mean(server.features)).map { max(-2, min(2, $0 - $1)) }
    }
    let groups = Dictionary(grouping: servers.indices) { servers[$0].features.processor }
    processors = groups.filter { $0.value.count > 1 }.mapValues { shrunkMean($0.map { apart[$0] }) }
    var about = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    for row in 0..<size { about[row][row] = 0.02 }
    var (wide, narrow) = (about, about)
    var (all, shared) = (0.0, 0.0)
    for indices in groups.values {
      for index in indices {
        let own = apart[index]
        all += 1
        // Of the others alone, as a server that joins finds it.
        let others = shrunkMean(indices.filter { $0 != index }.map { apart[$0] })
        if indices.count > 1 { shared += 1 }
        for i in 0..<size {
          for j in 0..<size {
            wide[i][j] += own[i] * own[j] + posteriors[index].covariance[i][j]
            if indices.count > 1 {
              narrow[i][j] += (own[i] - others[i]) * (own[j] - others[j]) + posteriors[index].covariance[i][j]
            }
          }
        }
      }
    }
    covariance = wide.map { $0.map { $0 / max(1, all) } }
    covarianceWithinProcessors = shared > 20 ? narrow.map { $0.map { $0 / shared } } : covariance
  }

  private func shrunkMean(_ vectors: [[Double]]) -> [Double] {
    let count = Double(vectors.count)
    return (0..<FleetLaw.count).map { index in vectors.reduce(0) { $0 + $1[index] } / (count + 3) }
  }

  private mutating func estimateNoise(_ posteriors: [ServerPosterior], _ servers: [FleetServer]) {
    var groups: [String: [Double]] = [:]
    for (posterior, server) in zip(posteriors, servers) {
      for (row, residual) in zip(server.rows, posterior.residuals) {
        groups[Self.noiseGroup(row, server.features), default: []].append(residual.magnitude)
        groups[row.isPrompt ? "pp" : "tg", default: []].append(residual.magnitude)
      }
    }
    // The median of the magnitude of Student's t with four degrees of freedom is 0.741.
    noise = groups.filter { $0.value.count >= 20 }.mapValues { values in
      max(0.015, values.sorted()[values.count / 2] / 0.741)
    }
  }

  /// The middle of what tests of a class of instructions are off, shrunk, and what those of a processor are off beside that.
  private mutating func estimateOffsets(_ posteriors: [ServerPosterior], _ servers: [FleetServer]) {
    var whole: [(row: FleetServer.Row, features: FleetServer.Features, off: Double)] = []
    for (posterior, server) in zip(posteriors, servers) {
      for (row, residual) in zip(server.rows, posterior.residuals) {
        whole.append((row, server.features, residual + offset(row, server.features)))
      }
    }
    func middles(_ key: (FleetServer.Features) -> String, _ off: (Int) -> Double, shrink: Double) -> [String: Double] {
      Dictionary(grouping: whole.indices) { "\(key(whole[$0].features))|\(whole[$0].row.test)" }.mapValues { indices in
        let count = Double(indices.count)
        return indices.map(off).sorted()[indices.count / 2] * count / (count + shrink)
      }
    }
    let classes = middles({ $0.instructionClass }, { whole[$0].off }, shrink: 4)
    let own = middles(
      { $0.processor },
      { whole[$0].off - (classes["\(whole[$0].features.instructionClass)|\(whole[$0].row.test)"] ?? 0) },
      shrink: 30)
    offsets = classes.merging(own) { $0 + $1 }
  }

  /// The covariance of residuals of tests over servers, each pair by those that have both, shrunk towards none.
  private mutating func correlate(_ posteriors: [ServerPosterior], _ servers: [FleetServer]) {
    var residuals: [[String: Double]] = []
    for (posterior, server) in zip(posteriors, servers) {
      var mine: [String: Double] = [:]
      for (row, residual) in zip(server.rows, posterior.residuals) {
        let limit = 4 * scale(row, server.features)
        mine[row.test] = max(-limit, min(limit, residual))
      }
      residuals.append(mine)
    }
    tests = Set(residuals.flatMap(\.keys)).sorted()
    residualCovariance = tests.map { a in
      tests.map { b in
        let pairs = residuals.compactMap { mine in mine[a].flatMap { x in mine[b].map { x * $0 } } }
        guard !pairs.isEmpty else { return a == b ? 0.01 : 0 }
        let count = Double(pairs.count)
        return pairs.reduce(0, +) / count * (a == b ? 1 : count / (count + 40) * 0.9)
      }
    }
  }
}
