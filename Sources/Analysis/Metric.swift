import Pricing
import Quantities
import Records
import Statistics

/// A figure that observations are compared by. A new one is a literal below and its name in `all`.
package struct Metric: Sendable {
  /// Its name, as it is asked for and shown: `tok/s`.
  package let id: String
  /// The unit in which it is shown; nil for a plain number without scales.
  package let unit: Unit?
  package let higherIsBetter: Bool
  /// What it means, where its name does not say it.
  package let meaning: String?
  /// It is of calls of kernels rather than of a model's tokens.
  package let isOfKernels: Bool
  /// It is made of energy, so that it matters how the energy came about.
  package let isOfEnergy: Bool
  /// The figure of what one process observed of one piece of work.
  private let figure: @Sendable ([Observation], Tariff?) throws(Measured.Absence) -> Double

  init(
    _ id: String, unit: Unit? = nil, higherIsBetter: Bool = false, meaning: String? = nil, isOfKernels: Bool = false,
    isOfEnergy: Bool = false,
    figure: @escaping @Sendable ([Observation], Tariff?) throws(Measured.Absence) -> Double
  ) {
    self.id = id
    self.unit = unit
    self.higherIsBetter = higherIsBetter
    self.meaning = meaning
    self.isOfKernels = isOfKernels
    self.isOfEnergy = isOfEnergy
    self.figure = figure
  }

  package static let all = [
    tokenRate, tokenTime, tokenEnergy, price, p50, p90, p99, tokenOperations, tokenBytes, callTime,
  ]

  package static let tokenRate = Metric("tok/s", higherIsBetter: true) { observations, _ throws(Measured.Absence) in
    try median(observations) { Double($0.tokens) / $0.seconds }
  }
  package static let tokenTime = Metric("s/token", unit: .seconds) { observations, _ throws(Measured.Absence) in
    try median(observations) { $0.secondsPerToken }
  }
  package static let tokenEnergy = Metric("J/token", unit: .joules, isOfEnergy: true) {
    observations, _ throws(Measured.Absence) in
    try median(observations) { measured throws(Measured.Absence) in
      try measured.energy.get().joules / Double(measured.tokens)
    }
  }
  package static let price = Metric("$/M", meaning: "dollars per million tokens at the host's price") {
    observations, tariff throws(Measured.Absence) in
    guard let tariff else {
      throw .init(reason: "the file does not say on what machine it was measured; give --price-per-hour")
    }
    return try median(observations) {
      tariff.dollarsPerMillionTokens(secondsPerToken: .exact($0.secondsPerToken)).value
    }
  }
  package static let tokenOperations = work("FLOP/token", .count, "operations that a token computes") { $0.flops.value }
  package static let tokenBytes = work("B/token", .bytes, "bytes that a token reads and writes") {
    $0.bytesRead.value + $0.bytesWritten.value
  }
  package static let p50 = quantile(0.5, "p50")
  package static let p90 = quantile(0.9, "p90")
  package static let p99 = quantile(0.99, "p99")
  package static let callTime = Metric(
    "s/call", unit: .seconds, meaning: "seconds of a call of the kernel", isOfKernels: true
  ) { observations, _ throws(Measured.Absence) in
    try median(observations) { $0.seconds }
  }

  /// What the account of an observation has for each of its tokens.
  private static func work(
    _ id: String, _ unit: Unit, _ meaning: String, _ amount: @escaping @Sendable (OperationCount) -> Double
  ) -> Metric {
    Metric(id, unit: unit, meaning: meaning) { observations, _ throws(Measured.Absence) in
      try median(observations) { measured throws(Measured.Absence) in
        if measured.operations.isEmpty { throw .init(reason: "the file has no account of operations and bytes") }
        return amount(measured.total) / Double(measured.tokens)
      }
    }
  }

  /// What is shown where none is asked for.
  package static func standard(of observations: [Observation]) -> Metric {
    observations.contains { $0.setup.kernel != nil } ? .callTime : .tokenRate
  }

  /// The figure of what one process observed; or why there is none.
  func value(of observations: [Observation], _ tariff: Tariff?) -> Result<Double, Measured.Absence> {
    guard observations.allSatisfy({ ($0.setup.kernel != nil) == isOfKernels }) else {
      let reason = isOfKernels ? "runs of a model are not calls of a kernel" : "kernels are compared in s/call"
      return .failure(.init(reason: reason))
    }
    return Result { () throws(Measured.Absence) in try figure(observations, tariff) }
  }

  private static func median(
    _ observations: [Observation], _ value: (Measured) throws(Measured.Absence) -> Double
  ) throws(Measured.Absence) -> Double {
    var values: [Double] = []
    for observation in observations { values.append(try value(observation.measured)) }
    guard let sample = try? Sample(values) else { throw .init(reason: "not a finite number") }
    return sample.median
  }

  private static func quantile(_ probability: Double, _ id: String) -> Metric {
    Metric(
      id, unit: .seconds, meaning: "seconds of a decode step, \(id.dropFirst()) % of steps take no longer"
    ) { observations, _ throws(Measured.Absence) in
      let steps = observations.flatMap { $0.decodeSteps }
      if steps.isEmpty { throw .init(reason: "single steps are known of decode runs only") }
      // With fewer steps the quantile would be the slowest one.
      let need = Int((1 / (1 - probability)).rounded())
      guard steps.count >= need, let sample = try? Sample(steps) else {
        throw .init(reason: "\(steps.count) steps a process; \(id) needs \(need)")
      }
      return sample.quantile(probability)
    }
  }
}

extension Metric: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(id)
  }
}

extension Observation {
  /// Seconds of single decode steps; empty where they are not known.
  fileprivate var decodeSteps: [Double] {
    guard case .phase(let shape, _) = work, shape.phase == .decode else { return [] }
    return measured.samples.map(\.wallSeconds.value)
  }
}
