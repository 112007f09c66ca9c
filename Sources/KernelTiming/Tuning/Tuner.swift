import Engine
import KernelContract
import Kernels
import Machine
import Records

/// Times what `KernelTuning` decides, on one thread and on matrices that a second cache does not hold: about a second.
package enum Tuner {
  package static let tokenCounts = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 32]
  /// One that takes unpacking of nibbles alone, one with two levels of scales, one with none to unpack.
  package static let formats: [WeightFormat] = [.q4_0, .q4_K, .q8_0]

  package static func measure(pace: RoofPace = RoofPace(rounds: 3, secondsEach: 0.003, warmUpSeconds: 0.1)) -> Finding<
    MeasuredTuning
  > {
    Finding {
      let selection = try KernelSelection()
      // Where both are the same kernel there is nothing to choose.
      let tuned = formats.filter { selection.few($0).identity != selection.many($0).identity }
      var timings: [MeasuredTuning.Timing] = []
      for format in tuned { timings += try measure(format, selection, pace) }
      return MeasuredTuning(
        time: Timestamp.utc(), isa: selection.isa,
        tuning: KernelTuning(manyTokens: manyTokens(timings) ?? KernelTuning.standard.manyTokens), timings: timings)
    }
  }

  private static func measure(
    _ format: WeightFormat, _ selection: KernelSelection, _ pace: RoofPace
  ) throws -> [MeasuredTuning.Timing] {
    let product = try ProductContest(
      ProductShape(tokens: tokenCounts.max() ?? 1, rows: 4096, columns: 2048), format, copies: { _ in 1 },
      pool: ThreadPool(threads: 1, pin: false))
    let contenders = try [selection.few(format), selection.many(format)].map { ($0, try product.prepared(for: $0)) }
    let work = tokenCounts.flatMap { tokens in
      contenders.map { kernel, prepared in
        LockstepProbe.Work(warmUpSeconds: tokens == tokenCounts[0] ? pace.warmUpSeconds : 0) { _ in
          product.step(kernel, prepared, tokens: tokens)
        }
      }
    }
    let times = LockstepProbe.measure(work, threads: 1, rounds: pace.rounds, secondsEach: pace.secondsEach)
    guard let times = times.value else { throw Absence(.unreadable, times.reason ?? "") }
    let best = times.map { $0.flatMap(\.self).min() ?? .infinity }
    return tokenCounts.enumerated().map { index, tokens in
      MeasuredTuning.Timing(
        format: format, tokens: tokens, fewSeconds: best[2 * index], manySeconds: best[2 * index + 1])
    }
  }

  /// The border that costs least when every number of tokens is as likely as another: one comparison that a disturbance
  /// turned over cannot move it. Times count by the token, each format's as shares of its cheapest token; nil without times.
  package static func manyTokens(_ timings: [MeasuredTuning.Timing]) -> Int? {
    let cheapest = Dictionary(grouping: timings, by: \.format).mapValues { timings in
      timings.map { min($0.fewSeconds, $0.manySeconds) / Double($0.tokens) }.min() ?? 1
    }
    let counts = Set(timings.map(\.tokens)).sorted()
    guard let last = counts.last else { return nil }
    func cost(_ border: Int) -> Double {
      timings.reduce(0) { sum, timing in
        let seconds = timing.tokens < border ? timing.fewSeconds : timing.manySeconds
        return sum + seconds / Double(timing.tokens) / (cheapest[timing.format] ?? 1)
      }
    }
    return (counts + [last + 1]).min { cost($0) < cost($1) }
  }
}
