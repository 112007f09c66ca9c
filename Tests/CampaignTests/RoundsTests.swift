import Campaign
import Metering
import TestSupport
import Testing

@Suite struct RoundsTests {
  /// What each visit of a place takes on the clock, and the visits in their order.
  private func visits(
    of places: Int, _ order: Rounds.Order = .rotating, endingTogether: Bool = false, rounds: Range<Int>,
    seconds: Double = 0, milliseconds: [UInt64] = [], cancelAfter: Int = .max,
    isEnough: (_ place: Int, _ spent: Double) -> Bool = { _, _ in true }
  ) throws -> (visits: [[Int]], open: Set<Int>) {
    let clock = ScriptedClock()
    let cancellation = Cancellation()
    var visits: [[Int]] = []
    let open = try Rounds(
      of: places, order, endingTogether: endingTogether, rounds: rounds, seconds: seconds, cancellation: cancellation,
      timekeeper: clock
    ).run { place, round in
      visits.append([round, place])
      clock.advance(nanoseconds: (milliseconds.isEmpty ? 0 : milliseconds[place]) * 1_000_000)
      if visits.count == cancelAfter { cancellation.cancel() }
    } isEnough: {
      isEnough($0, $1)
    }
    return (visits, open)
  }

  @Test func everyRoundBeginsAtAnotherPlace() throws {
    let (visits, open) = try visits(of: 3, rounds: 0..<3)
    #expect(visits.map { $0[1] } == [0, 1, 2, 1, 2, 0, 2, 0, 1] && open.isEmpty)
    #expect(visits.map { $0[0] } == [0, 0, 0, 1, 1, 1, 2, 2, 2])
  }

  @Test func aMirroredRoundRunsBackwards() throws {
    let visits = try visits(of: 3, .mirrored, rounds: 0..<4).visits
    #expect(visits.map { $0[1] } == [0, 1, 2, 2, 1, 0, 1, 2, 0, 0, 2, 1])
  }

  /// Rounds of an earlier sitting are not made again, and none at all where that had made them all.
  @Test func goesOnWhereASittingStopped() throws {
    #expect(try visits(of: 1, rounds: 2..<4).visits == [[2, 0], [3, 0]])
    let none = try visits(of: 2, rounds: 4..<4)
    #expect(none.visits.isEmpty && none.open.isEmpty)
  }

  /// A second for each: visits of 0.3 s fit three times, 0.9 + 0.3 is more; those of 0.1 s are known after five.
  @Test func eachPlaceEndsByItself() throws {
    let visits = try visits(of: 2, rounds: 0..<1, seconds: 1, milliseconds: [300, 100]) { place, spent in
      place == 1 && spent > 0.45
    }.visits
    #expect([0, 1].map { place in visits.count { $0[1] == place } } == [3, 5])
    #expect(visits.last == [4, 1])
  }

  /// A round of both takes 0.4 s: two of them fit into a second, and the third does not.
  @Test func orAllEndTogether() throws {
    var looks: [Double] = []
    let (visits, open) = try visits(
      of: 2, .mirrored, endingTogether: true, rounds: 0..<1, seconds: 1, milliseconds: [300, 100]
    ) { _, spent in
      looks.append(spent)
      return false
    }
    #expect(visits == [[0, 0], [0, 1], [1, 1], [1, 0]] && open.isEmpty)
    #expect(looks.map { ($0 * 10).rounded() } == [4, 8])
  }

  /// The least rounds are made whatever they take and whatever is known.
  @Test func makesTheLeastRoundsInAnyCase() throws {
    #expect(try visits(of: 1, rounds: 0..<5, seconds: 0.1, milliseconds: [300]).visits.count == 5)
  }

  @Test(arguments: [1, 3, 4]) func namesWhatHadNotEndedWhenAskedToStop(visit: Int) throws {
    let (visits, open) = try visits(of: 2, rounds: 0..<2, cancelAfter: visit)
    #expect(visits.count == visit && open == [0, 1])
  }
}
