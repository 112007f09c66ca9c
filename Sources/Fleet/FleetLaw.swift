import Glibc

/// Seconds of a token on a server whose speed is a few parameters, all as logarithms.
enum FleetLaw {
  /// What a parameter is, and where a search for it begins: seconds a layer, weights, bytes from memory, of the cache of keys and
  /// from the last cache; then of prompts operations and weights a second, seconds a layer, operations of attention, elements.
  static let start: [Double] = [
    log(1e-5), log(2e10), log(4e10), log(2e10), log(1.2e11), log(3e11), log(5e9), log(1e-4), log(1e11), log(1e10),
  ]
  static var count: Int { start.count }

  /// ln seconds of each token of a row.
  static func logSeconds(_ row: FleetServer.Row, cache: Double, _ parameters: [Double]) -> Double {
    let (model, n) = (row.model, row.tokens)
    let p = parameters
    if row.isPrompt {
      let part = min(n, 512)
      let products = 2 * model.body * exp(-p[5]) + 2 * model.head * exp(-p[5]) / n
      let weights = model.body * exp(-p[6]) / part
      let layers = model.layers * exp(p[7]) / part
      let attention = (n / 2 + 8) * 2 * model.attention * exp(-p[8])
      return log(products + weights + layers + attention + model.elementwise * exp(-p[9]))
    }
    let missed = 1 / (1 + cache / model.bytesRead)
    let computing = model.products * exp(-p[1])
    let reading = model.bytesRead * (missed * exp(-p[2]) + (1 - missed) * exp(-p[4]))
    let both = cbrt(computing * computing * computing + reading * reading * reading)
    let context = (n / 2 + 8) * 2 * model.cached * exp(-p[3])
    return log(model.layers * exp(p[0]) + both + context)
  }

  /// Its derivatives by the parameters, by central differences.
  static func gradient(_ row: FleetServer.Row, cache: Double, _ parameters: [Double]) -> [Double] {
    let step = 1e-4
    let used = row.isPrompt ? 5..<10 : 0..<5
    return parameters.indices.map { index in
      guard used.contains(index) else { return 0 }
      var (low, high) = (parameters, parameters)
      low[index] -= step
      high[index] += step
      return (logSeconds(row, cache: cache, high) - logSeconds(row, cache: cache, low)) / (2 * step)
    }
  }
}
