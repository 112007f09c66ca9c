import Engine
import KernelContract
import Kernels
import Machine
import Records

/// Times what `KernelTuning` decides, on one thread and on matrices that a second cache does not hold: about half a second a format.
package enum Tuner {
  /// Up to the tokens that go through the layers together.
  package static let tokenCounts = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 128, 512]

  package static func measure(
    _ formats: [WeightFormat] = WeightFormat.allCases,
    pace: RoofPace = RoofPace(rounds: 3, secondsEach: 0.003, warmUpSeconds: 0.1)
  ) -> Finding<MeasuredTuning> {
    Finding {
      let selection = try KernelSelection()
      var measured = MeasuredTuning(time: Timestamp.utc(), isa: selection.isa, tuning: .standard, timings: [])
      var pace = pace
      // Where both are the same kernel there is nothing to choose.
      for format in formats where selection.few(format).identity != selection.many(format).identity {
        let timings = try measure(format, selection, pace)
        measured.tuning[format] = manyTokens(timings)
        measured.timings += timings
        pace.warmUpSeconds = 0
      }
      return measured
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

  /// The border that costs least in the times of one format when every number of tokens is as likely as another: one comparison
  /// that a disturbance turned over cannot move it. Times count by the token. Behind the last number it is never.
  package static func manyTokens(_ timings: [MeasuredTuning.Timing]) -> Int {
    let counts = Set(timings.map(\.tokens)).sorted()
    func cost(_ border: Int) -> Double {
      timings.reduce(0) { sum, timing in
        sum + (timing.tokens < border ? timing.fewSeconds : timing.manySeconds) / Double(timing.tokens)
      }
    }
    return (counts + [KernelTuning.never]).min { cost($0) < cost($1) } ?? KernelTuning.never
  }
}
