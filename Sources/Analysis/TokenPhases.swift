import Records
import Statistics

/// What a token takes in each phase, and an output token in both of its own, at the reference length.
package struct TokenPhases: Sendable {
  package struct Row: Sendable {
    package var name: String
    /// It was measured under doubt.
    package var isDoubtful = false
    package var seconds: Estimate
    package var dollarsPerMillionTokens: Estimate
    package var joules: Estimate?
    package var idleSubtractedJoules: Estimate?
    package var energyAbsentCode: String?

    fileprivate init(_ name: String, _ point: MeasuredPoint) {
      self.name = name
      isDoubtful = point.isDoubtful
      seconds = point.secondsPerToken
      dollarsPerMillionTokens = point.dollarsPerMillionTokens
      joules = point.energy?.joulesPerToken
      idleSubtractedJoules = point.energy?.idleSubtractedJoulesPerToken
      energyAbsentCode = point.energyAbsentCode
    }

    /// Decode and sampling together, which one output token needs. Energies that came about in two ways have no sum.
    fileprivate init(_ decode: MeasuredPoint, plus sampling: MeasuredPoint) {
      self.init("decode + sampling", decode)
      isDoubtful = false
      seconds = decode.secondsPerToken.plus(sampling.secondsPerToken)
      dollarsPerMillionTokens = decode.dollarsPerMillionTokens.plus(sampling.dollarsPerMillionTokens)
      energyAbsentCode = nil
      let isAlike = decode.energy?.kind == sampling.energy?.kind
      func sum(_ figure: (PointEnergy) -> Estimate?) -> Estimate? {
        guard isAlike, let first = decode.energy.flatMap(figure), let second = sampling.energy.flatMap(figure) else {
          return nil
        }
        return first.plusAlike(second)
      }
      joules = sum(\.joulesPerToken)
      idleSubtractedJoules = sum(\.idleSubtractedJoulesPerToken)
    }
  }

  package private(set) var rows: [Row]
  package private(set) var hasSampling = false
  /// Ways of all energies here; empty where there is none.
  package let energyMethods: [RunEnergy.Method]

  /// Nil without a decode.
  init?(prefill: [MeasuredPoint], decode: [MeasuredPoint], sampling: MeasuredPoint?) {
    guard let decode = MeasuredPoint.reference(among: decode) else { return nil }
    let prefill = MeasuredPoint.reference(among: prefill)
    energyMethods = [prefill, decode, sampling].compactMap { $0?.energy?.method }
    rows = prefill.map { [Row("prefill of \($0.promptTokens)", $0)] } ?? []
    rows.append(Row("decode at \(decode.contextTokens)", decode))
    guard let sampling else { return }
    hasSampling = true
    rows += [Row("sampling", sampling), Row(decode, plus: sampling)]
  }
}

extension MeasuredPoint {
  /// The point at which costs by class are shown: one sequence, nearest to the reference length.
  package static func reference(among points: [MeasuredPoint]) -> MeasuredPoint? {
    let fewest = points.map(\.sequences).min()
    let single = points.filter { $0.sequences == fewest }
    // Of prompts, those without a cache in front of them.
    let depth = single.lazy.filter { $0.phase == .prefill }.map(\.contextTokens).min()
    return single.filter { depth == nil || $0.contextTokens == depth }.min { $0.distance < $1.distance }
  }

  /// Tokens of the axis that its phase runs over.
  package var length: Int { phase == .prefill ? promptTokens : contextTokens }

  private var distance: Int { abs(length - SummaryBuilder.referenceTokens) }
}
