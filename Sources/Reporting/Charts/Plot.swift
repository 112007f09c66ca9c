import Quantities

/// A picture as values: two axes and what is drawn between them. `PlotSVG` draws it, and `table` says the same in figures.
package struct Plot: Sendable {
  package struct Axis: Sendable {
    package enum Scale: Sendable { case linear, logarithmic }

    package var title: String
    package var scale: Scale
    /// A linear axis begins at zero, unless it says otherwise.
    package var startsAtZero: Bool

    package init(_ title: String, _ scale: Scale = .linear, startsAtZero: Bool = true) {
      self.title = title
      self.scale = scale
      self.startsAtZero = startsAtZero
    }
  }

  /// A place of a band or of a mark with its limits.
  package struct Spot: Sendable {
    package var x: Double
    package var low: Double
    package var value: Double
    package var high: Double
    /// What a reader who points at it is told; nil where the figures say it all.
    package var name: String?

    package init(x: Double, low: Double? = nil, value: Double, high: Double? = nil, name: String? = nil) {
      self.x = x
      self.low = low ?? value
      self.value = value
      self.high = high ?? value
      self.name = name
    }
  }

  package enum Mark: Sendable {
    /// Between the limits of its spots; an outer one is fainter.
    case band([Spot], isOuter: Bool)
    /// Through the values of its spots; its name stands at the end.
    case line([Spot], name: String?, isDashed: Bool)
    /// Each value with its interval; names stand beside where `isNamed`.
    case points([Spot], name: String, isNamed: Bool)
    /// Small and faint: single windows behind a mean.
    case dots([Spot], name: String)
  }

  package var horizontal: Axis
  package var vertical: Axis
  package var marks: [Mark]

  package init(horizontal: Axis, vertical: Axis, _ marks: [Mark]) {
    self.horizontal = horizontal
    self.vertical = vertical
    self.marks = marks
  }

  /// All that is drawn and finite.
  var spots: [Spot] {
    marks.flatMap { mark in
      switch mark {
      case .band(let spots, _), .line(let spots, _, _), .points(let spots, _, _), .dots(let spots, _): spots
      }
    }.filter { $0.x.isFinite && $0.low.isFinite && $0.high.isFinite }
  }

  /// Whether there is anything to draw on these axes.
  package var isDrawable: Bool {
    let spots = spots
    return !spots.isEmpty && (horizontal.scale == .linear || spots.contains { $0.x > 0 })
      && (vertical.scale == .linear || spots.contains { $0.high > 0 })
  }

  /// The points and lines of the picture in figures; bands stand with the line that they are of.
  package var table: TextTable {
    var table = TextTable([
      TextTable.text("what"), TextTable.figure(horizontal.title), TextTable.figure(vertical.title),
      TextTable.figure("low"), TextTable.figure("high"),
    ])
    func add(_ name: String, _ spot: Spot) {
      let isExact = spot.low == spot.high
      table.add([
        spot.name ?? name, spot.x.written, spot.value.written, isExact ? "" : spot.low.written,
        isExact ? "" : spot.high.written,
      ])
    }
    for mark in marks {
      switch mark {
      case .band: break
      case .line(let spots, let name, _):
        // A drawn line has many places, of which a few say where it goes.
        let step = max(1, spots.count / 8)
        for index in spots.indices where index % step == 0 || index == spots.count - 1 {
          add(name ?? "curve", spots[index])
        }
      case .points(let spots, let name, _), .dots(let spots, let name): for spot in spots { add(name, spot) }
      }
    }
    return table
  }
}

extension Double {
  /// Four digits, without zeros behind them.
  var written: String {
    if self == rounded(), magnitude < 1e6 { return fixed(0) }
    return significant(4)
  }
}
