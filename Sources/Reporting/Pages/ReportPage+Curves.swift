import Analysis
import CostCurves
import Quantities
import Statistics

/// Curves with their residuals and what their terms amount to.
extension ReportPage {
  package mutating func add(_ report: CurveReport) {
    field("model", Wording.line(of: report.model))
    field("setup", "\(Wording.count(report.configuration.threads, "thread")), \(report.configuration.isa)")
    for fit in report.curves {
      add(.section("\(fit.name.prefix(1).uppercased())\(fit.name.dropFirst()), as paid"))
      guard let fitted = fit.fitted else {
        add(.entry("absent", fit.absentReason ?? "not measured"))
        continue
      }
      add(.entry("curve", Wording.formula(fitted)))
      add(.entry("", Wording.domain(fitted)))
      add(.entry("", "intervals: \(fitted.method)"), detail: true)
      for parameter in fit.parameters { add(.entry(parameter.what, Wording.text(parameter))) }
      add(.table(nil, CurveTables.residuals(fit), notes: []))
    }
  }
}

enum CurveTables {
  /// What places cost and what the curve says of them.
  static func residuals(_ fit: CurveReport.Fit) -> TextTable {
    let unit = Unit.seconds.scale(forAll: fit.residuals.map(\.seconds.value))
    var table = TextTable([
      TextTable.figure("prompt"), TextTable.figure("context"), TextTable.figure("seqs"),
      TextTable.figure("paid \(unit.symbol)"), TextTable.figure("curve \(unit.symbol)"), TextTable.figure("off"),
    ])
    for residual in fit.residuals {
      table.add([
        "\(residual.place.tokens)", "\(residual.place.context)", "\(residual.place.sequences)",
        Unit.bare(residual.seconds, factor: unit.factor), (residual.fittedSeconds / unit.factor).significant(4),
        "\(residual.relative >= 0 ? "+" : "−")\((residual.relative.magnitude * 100).fixed(1)) %",
      ])
    }
    return table
  }
}

extension Wording {
  static func text(_ parameter: CurveReport.Parameter) -> String {
    let unit = parameter.rate == .bytesPerSecond ? Unit.byteRate : Unit.flopRate
    let roof = parameter.roof.map { roof in
      ", of a roof of \(unit.text(roof))"
        + (parameter.beatsRoof ? ": more than the roof, so that the term holds only a part of it" : "")
    }
    return "\(unit.text(parameter.value)) \(parameter.does)\(roof ?? "")"
  }
}

extension CurveReport.Parameter {
  /// What the term's time is spent on.
  fileprivate var does: String { rate == .bytesPerSecond ? "read" : "computed" }
}
