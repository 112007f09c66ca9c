import Quantities
import Statistics

/// What each strategy of a scenario comes to in a month: what `price --scenario --json` prints.
package struct ScenarioResult: Encodable, Sendable {
  package var schema = "inferometer.scenario_result"
  package var schemaVersion = 1
  package var name: String
  package var level: Double
  package var draws: Int
  package var seed: Int
  package var inputs: InputTally
  package var records: [RecordUse]
  package var host: String
  /// Energy is that of the host's own watts, and not of the records.
  package var hasHostWatts: Bool
  package var strategies: [StrategyResult]
  /// Which inputs matter to the difference between the best strategy and the next.
  package var decision: Decision
  /// What each measured number of sequences makes of the first strategy: cost against speed for each reader.
  package var operatingPoints: [OperatingPoint]
  /// What quality costs, record by record; empty where no record has a loss.
  package var quality: [Quality]
  package var notes: [String]

  /// How many inputs were measured, given, and examples.
  package struct InputTally: Encodable, Hashable, Sendable {
    package var measured: Int
    package var given: Int
    package var example: Int
  }

  package struct RecordUse: Encodable, Hashable, Sendable {
    package var name: String
    package var label: String
    package var energy: String?
    package var energyAbsentReason: String?
  }

  /// A figure of a month, and where the level's share of all draws lies. A figure that rests on an example says so.
  package struct Figure: Encodable, Hashable, Sendable {
    package var value: Double
    package var low: Double
    package var high: Double
    package var restsOnExample: Bool

    /// With as many digits as two machines agree on, whose mathematical functions differ in the last bit.
    init(value: Double, low: Double, high: Double, restsOnExample: Bool) {
      self.value = value.rounded(significantDigits: 10)
      self.low = low.rounded(significantDigits: 10)
      self.high = high.rounded(significantDigits: 10)
      self.restsOnExample = restsOnExample
    }
  }

  package struct StrategyResult: Encodable, Sendable {
    package var name: String
    package var plan: String
    package var record: String
    package var sequences: Int
    package var figures: [String: Figure]
    /// A strategy whose successful task costs its maker no more and whose tasks succeed no less often, and one of both better.
    package var dominatedBy: String?
    /// Of figures that there are not: why.
    package var absent: [String: String]
    package var outside: Outside
    /// The share of draws in which it earns most.
    package var probabilityOfBeingBest: Double
    /// Profit against that of the first strategy, in the same draws.
    package var profitDifference: Figure?
    /// From the input that moves profit most.
    package var tornado: [Swing]
    /// p95 of a step at the measured place nearest to the mean request, and of its first token, in milliseconds.
    package var timePerOutputTokenMsP95: Double?
    package var timeToFirstTokenMsP95: Double?
    /// The context from which on an output token costs more than it is sold for; nil where there is none within what was
    /// measured, or where no token is sold.
    package var lossFromContextTokens: Int?
  }

  package struct Outside: Encodable, Hashable, Sendable {
    package var tasks: Double
    package var tokens: Double
    package var dollars: Double

    init(_ shares: StrategyModel.OutsideShares) {
      tasks = shares.tasks.rounded(significantDigits: 10)
      tokens = shares.tokens.rounded(significantDigits: 10)
      dollars = shares.dollars.rounded(significantDigits: 10)
    }
  }

  /// What profit is at the ends of one input, all others at their value.
  package struct Swing: Encodable, Hashable, Sendable {
    package var input: String
    package var isMeasured: Bool
    package var low: Double
    package var high: Double
    package var width: Double { (high - low).magnitude }

    init(input: String, isMeasured: Bool, low: Double, high: Double) {
      self.input = input
      self.isMeasured = isMeasured
      self.low = low.rounded(significantDigits: 10)
      self.high = high.rounded(significantDigits: 10)
    }
  }

  /// So many sequences that decode at once.
  package struct OperatingPoint: Encodable, Sendable {
    package var record: String
    package var sequences: Int
    /// p95 of a step, at the measured place nearest to the mean request; nil where none was timed.
    package var timePerOutputTokenMsP95: Double?
    package var marginalDollarsPerTask: Double
    package var restsOnExample: Bool
    package var meetsLatency: Bool
    package var isTaken: Bool
  }

  /// A record as a point of quality against cost, for the tasks of the first strategy.
  package struct Quality: Encodable, Sendable {
    package var record: String
    /// Nats per token.
    package var loss: Double
    package var restsOnExample: Bool
    package var marginalDollarsPerTask: Figure
    package var dollarsPerMillionOutputTokens: Figure
    /// A record that costs no more and loses no more, and one of both less.
    package var dominatedBy: String?
  }

  package struct Decision: Encodable, Hashable, Sendable {
    package var best: String
    /// Inputs at one of whose ends another strategy is best, and which.
    package var changes: [Change]
  }

  package struct Change: Encodable, Hashable, Sendable {
    package var input: String
    package var isMeasured: Bool
    package var end: String
    package var best: String
  }
}
