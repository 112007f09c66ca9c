import Quantities

/// Bars beside one another: each of named parts in a row, or of one value with its limits.
package struct Bars: Sendable {
  package struct Part: Sendable {
    package var name: String
    package var value: Double
    /// The value as it is read.
    package var text: String

    package init(_ name: String, _ value: Double, _ text: String) {
      self.name = name
      self.value = value
      self.text = text
    }
  }

  package struct Bar: Sendable {
    package var name: String
    package var parts: [Part]
    /// A value that the bar is held to, such as the whole beside its parts; nil where there is none.
    package var mark: Part?
    /// Limits of its end; nil where they are not known.
    package var limits: (low: Double, high: Double)?

    package init(_ name: String, _ parts: [Part], mark: Part? = nil, limits: (low: Double, high: Double)? = nil) {
      self.name = name
      self.parts = parts.filter { $0.value > 0 && $0.value.isFinite }
      self.mark = mark
      self.limits = limits
    }

    var sum: Double { parts.reduce(0) { $0 + $1.value } }
    var end: Double { max(sum, mark?.value ?? 0, limits?.high ?? 0) }
  }

  package var bars: [Bar]
  /// Each bar as long as the others, its parts as shares; else all in one measure.
  package var isShare: Bool
  package var unit: String

  package init(_ bars: [Bar], isShare: Bool, unit: String) {
    self.bars = bars.filter { $0.end > 0 && $0.end.isFinite }
    self.isShare = isShare
    self.unit = unit
  }

  package var isDrawable: Bool { !bars.isEmpty }

  package var table: TextTable {
    var table = TextTable([
      TextTable.text("bar"), TextTable.text("part"), TextTable.figure(unit), TextTable.figure("share"),
    ])
    for bar in bars {
      for part in bar.parts { table.add([bar.name, part.name, part.text, Unit.share.text(part.value / bar.sum)]) }
      if let mark = bar.mark { table.add([bar.name, mark.name, mark.text, ""]) }
    }
    return table
  }

  private static let (left, right) = (150.0, 622.0)

  package func svg(title: String) -> String {
    let most = bars.map(\.end).max() ?? 1
    var parts: [String] = []
    var top = 18.0
    for bar in bars {
      parts += draw(bar, top: top, scale: (Self.right - Self.left) / (isShare ? bar.end : most))
      top += bar.parts.count > 1 || bar.mark != nil ? 56 : 34
    }
    return SVG.picture(width: 640, height: top + 6, title: title, parts)
  }

  private func draw(_ bar: Bar, top: Double, scale: Double) -> [String] {
    let height = 24.0
    var lines = [SVG.text(Self.left - 8, top + 16, bar.name, anchor: "end", class: "title")]
    var begin = Self.left
    var free = 0.0
    for (index, part) in bar.parts.enumerated() {
      let width = part.value * scale
      let name = "\(part.name) \(part.text)"
      lines.append(
        SVG.rectangle(begin, top, width, height, class: "part p\(index % 6)", tip: "\(bar.name), \(name)"))
      let room = 6.4 * Double(part.name.count) + 8
      if width > room {
        lines.append(SVG.text(begin + 5, top + 16, part.name, anchor: "start", class: "inside"))
      }
      let below = width > room ? part.text : name
      let length = 6.6 * Double(below.count)
      // Names stand below a bar where the one before leaves room.
      let start = min(begin + 2, Self.right - length)
      if bar.parts.count > 1, start >= free, width > 6 {
        lines.append(SVG.text(start, top + height + 14, below, anchor: "start"))
        free = start + length + 10
      }
      begin += width
    }
    if bar.parts.count == 1, let part = bar.parts.first {
      let text = part.text
      // Beside the bar and its limits, or within where there is no room.
      let after = bar.limits.map { Self.left + $0.high * scale } ?? begin
      let isInside = after + 8 + 6.8 * Double(text.count) > Self.right
      let before = bar.limits.map { Self.left + $0.low * scale } ?? begin
      lines.append(
        SVG.text(
          isInside ? before - 8 : after + 8, top + 16, text, anchor: isInside ? "end" : "start",
          class: isInside ? "inside" : ""))
    }
    if let limits = bar.limits {
      lines.append(
        SVG.line(
          Self.left + limits.low * scale, top + height / 2, Self.left + limits.high * scale, top + height / 2,
          class: "range"))
    }
    if let mark = bar.mark {
      let at = Self.left + mark.value * scale
      if at > begin {
        lines.append(SVG.rectangle(begin, top, at - begin, height, class: "rest", tip: "between the kernels"))
      }
      lines.append(SVG.line(at, top - 5, at, top + height + 5, class: "whole"))
      lines.append(SVG.text(at, top - 6, "\(mark.name) \(mark.text)", anchor: at > 400 ? "end" : "start"))
    }
    return lines
  }
}
