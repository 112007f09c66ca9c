import CostCurves
import Records
import Statistics

/// The curves of one subject with what they are judged by: what each place cost and what the curve says, and what the terms
/// amount to beside the machine's roofs.
package struct CurveReport: Encodable, Sendable {
  package var schema = "inferometer.curves"
  package var schemaVersion = 1
  package var model: ModelIdentity
  package var configuration: RunConfiguration
  package var slices: [Int]?
  package var curves: [Fit]

  package struct Fit: Encodable, Sendable {
    package var name: String
    package var fitted: FittedCurve?
    package var absentReason: String?
    package var residuals: [Residual] = []
    package var parameters: [Parameter] = []
  }

  /// The mean cost of a place, and how far the curve is from it, as a share of it.
  package struct Residual: Encodable, Sendable {
    package var place: Place
    package var seconds: Estimate
    package var fittedSeconds: Double
    package var relative: Double
  }

  /// A term as a rate of the machine.
  package struct Parameter: Encodable, Sendable {
    package enum Rate: String, Encodable, Sendable {
      case bytesPerSecond = "bytes_per_second"
      case flopsPerSecond = "flops_per_second"
    }

    package var term: Term
    /// What is read, or computed.
    package var what: String
    package var rate: Rate
    package var value: Estimate
    package var roof: Double?

    /// More than the machine was measured to reach: the term holds less than its name says.
    package var beatsRoof: Bool { roof.map { value.interval?.low ?? value.value > $0 } ?? false }
  }

  package init(_ subject: SubjectSummary) {
    model = subject.model
    configuration = subject.configuration
    slices = subject.slices
    curves = [
      Fit(
        "prefill", subject.prefillCurve, subject.prefillCurveAbsentReason, subject.prefill.filter { $0.sequences == 1 }),
      Fit("decode", subject.decodeCurve, subject.decodeCurveAbsentReason, subject.decode.filter { $0.sequences == 1 }),
      Fit(
        "batch", subject.batchCurve, subject.batchCurve == nil ? "steps of several sequences were not measured" : nil,
        subject.decode),
    ]
  }
}

extension CurveReport.Fit {
  init(_ name: String, _ fitted: FittedCurve?, _ absence: String?, _ points: [MeasuredPoint]) {
    self.name = name
    self.fitted = fitted
    absentReason = fitted == nil ? absence ?? "not measured" : nil
    guard let fitted else { return }
    let curve = fitted.curve
    let used = points.filter { !fitted.leftOut.contains($0.place) }
    residuals = used.map { point in
      let cost = dot(curve.family.factors(of: point.demand(curve.growth)), curve.coefficients)
      let seconds = point.secondsPerToken.scaled(by: Double(point.tokensOfACost))
      return CurveReport.Residual(
        place: point.place, seconds: seconds, fittedSeconds: cost, relative: cost / seconds.value - 1)
    }
    parameters = fitted.terms.compactMap { CurveReport.Parameter($0.term, $0.seconds, used, curve.growth) }
  }
}

extension CurveReport.Parameter {
  /// What the term's seconds are spent on by the accounts of the points: bytes of weights for a pass of decode, operations of
  /// products for a row, bytes or operations of attention for a token attended to. Nil where that is not known.
  init?(_ term: Term, _ seconds: Estimate, _ points: [MeasuredPoint], _ growth: Growth) {
    guard seconds.value > 0, let first = points.first else { return nil }
    let isPrefill = first.phase == .prefill
    func sum(_ names: [String], _ part: KeyPath<OperationCount, Double>) -> Double {
      points.reduce(0) { sum, point in
        let each = names.reduce(0) { $0 + (point.operationsPerToken[$1]?[keyPath: part] ?? 0) }
        return sum + each * Double(point.tokensOfACost)
      }
    }
    func count(_ part: KeyPath<Demand, Double>) -> Double {
      points.reduce(0) { $0 + $1.demand(growth)[keyPath: part] }
    }
    let amount: Double
    switch term {
    case .pass where !isPrefill, .overlap:
      (what, rate) = ("weights", .bytesPerSecond)
      amount = sum(["matmul", "head"], \.bytesRead.value) / count(\.passes)
    case .row where isPrefill:
      (what, rate) = ("products", .flopsPerSecond)
      amount = sum(["matmul"], \.flops.value) / count(\.rows)
    case .pair:
      (what, rate) = isPrefill ? ("attends", .flopsPerSecond) : ("cache", .bytesPerSecond)
      amount = sum(["attention"], isPrefill ? \.flops.value : \.bytesRead.value) / count(\.pairs)
    default: return nil
    }
    guard amount > 0, let value = Estimate.exact(amount).ratio(to: seconds) else { return nil }
    self.term = term
    self.value = value
    let roofs = points.compactMap { rate == .bytesPerSecond ? $0.readRoofBytesPerSecond : $0.flopRoofFlopsPerSecond }
    roof = (try? Sample(roofs))?.median
  }
}

extension MeasuredPoint {
  package var place: Place {
    Place(tokens: phase == .prefill ? promptTokens : 1, context: contextTokens, sequences: sequences)
  }

  /// Tokens of one timed piece: a whole prompt, or a step.
  fileprivate var tokensOfACost: Int { (phase == .prefill ? promptTokens : 1) * sequences }

  /// Of a timed piece on average.
  fileprivate func demand(_ growth: Growth) -> Demand {
    phase == .prefill
      ? growth.demand(of: place)
      : growth.steps(from: contextTokens, count: generatedTokens, sequences: sequences) * (1 / Double(generatedTokens))
  }
}
