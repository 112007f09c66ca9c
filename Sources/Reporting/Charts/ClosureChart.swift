import Analysis
import Quantities
import Records
import Statistics

/// The kernels of a prompt and of a step as bars, one part for each class of operation, beside a line at what the whole takes.
package enum ClosureChart {
  private static let (left, right, height) = (140.0, 620.0, 28.0)

  /// Nil where there is none.
  package static func svg(_ closures: [Closure]) -> String? {
    guard !closures.isEmpty else { return nil }
    var parts: [String] = []
    for (index, closure) in closures.enumerated() { parts += bar(closure, top: 24 + 84 * Double(index)) }
    let bottom = 24 + 84 * Double(closures.count)
    let title = "\(closures[0].subject): kernels against the whole".xmlText
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 \(bottom.fixed(0))" role="img" aria-label="\(title)">
      <title>\(title)</title>
      <style>
      .paper { fill: #ffffff } text { fill: #24292f; font: 12px sans-serif }
      .part { fill: #0969da; stroke: #ffffff } .rest { fill: none; stroke: #6e7781; stroke-dasharray: 4 3 }
      .whole { stroke: #bc4c00; stroke-width: 2 }
      @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117 } text { fill: #e6edf3 } .part { fill: #58a6ff; stroke: #0d1117 }
      .rest { stroke: #8b949e } .whole { stroke: #f0883e }
      }
      </style>
      <rect class="paper" width="640" height="\(bottom.fixed(0))"/>
      \(parts.joined(separator: "\n"))
      </svg>

      """
  }

  private static func bar(_ closure: Closure, top: Double) -> [String] {
    let kernels = closure.kernelSeconds.value
    let most = max(kernels, closure.measuredSeconds?.value ?? 0) * 1.02
    guard most > 0, most.isFinite else { return [] }
    func place(_ seconds: Double) -> Double { left + (right - left) * seconds / most }
    var lines = [
      "<text x=\"\((left - 8).fixed(0))\" y=\"\((top + 18).fixed(0))\" text-anchor=\"end\">\(closure.name.xmlText)</text>"
    ]
    var begin = 0.0
    for (index, part) in closure.parts.enumerated() {
      let (from, to) = (place(begin), place(begin + part.seconds.value))
      begin += part.seconds.value
      // Shades tell neighbours apart; the name tells which it is where there is room.
      let shade = max(0.3, 1 - 0.14 * Double(index))
      let name = "\(part.operationClass) \(Unit.seconds.text(part.seconds.value))".xmlText
      lines.append(
        "<rect class=\"part\" x=\"\(from.fixed(1))\" y=\"\(top.fixed(0))\" width=\"\((to - from).fixed(1))\" height=\"\(height.fixed(0))\" opacity=\"\(shade.fixed(2))\"><title>\(name)</title></rect>"
      )
      if to - from > 70 {
        lines.append("<text x=\"\((from + 4).fixed(1))\" y=\"\((top + height + 14).fixed(0))\">\(name)</text>")
      }
    }
    guard let whole = closure.measuredSeconds?.value else { return lines }
    if whole > kernels {
      lines.append(
        "<rect class=\"rest\" x=\"\(place(kernels).fixed(1))\" y=\"\(top.fixed(0))\" width=\"\((place(whole) - place(kernels)).fixed(1))\" height=\"\(height.fixed(0))\"><title>between the kernels</title></rect>"
      )
    }
    let at = place(whole).fixed(1)
    lines.append(
      "<line class=\"whole\" x1=\"\(at)\" y1=\"\((top - 6).fixed(0))\" x2=\"\(at)\" y2=\"\((top + height + 6).fixed(0))\"/>"
    )
    lines.append(
      "<text x=\"\(at)\" y=\"\((top - 9).fixed(0))\" text-anchor=\"end\">whole \(Unit.seconds.text(whole))</text>")
    return lines
  }
}
