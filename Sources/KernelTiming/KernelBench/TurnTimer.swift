import Metering
import Statistics

/// Times several bodies in turns of one run, so that their ratios do not hang on how the machine changes meanwhile.
package struct TurnTimer {
  /// Makes the calls of these numbers.
  package typealias Body = (Range<Int>) -> Void

  package struct Result {
    /// Seconds of a call, one for each round.
    package var seconds: [Double]
    package var callsPerTurn: Int
  }

  private let timekeeper: any Timekeeper
  private let secondsEach: Double
  private let cancellation: Cancellation
  private let slowdown: Slowdown?

  /// An interval of 95 % needs six observations; more than these do not narrow it enough to be waited for.
  private static let rounds = 7...25
  private static let mostCalls = 1 << 20

  /// `secondsEach` is what all turns of one body may take.
  package init(
    secondsEach: Double, cancellation: Cancellation, timekeeper: any Timekeeper, slowdown: Slowdown? = nil
  ) {
    self.secondsEach = secondsEach
    self.cancellation = cancellation
    self.timekeeper = timekeeper
    self.slowdown = slowdown
  }

  /// `before` is called before each turn, its time not taken.
  package func time(_ bodies: [Body], before: (_ body: Int) -> Void = { _ in }) throws -> [Result] {
    let turn = secondsEach / Double(Self.rounds.upperBound)
    // One count for all, so that none reads what another has just read.
    var next = 0
    func run(_ index: Int, _ calls: Int) -> Double {
      let first = next
      next += calls
      let start = timekeeper.nanoseconds()
      bodies[index](first..<first + calls)
      slowdown?.wait(since: start, on: timekeeper)
      return Stopwatch.seconds(from: start, to: timekeeper.nanoseconds()).value
    }
    var calls: [Int] = []
    var longest = 0.0
    for index in bodies.indices {
      before(index)
      let (count, seconds) = try callsThatFill(turn) { run(index, $0) }
      calls.append(count)
      longest = max(longest, seconds * Double(count))
    }
    let affordable = longest > 0 ? Int(min(secondsEach / longest, 1e6)) : Self.rounds.upperBound
    var results = calls.map { Result(seconds: [], callsPerTurn: $0) }
    for round in 0..<min(max(affordable, Self.rounds.lowerBound), Self.rounds.upperBound) {
      for index in Self.order(round, of: bodies.count) {
        try cancellation.check()
        before(index)
        // Wakes threads and fills what the others emptied; a body that fills its turn alone does without.
        if calls[index] > 1 { _ = run(index, 1) }
        results[index].seconds.append(run(index, calls[index]) / Double(calls[index]))
      }
    }
    return results
  }

  /// How many calls fill a turn, and what one takes.
  private func callsThatFill(_ turn: Double, _ run: (Int) -> Double) throws -> (Int, Double) {
    var calls = 1
    while true {
      try cancellation.check()
      let seconds = run(calls)
      if seconds >= turn / 4 || calls >= Self.mostCalls {
        let each = seconds / Double(calls)
        return (each > 0 ? min(max(1, Int(turn / each)), Self.mostCalls) : calls, each)
      }
      calls *= 2
    }
  }

  /// Each body is as often in each place, and as often before each other as behind it: the order turns by one every second
  /// round, and every other round is run backwards.
  package static func order(_ round: Int, of count: Int) -> [Int] {
    let order = (0..<count).map { ($0 + round / 2) % count }
    return round % 2 == 0 ? order : order.reversed()
  }
}
