import KernelTiming
import Metering

/// Places that take turns, round after round, so that what the machine does meanwhile meets all of them, until enough is
/// known or its time is spent.
package struct Rounds {
  package enum Order: Sendable {
    /// Each round begins one place further on.
    case rotating
    /// Each place is as often first as last, and as often before another as behind it.
    case mirrored

    func places(of round: Int, count: Int) -> [Int] {
      switch self {
      case .rotating: (0..<count).map { ($0 + round) % count }
      case .mirrored: TurnTimer.order(round, of: count)
      }
    }
  }

  private let places: Int
  private let order: Order
  private let endsTogether: Bool
  private let rounds: Range<Int>
  private let seconds: Double
  private let cancellation: Cancellation
  private let timekeeper: any Timekeeper

  /// `rounds` are made in any case, those before its start in an earlier sitting. More follow for each place, or for all
  /// together, as long as another fits into `seconds`.
  package init(
    of places: Int = 1, _ order: Order = .rotating, endingTogether: Bool = false, rounds: Range<Int>,
    seconds: Double = 0, cancellation: Cancellation, timekeeper: any Timekeeper = SystemTimekeeper()
  ) {
    self.places = places
    self.order = order
    endsTogether = endingTogether
    self.rounds = rounds
    self.seconds = seconds
    self.cancellation = cancellation
    self.timekeeper = timekeeper
  }

  /// `isEnough` is asked after every round, for each place that goes on, or for place 0 where all end together, with the seconds
  /// that were spent on it. Returns the places that had not ended when it was asked to stop.
  package func run(
    _ visit: (_ place: Int, _ round: Int) throws -> Void,
    isEnough: (_ place: Int, _ spent: Double) throws -> Bool = { _, _ in true }
  ) throws -> Set<Int> {
    var open = rounds.isEmpty ? [] : Set(0..<(endsTogether ? 1 : places))
    let watch = Stopwatch(timekeeper)
    var spent = [Double](repeating: 0, count: places)
    var longest = spent
    var round = rounds.lowerBound
    while !open.isEmpty {
      var taken = [Double](repeating: 0, count: places)
      for place in order.places(of: round, count: places) {
        let unit = endsTogether ? 0 : place
        guard open.contains(unit) else { continue }
        if cancellation.isCancelled { return open }
        let start = watch.elapsed.value
        try visit(place, round)
        taken[unit] += watch.elapsed.value - start
      }
      if cancellation.isCancelled { return open }
      round += 1
      for unit in open.sorted() {
        spent[unit] = endsTogether ? watch.elapsed.value : spent[unit] + taken[unit]
        longest[unit] = max(longest[unit], taken[unit])
        let isKnown = try isEnough(unit, spent[unit])
        if round >= rounds.upperBound, isKnown || spent[unit] + longest[unit] > seconds { open.remove(unit) }
      }
    }
    return open
  }
}
