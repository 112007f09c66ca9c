import Analysis
import Pricing
import Quantities
import Statistics

/// Kernels against the whole.
extension ReportPage {
  package mutating func add(_ closure: Closure, _ tariff: Tariff) {
    var table = TextTable([
      TextTable.text("operation"), TextTable.figure("calls"), TextTable.figure("time"), TextTable.figure("share"),
    ])
    for part in closure.parts {
      table.add([
        part.operationClass, "\(part.calls)", Unit.seconds.text(part.seconds), Unit.share.text(part.share),
      ])
    }
    table.add([
      "all kernels", "\(closure.parts.reduce(0) { $0 + $1.calls })", Unit.seconds.text(closure.kernelSeconds), "100 %",
    ])
    add(.table("\(closure.name), from its kernels", table, notes: []))
    if let measured = closure.measuredSeconds, let rest = closure.restShare {
      let words =
        rest >= 0
        ? "\(Unit.share.text(rest)) of it lies between the kernels"
        : "its kernels take \(Unit.share.text(-rest)) more, each alone"
      add(.entry("whole", "\(Unit.seconds.text(measured)) as measured, undisturbed: \(words)"))
    } else if let reason = closure.measuredAbsentReason {
      add(.entry("whole", "not measured: \(reason)"))
    }
    let perToken = closure.kernelSeconds.scaled(by: 1 / Double(closure.tokens))
    add(
      .entry(
        "price",
        "\(Unit.dollars(tariff.dollarsPerMillionTokens(secondsPerToken: perToken))) per million tokens by its kernels alone"
      ))
  }
}
