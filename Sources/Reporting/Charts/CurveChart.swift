import Analysis
import Quantities
import Records
import Statistics

/// Seconds of a token over what it grows with, as an SVG picture: what was measured, the curve, and its intervals: the inner one
/// of this measurement, the outer one, where it is known, of other hours.
package enum CurveChart {
  /// A decoded token over its context; nil without a curve.
  package static func decode(_ subject: SubjectSummary) -> String? {
    guard let fit = subject.decodeCurve else { return nil }
    let points = subject.decode.filter { $0.sequences == 1 }.map { point in
      // At the middle of the contexts that its run went through.
      limits(Double(point.contextTokens) + Double(max(0, point.generatedTokens - 1)) / 2, point.secondsPerToken)
    }
    let curve = fit.drawn(places: 48).map { limits($0.x, $0.cost) }
    return svg(
      subject, "seconds of a decoded token", horizontal: "context, tokens", points, curve,
      outer: spread(subject.reproduced?.output))
  }

  /// A token of a prompt over the length of the prompt, nothing in the cache before it; nil without a curve.
  package static func prefill(_ subject: SubjectSummary) -> String? {
    guard let fit = subject.prefillCurve else { return nil }
    let points = subject.prefill.filter { $0.sequences == 1 && $0.contextTokens == 0 }.map { point in
      limits(Double(point.promptTokens), point.secondsPerToken)
    }
    // Short prompts share a pass among few tokens: there the curve is steep.
    let curve = fit.drawn(places: 192).filter { $0.x > 0 }.map { limits($0.x, $0.cost.scaled(by: 1 / $0.x)) }
    return svg(
      subject, "seconds of a token of a prompt", horizontal: "prompt, tokens", points, curve,
      outer: spread(subject.reproduced?.input))
  }

  private static func svg(
    _ subject: SubjectSummary, _ what: String, horizontal: String, _ points: [Mark], _ curve: [Mark],
    outer: (low: Double, high: Double)?
  ) -> String? {
    let highest = (points.map(\.high) + curve.map { $0.high * (outer?.high ?? 1) }).max() ?? 0
    guard highest > 0, highest.isFinite, let last = (points.map(\.x) + curve.map(\.x)).max() else { return nil }
    let unit = Unit.seconds.scale(for: highest)
    let frame = Frame(right: max(last, 1), top: highest * 1.05 / unit.factor)
    func band(_ name: String, _ limits: (Mark) -> (low: Double, high: Double)) -> String {
      let corners =
        curve.map { frame.place($0.x, limits($0).high / unit.factor) }
        + curve.reversed().map { frame.place($0.x, limits($0).low / unit.factor) }
      return "<polygon class=\"\(name)\" points=\"\(corners.joined(separator: " "))\"/>"
    }
    var parts = frame.axes(horizontal: horizontal, vertical: "\(unit.symbol) per token")
    if let outer { parts.append(band("outer") { ($0.value * outer.low, $0.value * outer.high) }) }
    parts.append(band("band") { ($0.low, $0.high) })
    let line = curve.map { frame.place($0.x, $0.value / unit.factor) }
    parts.append("<polyline class=\"fit\" points=\"\(line.joined(separator: " "))\"/>")
    parts += points.flatMap { frame.mark($0.x, $0.low / unit.factor, $0.value / unit.factor, $0.high / unit.factor) }
    let title = "\(subject.model.name) \(subject.model.format): \(what)".xmlText
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" role="img" aria-label="\(title)">
      <title>\(title)</title>
      <style>
      .paper { fill: #ffffff } text { fill: #24292f; font: 12px sans-serif } .axis { stroke: #6e7781 }
      .fit { stroke: #0969da; fill: none; stroke-width: 2 } .band { fill: #0969da; opacity: 0.2 }
      .outer { fill: #0969da; opacity: 0.1 } .point { fill: #bc4c00 } .range { stroke: #bc4c00 }
      @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117 } text { fill: #e6edf3 } .axis { stroke: #8b949e }
      .fit { stroke: #58a6ff } .band, .outer { fill: #58a6ff } .point { fill: #f0883e } .range { stroke: #f0883e }
      }
      </style>
      <rect class="paper" width="640" height="360"/>
      \(parts.joined(separator: "\n"))
      </svg>

      """
  }

  private typealias Mark = (x: Double, low: Double, value: Double, high: Double)

  private static func limits(_ x: Double, _ time: Estimate) -> Mark {
    (x, max(0, time.interval?.low ?? time.value), time.value, time.interval?.high ?? time.value)
  }

  /// The limits of reproducibility as shares of the figure.
  private static func spread(_ figure: Estimate?) -> (low: Double, high: Double)? {
    guard let figure, let interval = figure.interval, figure.value > 0 else { return nil }
    return (max(0, interval.low / figure.value), interval.high / figure.value)
  }
}

/// The rectangle of a chart whose both axes begin at zero, 640 by 360 with margins for the labels.
private struct Frame {
  let right: Double
  let top: Double

  func place(_ x: Double, _ y: Double) -> String { "\(horizontal(x)),\(vertical(y))" }

  func mark(_ x: Double, _ low: Double, _ value: Double, _ high: Double) -> [String] {
    let (at, from, to) = (horizontal(x), vertical(low), vertical(high))
    return [
      "<line class=\"range\" x1=\"\(at)\" y1=\"\(from)\" x2=\"\(at)\" y2=\"\(to)\"/>",
      "<circle class=\"point\" cx=\"\(at)\" cy=\"\(vertical(value))\" r=\"3\"/>",
    ]
  }

  func axes(horizontal title: String, vertical other: String) -> [String] {
    var parts = [
      "<line class=\"axis\" x1=\"60\" y1=\"310\" x2=\"620\" y2=\"310\"/>",
      "<line class=\"axis\" x1=\"60\" y1=\"310\" x2=\"60\" y2=\"30\"/>",
      "<text x=\"620\" y=\"345\" text-anchor=\"end\">\(title.xmlText)</text>",
      "<text x=\"60\" y=\"20\">\(other.xmlText)</text>",
    ]
    for tick in ticks(to: right) {
      parts.append("<text x=\"\(horizontal(tick))\" y=\"326\" text-anchor=\"middle\">\(label(tick))</text>")
    }
    for tick in ticks(to: top) {
      parts.append("<text x=\"54\" y=\"\(vertical(tick))\" dy=\"4\" text-anchor=\"end\">\(label(tick))</text>")
    }
    return parts
  }

  private func horizontal(_ x: Double) -> String { (60 + 560 * x / right).fixed(1) }
  private func vertical(_ y: Double) -> String { (310 - 280 * y / top).fixed(1) }

  private func label(_ value: Double) -> String {
    value == value.rounded() ? value.fixed(0) : value.significant(2)
  }

  /// Round numbers from zero up, four to ten of them: steps of 1, 2 or 5 times a power of ten.
  private func ticks(to limit: Double) -> [Double] {
    var power = 1.0
    while power * 10 <= limit, power < 1e12 { power *= 10 }
    while power > limit, power > 1e-12 { power /= 10 }
    let step = [0.1, 0.2, 0.5, 1, 2, 5].map { $0 * power }.first { limit / $0 <= 8 } ?? power
    return (0...10).map { Double($0) * step }.filter { $0 <= limit }
  }
}
