import Pricing
import Records
import Statistics

/// A price, and how well it is to be known: `$/M output ± 3 %`.
package struct PriceGoal: Sendable, Equatable {
  package enum Figure: Sendable, Equatable {
    /// A token of which that share is input: 1 for an input token, 0 for an output token.
    case token(inputShare: Double)
    /// How many input tokens an output token costs as much as.
    case ratio

    init?(_ text: String) {
      let shares = [("input", 1), ("output", 0)] + Mix.named.map { ($0.name, $0.inputShare) }
      if text == "ratio" {
        self = .ratio
      } else if let share = shares.first(where: { "$/M \($0.0)" == text }) {
        self = .token(inputShare: share.1)
      } else {
        return nil
      }
    }
  }

  package var figure: Figure
  /// Half the width of its interval, as a share of it.
  package var halfWidth: Double

  /// Nil for anything that is not written so; `+-` and `+/-` stand for ±.
  package init?(_ text: String) {
    let parts = text.replacing("+/-", with: "±").replacing("+-", with: "±").split(
      separator: "±", omittingEmptySubsequences: false
    ).map { $0.split(separator: " ").joined(separator: " ") }
    guard parts.count == 2, let figure = Figure(parts[0]), parts[1].hasSuffix("%"),
      let share = Double(parts[1].dropLast().filter { $0 != " " }), share > 0, share <= 100
    else { return nil }
    self.figure = figure
    halfWidth = share / 100
  }

  /// How well it is known.
  package struct Standing: Sendable {
    /// Nil where there is no interval, or its units resemble their neighbours: then it belongs to a state of the machine.
    package var halfWidth: Double?
    package var isReached: Bool
    /// What prompts and steps each add to its relative variance. Nil of a ratio: what slows both alike cancels only where both
    /// are measured in the same windows.
    package var input: Part?
    package var output: Part?

    package struct Part: Sendable, Equatable {
      package var variance: Double
      package var units: Int
    }
  }

  /// As the first setup of some results has it.
  package func standing(of results: Results) -> Standing {
    guard let sheet = SummaryBuilder.summary(of: results).subjects.first?.price.sheet else {
      return Standing(isReached: false)
    }
    let (input, output) = (sheet.secondsPerInputToken, sheet.secondsPerOutputToken)
    guard case .token(let share) = figure else {
      return standing(sheet.outputToInputRatio, of: [input, output])
    }
    let parts = [input.scaled(by: share), output.scaled(by: 1 - share)]
    let used = zip([share, 1 - share], parts).filter { $0.0 > 0 }.map(\.1)
    let whole = used.count == 1 ? used[0] : parts[0].plus(parts[1])
    var standing = standing(whole, of: used)
    if share > 0 { standing.input = Standing.Part(parts[0], of: whole.value) }
    if share < 1 { standing.output = Standing.Part(parts[1], of: whole.value) }
    return standing
  }

  private func standing(_ figure: Estimate?, of parts: [Estimate]) -> Standing {
    let isSettled = parts.allSatisfy { $0.replicates.map { !$0.neighboursResemble } ?? false }
    let found = isSettled ? figure?.relativeHalfWidth : nil
    return Standing(halfWidth: found, isReached: found.map { $0 <= halfWidth } ?? false)
  }
}

extension PriceGoal.Standing.Part {
  fileprivate init?(_ seconds: Estimate, of whole: Double) {
    guard let replicates = seconds.replicates, whole > 0 else { return nil }
    variance = replicates.variance / (whole * whole)
    units = replicates.units.count
  }
}
