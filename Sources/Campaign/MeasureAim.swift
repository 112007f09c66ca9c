import Records

/// What a measurement is to find out before its budget is spent: it ends when the figure is known that well, and until then
/// makes the runs that tell most of it in a second.
package struct MeasureAim: Sendable {
  /// What runs are of, as far as figures go: curves of prompts and of steps are fitted apart.
  package enum Kind: CaseIterable, Sendable {
    case prompts, steps

    func has(_ shape: RunShape) -> Bool {
      switch self {
      case .prompts: shape.phase == .prefill
      case .steps: shape.phase != .prefill && shape.sequences == 1
      }
    }
  }

  /// What the runs so far say of the figure.
  package struct Standing: Sendable {
    /// Half the width of its interval, as a share of it; nil where it has none that can be believed.
    package var halfWidth: Double?
    package var isReached: Bool
    /// The part of the relative variance that comes of each kind of run, and the windows that it is of.
    package var parts: [Kind: Part]

    package struct Part: Sendable {
      package var variance: Double
      package var windows: Int

      package init(variance: Double, windows: Int) {
        self.variance = variance
        self.windows = windows
      }
    }

    package init(halfWidth: Double?, isReached: Bool, parts: [Kind: Part]) {
      self.halfWidth = halfWidth
      self.isReached = isReached
      self.parts = parts
    }

    /// The kind of which another window shrinks the figure's variance most for each second that it takes; nil where nothing is
    /// known of that. A part V of n windows is V · n / (n + 1) with one more: it shrinks by V / (n + 1).
    package func next(seconds: [Kind: Double]) -> Kind? {
      func gain(_ kind: Kind) -> Double {
        guard let part = parts[kind], let seconds = seconds[kind], seconds > 0 else { return 0 }
        return part.variance / Double(part.windows + 1) / seconds
      }
      return Kind.allCases.filter { gain($0) > 0 }.max { gain($0) < gain($1) }
    }
  }

  /// As it is asked for: `$/M output ± 3 %`.
  package var text: String
  package var standing: @Sendable ([RunRecord]) -> Standing

  package init(_ text: String, standing: @escaping @Sendable ([RunRecord]) -> Standing) {
    self.text = text
    self.standing = standing
  }

  /// Every kind has these windows first: fewer make no interval that holds as often as it says.
  static let fewestWindows = 8
  /// The windows that a budget is divided into: enough to stop early, each long enough to differ from its neighbours.
  static let windows = 30
}
