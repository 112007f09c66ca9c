import KernelTiming
import Metering
import TestSupport
import Testing

@Suite struct TurnTimerTests {
  /// Each call of a body takes its own time on the clock.
  private func time(
    _ milliseconds: [UInt64], secondsEach: Double = 1, cancellation: Cancellation = Cancellation(),
    called: @escaping (Int, Range<Int>) -> Void = { _, _ in }
  ) throws -> [TurnTimer.Result] {
    let clock = ScriptedClock()
    let timer = TurnTimer(secondsEach: secondsEach, cancellation: cancellation, timekeeper: clock)
    return try timer.time(
      milliseconds.indices.map { body in
        { calls in
          called(body, calls)
          clock.advance(nanoseconds: milliseconds[body] * 1_000_000 * UInt64(calls.count))
        }
      })
  }

  /// A second in 25 turns is 40 ms: 20 calls of 2 ms, 10 of 4 ms.
  @Test func aTurnHasAsManyCallsAsFitIntoIt() throws {
    let results = try time([2, 4])
    #expect(results.map(\.callsPerTurn) == [20, 10])
    for (result, seconds) in zip(results, [0.002, 0.004]) {
      #expect(result.seconds.count == 25 && result.seconds.allSatisfy { abs($0 - seconds) < 1e-12 })
    }
  }

  /// Seven turns are needed for an interval, whatever they take.
  @Test func longCallsAreTimedOneByOne() throws {
    let results = try time([900, 100])
    #expect(results.map(\.callsPerTurn) == [1, 1])
    #expect(results.map(\.seconds.count) == [7, 7])
  }

  @Test func noCallReadsWhatAnotherHasJustRead() throws {
    var next = 0
    _ = try time([1, 7, 30]) { _, calls in
      #expect(calls.lowerBound == next)
      next = calls.upperBound
    }
  }

  /// On a clock that stands still nothing can be concluded, but it must end.
  @Test func aClockThatStandsStillEnds() throws {
    let results = try time([0], secondsEach: 0.1)
    #expect(results[0].seconds.allSatisfy { $0 == 0 })
  }

  @Test(arguments: 1...5) func everyBodyIsAsOftenInEveryPlace(count: Int) {
    var places = Array(repeating: Array(repeating: 0, count: count), count: count)
    for round in 0..<2 * count {
      let order = TurnTimer.order(round, of: count)
      #expect(order.sorted() == Array(0..<count))
      for (place, body) in order.enumerated() { places[body][place] += 1 }
    }
    #expect(places.allSatisfy { $0.allSatisfy { $0 == 2 } })
  }

  @Test func aWishToStopIsHeard() {
    let cancellation = Cancellation()
    var calls = 0
    #expect(throws: (any Error).self) {
      _ = try time([50], cancellation: cancellation) { _, _ in
        calls += 1
        if calls == 3 { cancellation.cancel() }
      }
    }
    #expect(calls == 3)
  }
}
