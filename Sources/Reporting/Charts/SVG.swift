import Quantities

/// Elements of SVG. Text from outside is escaped here and nowhere else.
enum SVG {
  static func number(_ value: Double) -> String { value.isFinite ? value.fixed(1) : "0" }

  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class name: String) -> String {
    "<line class=\"\(name)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>"
  }

  static func circle(_ x: Double, _ y: Double, _ radius: Double, class name: String) -> String {
    "<circle class=\"\(name)\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(radius)\"/>"
  }

  static func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, class name: String, tip: String = ""
  )
    -> String
  {
    let place = "x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(max(0, width)))\" height=\"\(number(height))\""
    return tip.isEmpty
      ? "<rect class=\"\(name)\" \(place)/>" : "<rect class=\"\(name)\" \(place)>\(self.tip(tip))</rect>"
  }

  static func text(_ x: Double, _ y: Double, _ text: String, anchor: String, class name: String = "") -> String {
    let kind = name.isEmpty ? "" : " class=\"\(name)\""
    return "<text\(kind) x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(text.xmlText)</text>"
  }

  /// What a reader who points at the element is told.
  static func tip(_ text: String) -> String { "<title>\(text.xmlText)</title>" }

  static func picture(width: Double, height: Double, title: String, _ parts: [String]) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width.fixed(0)) \(height.fixed(0))" role="img" aria-label="\(title.xmlText)">
    <title>\(title.xmlText)</title>
    <style>\(style)</style>
    <rect class="paper" width="\(width.fixed(0))" height="\(height.fixed(0))"/>
    \(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
    </svg>

    """
  }

  /// The same in every picture, light and dark. Parts of a bar differ by pattern of light and dark too, and carry their names.
  static let style = """
    svg text{fill:#24292f;font:12px system-ui,sans-serif}svg text.title{font-weight:600}svg text.inside{fill:#fff}svg text.label{paint-order:stroke;stroke:#fff;stroke-width:3px}
    .paper{fill:#fff}.axis{stroke:#57606a}.grid{stroke:#d0d7de}.fit{stroke:#0550ae;fill:none;stroke-width:2}
    .dashed{stroke:#57606a;fill:none;stroke-width:1.5;stroke-dasharray:6 4}.band{fill:#0550ae;opacity:.22}.outer{fill:#0550ae;opacity:.1}
    .point{fill:#953800;stroke:#fff}.range{stroke:#953800;stroke-width:1.5}.dot{fill:#953800;opacity:.45}
    .part{stroke:#fff}.p0{fill:#0550ae}.p1{fill:#6639ba}.p2{fill:#953800}.p3{fill:#116329}.p4{fill:#57606a}.p5{fill:#82071e}
    .rest{fill:none;stroke:#57606a;stroke-dasharray:4 3}.whole{stroke:#953800;stroke-width:2}
    @media(prefers-color-scheme:dark){svg text{fill:#e6edf3}svg text.inside{fill:#0d1117}svg text.label{stroke:#0d1117}.paper{fill:#0d1117}.axis{stroke:#8b949e}
    .grid{stroke:#30363d}.fit{stroke:#79c0ff}.dashed{stroke:#8b949e}.band,.outer{fill:#79c0ff}.point{fill:#ffa657;stroke:#0d1117}
    .range{stroke:#ffa657}.dot{fill:#ffa657}.part{stroke:#0d1117}.p0{fill:#79c0ff}.p1{fill:#d2a8ff}.p2{fill:#ffa657}.p3{fill:#7ee787}
    .p4{fill:#8b949e}.p5{fill:#ff7b72}.rest{stroke:#8b949e}.whole{stroke:#ffa657}}
    @media print{.paper{fill:#fff}svg text{fill:#24292f}svg text.label{stroke:#fff}svg text.inside{fill:#fff}}
    """
}
