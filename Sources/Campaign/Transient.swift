import Statistics

/// The first steps of a decode run. A prefill, or another shape before it, leaves caches, branch predictors and sleeping threads
/// as they are not in a generation that goes on: these steps take longer, once a request, and no later token pays for them.
package enum Transient {
  /// Of shorter runs it cannot be told what a steady step is.
  static let fewestSteps = 16
  /// A step is steady where it and the three behind it, by their median, take at most so many times the median of the second half.
  static let limit = 1.03
  private static let together = 4

  /// How many steps belong to it, a quarter of the run at most, found by the run's own profile: each step's time for each byte
  /// that it moves, so that a context that grows is none.
  package static func length(of run: PhaseRun) -> Int {
    let bytes = run.costs.stepBytes
    guard run.shape.phase == .decode, bytes.count == run.steps.count else { return 0 }
    return length(ofRates: zip(run.steps, bytes).map { $0.wall.value / max(1, $1) })
  }

  package static func length(ofRates rates: [Double]) -> Int {
    guard rates.count >= fewestSteps, let steady = try? Sample(Array(rates.suffix(rates.count / 2))).median else {
      return 0
    }
    let most = rates.count / 4
    return (0..<most).first { place in
      let next = (try? Sample(Array(rates[place..<place + together])))?.median ?? steady
      return rates[place] <= limit * steady && next <= limit * steady
    } ?? most
  }
}
