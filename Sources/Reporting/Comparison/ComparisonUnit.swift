import Pricing
import Quantities
import Statistics

/// A figure by which runs are compared.
package enum ComparisonUnit: String, Encodable, Sendable, CaseIterable {
  case tokenRate = "tok/s"
  case tokenTime = "s/token"
  case tokenEnergy = "J/token"
  case price = "$/M"
  case p50, p90, p99
  case callTime = "s/call"

  /// What is shown where none is asked for.
  package static func standard(of runs: [ComparedRun]) -> ComparisonUnit {
    runs.contains { $0.isOfKernel } ? .callTime : .tokenRate
  }

  var isHigherBetter: Bool { self == .tokenRate }

  /// What the unit means, where its name does not say it.
  var meaning: String? {
    switch self {
    case .price: "dollars per million tokens at the host's price"
    case .p50, .p90, .p99: "seconds of a decode step, \(rawValue.dropFirst()) % of steps take at most so long"
    case .callTime: "seconds of a call of the kernel"
    case .tokenRate, .tokenTime, .tokenEnergy: nil
    }
  }

  /// The figure of the runs of one process; or why there is none.
  func value(of runs: [ComparedRun], _ tariff: Tariff) -> Result<Double, Missing> {
    guard runs.allSatisfy({ $0.isOfKernel == (self == .callTime) }) else {
      return .failure(
        Missing(
          reason: self == .callTime ? "runs of a model are no calls of a kernel" : "kernels are compared in s/call"))
    }
    return switch self {
    case .callTime: median(runs) { $0.wall }
    case .tokenRate: median(runs) { Double($0.tokens) / $0.wall }
    case .tokenTime: median(runs) { $0.wall / Double($0.tokens) }
    case .tokenEnergy:
      if let run = runs.first(where: { $0.joules == nil }) {
        .failure(Missing(reason: run.joulesAbsentReason))
      } else {
        median(runs) { ($0.joules ?? .nan) / Double($0.tokens) }
      }
    case .price:
      median(runs) {
        tariff.dollarsPerMillionTokens(secondsPerToken: .exact($0.wall / Double($0.tokens))).value
      }
    case .p50: quantile(0.5, runs)
    case .p90: quantile(0.9, runs)
    case .p99: quantile(0.99, runs)
    }
  }

  struct Missing: Error {
    var reason: String
  }

  private func median(_ runs: [ComparedRun], _ value: (ComparedRun) -> Double) -> Result<Double, Missing> {
    guard let sample = try? Sample(runs.map(value)) else { return .failure(Missing(reason: "not a finite number")) }
    return .success(sample.median)
  }

  private func quantile(_ probability: Double, _ runs: [ComparedRun]) -> Result<Double, Missing> {
    let steps = runs.flatMap(\.steps)
    guard !steps.isEmpty else { return .failure(Missing(reason: "single steps are known of decode runs only")) }
    // Below that many the quantile would be the slowest step.
    let need = Int((1 / (1 - probability)).rounded())
    guard steps.count >= need, let sample = try? Sample(steps) else {
      return .failure(Missing(reason: "\(steps.count) steps a process; \(rawValue) needs \(need)"))
    }
    return .success(sample.quantile(probability))
  }

  /// As a cell shows it: four digits, and the letter of its scale.
  func text(_ value: Double) -> String {
    switch self {
    case .tokenRate, .price: return value.significant(4)
    case .tokenTime, .tokenEnergy, .p50, .p90, .p99, .callTime:
      let scale = Unit.seconds.scale(for: value)
      return (value / scale.factor).significant(4) + scale.symbol.dropLast()
    }
  }
}
