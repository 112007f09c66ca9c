import Glibc
import Quantities

/// Draws a plot as SVG of 640 by 360. Colours come from classes, so that a page or a dark screen may set others.
package enum PlotSVG {
  package static func text(_ plot: Plot, title: String) -> String {
    let frame = Frame(plot)
    var parts = frame.axes()
    var labels: [Label] = []
    for mark in plot.marks { parts += frame.draw(mark, &labels) }
    parts += Label.placed(labels).map(\.svg)
    return SVG.picture(width: 640, height: 360, title: title, parts)
  }

  /// A text at a mark, moved up where it would lie over another.
  fileprivate struct Label {
    var x: Double
    var y: Double
    var text: String
    var isBehind: Bool
    private static let height = 13.0

    var svg: String {
      SVG.text(isBehind ? x - 6 : x + 6, y, text, anchor: isBehind ? "end" : "start", class: "label")
    }

    private var span: ClosedRange<Double> {
      let width = 6.3 * Double(text.count)
      return isBehind ? x - 6 - width...x - 6 : x + 6...x + 6 + width
    }

    static func placed(_ labels: [Label]) -> [Label] {
      var placed: [Label] = []
      for label in labels.sorted(by: { $0.y > $1.y }) {
        var label = label
        while let other = placed.first(where: {
          $0.span.overlaps(label.span) && ($0.y - label.y).magnitude < height
        }), label.y > 14 {
          label.y = other.y - height
        }
        placed.append(label)
      }
      return placed
    }
  }

  private struct Frame {
    static let (left, right, top, bottom) = (62.0, 622.0, 34.0, 312.0)
    let plot: Plot
    let x: Span
    let y: Span

    init(_ plot: Plot) {
      self.plot = plot
      let spots = plot.spots
      x = Span(spots.map(\.x), plot.horizontal, room: plot.horizontal.scale == .linear ? 0 : 0.04)
      y = Span(spots.flatMap { [$0.low, $0.high, $0.value] }, plot.vertical, room: 0.06)
    }

    private func across(_ value: Double) -> Double { Self.left + (Self.right - Self.left) * x.share(value) }
    private func up(_ value: Double) -> Double { Self.bottom - (Self.bottom - Self.top) * y.share(value) }

    func axes() -> [String] {
      var parts: [String] = []
      for tick in y.ticks {
        let at = up(tick)
        parts.append(SVG.line(Self.left, at, Self.right, at, class: "grid"))
        parts.append(SVG.text(Self.left - 7, at + 4, y.label(tick), anchor: "end"))
      }
      for tick in x.ticks {
        let at = across(tick)
        parts.append(SVG.line(at, Self.bottom, at, Self.bottom + 4, class: "axis"))
        parts.append(SVG.text(at, Self.bottom + 18, x.label(tick), anchor: "middle"))
      }
      parts.append(SVG.line(Self.left, Self.bottom, Self.right, Self.bottom, class: "axis"))
      parts.append(SVG.text(Self.right, Self.bottom + 38, plot.horizontal.title, anchor: "end", class: "title"))
      parts.append(SVG.text(8, 18, plot.vertical.title, anchor: "start", class: "title"))
      return parts
    }

    func draw(_ mark: Plot.Mark, _ labels: inout [Label]) -> [String] {
      switch mark {
      case .band(let spots, let isOuter):
        let places = spots.filter(isDrawn)
        let corners =
          places.map { "\(SVG.number(across($0.x))),\(SVG.number(up($0.high)))" }
          + places.reversed().map { "\(SVG.number(across($0.x))),\(SVG.number(up(max($0.low, y.low))))" }
        return places.count < 2
          ? [] : ["<polygon class=\"\(isOuter ? "outer" : "band")\" points=\"\(corners.joined(separator: " "))\"/>"]
      case .line(let spots, let name, let isDashed):
        let places = spots.filter(isDrawn)
        guard let last = places.last, places.count > 1 else { return [] }
        if let name {
          labels.append(Label(x: across(last.x), y: up(last.value) - 7, text: name, isBehind: across(last.x) > 420))
        }
        let line = places.map { "\(SVG.number(across($0.x))),\(SVG.number(up($0.value)))" }
        return ["<polyline class=\"\(isDashed ? "dashed" : "fit")\" points=\"\(line.joined(separator: " "))\"/>"]
      case .points(let spots, let name, let isNamed):
        return spots.filter(isDrawn).map { spot in
          let (at, value) = (across(spot.x), up(spot.value))
          if isNamed, let text = spot.name {
            labels.append(Label(x: at, y: value - 8, text: text, isBehind: at > 400))
          }
          let range =
            spot.low < spot.high ? SVG.line(at, up(max(spot.low, y.low)), at, up(spot.high), class: "range") : ""
          return "<g>\(SVG.tip(tip(spot, name)))\(range)\(SVG.circle(at, value, 3.5, class: "point"))</g>"
        }
      case .dots(let spots, _):
        return spots.filter(isDrawn).map { SVG.circle(across($0.x), up($0.value), 1.8, class: "dot") }
      }
    }

    private func isDrawn(_ spot: Plot.Spot) -> Bool {
      x.holds(spot.x) && y.holds(spot.value) && spot.high.isFinite && spot.low.isFinite
    }

    private func tip(_ spot: Plot.Spot, _ name: String) -> String {
      let limits = spot.low < spot.high ? " [\(spot.low.written), \(spot.high.written)]" : ""
      return "\(spot.name ?? name): \(spot.value.written)\(limits) at \(spot.x.written)"
    }
  }

  /// What an axis spans, and its ticks.
  private struct Span {
    let low: Double
    let high: Double
    let isLogarithmic: Bool

    init(_ values: [Double], _ axis: Plot.Axis, room: Double) {
      let isLogarithmic = axis.scale == .logarithmic
      self.isLogarithmic = isLogarithmic
      let used = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
      let (least, most) = (used.min() ?? 0, used.max() ?? 1)
      if isLogarithmic {
        let margin = exp(room * max(log(most / least), 0.5))
        (low, high) = (least / margin, most * margin)
      } else {
        let bottom = axis.startsAtZero ? min(0, least) : least
        let width = most > bottom ? most - bottom : max(most.magnitude, 1)
        low = axis.startsAtZero && bottom == 0 ? 0 : bottom - room * width
        high = bottom + (1 + room) * width
      }
    }

    func holds(_ value: Double) -> Bool { value.isFinite && (!isLogarithmic || value > 0) }

    func share(_ value: Double) -> Double {
      isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
    }

    /// The step of a linear axis: 1, 2 or 5 times a power of ten.
    private var step: Double {
      let rough = (high - low) / 6
      guard rough > 0, rough.isFinite else { return 0 }
      let power = pow(10, floor(log10(rough)))
      return [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? power
    }

    /// Round numbers: steps of 1, 2 or 5 times a power of ten; on a logarithmic axis as many of 1, 2 and 5 as have room.
    var ticks: [Double] {
      guard isLogarithmic else {
        let step = step
        guard step > 0 else { return [] }
        let first = (low / step).rounded(.up)
        let last = (high / step).rounded(.down)
        guard last - first < 50 else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
      }
      let decades = Int(floor(log10(low)))...Int(ceil(log10(high)))
      let multiples: [Double] = decades.count > 6 ? [1] : decades.count > 3 ? [1, 3] : [1, 2, 5]
      let all = decades.flatMap { decade in multiples.map { $0 * pow(10, Double(decade)) } }
      return all.filter { low <= $0 && $0 <= high }
    }

    func label(_ tick: Double) -> String {
      if tick.magnitude < 1e-12 * (high - low) { return "0" }
      if tick.magnitude >= 1e6 || tick.magnitude >= 1e4 && isLogarithmic {
        return Unit.count.text(tick, digits: 1).replacing(" ", with: "")
      }
      let decimals = isLogarithmic ? max(0, Int(-floor(log10(tick)))) : max(0, Int(ceil(-log10(step) - 1e-9)))
      return tick.fixed(min(decimals, 9))
    }
  }
}
