import Statistics

/// Runs by row and variant. A row is what runs must share to be set against each other: model, test, and those settings
/// that take several values within a variant; of those that the tool chose for each test, only such as take several at one
/// test. A setting with one value in each variant is a fact about it: what is compared.
struct ComparisonGrid {
  struct Key: Hashable {
    var model: ComparedRun.Model?
    var test: String
    var order: [Int]
    var settings: [String]

    fileprivate var place: [String] {
      [model?.type ?? "", model?.file ?? ""] + order.map { "\(1 << 40 + $0)" } + [test] + settings
    }
  }

  /// In the order in which a reader looks for them.
  private(set) var keys: [Key] = []
  /// Processes of each variant: the runs of one belong together.
  private(set) var cells: [Key: [[[ComparedRun]]]] = [:]
  private(set) var facts: [Comparison.Fact] = []
  private(set) var notes: [Warning] = []
  private let rowSettings: [String]

  init(_ sides: [ComparisonSide], withFlagged: Bool) {
    let first = sides.lazy.compactMap(\.runs.first).first
    let names = first?.settings.map(\.name) ?? []
    var rowSettings = names.filter { name in
      sides.contains { side in Set(side.runs.map { $0.setting(name) }).count > 1 }
    }
    let choices = first?.choices.map(\.name) ?? []
    for name in choices where sides.contains(where: { $0.hasSeveral(name, at: rowSettings) }) {
      rowSettings.append(name)
    }
    self.rowSettings = rowSettings
    for name in names + choices where !rowSettings.contains(name) {
      let values = sides.map { side in Set(side.runs.map { $0.setting(name) }).sorted().joined(separator: " ") }
      if values.contains(where: { !$0.isEmpty }) { facts.append(Comparison.Fact(name: name, values: values)) }
    }
    var doubtful = 0
    for (index, side) in sides.enumerated() {
      var rows: [Key: [ComparedRun]] = [:]
      for run in side.runs {
        let key = Key(model: run.model, test: run.test, order: run.order, settings: rowSettings.map(run.setting))
        if cells[key] == nil {
          keys.append(key)
          cells[key] = Array(repeating: [], count: sides.count)
        }
        rows[key, default: []].append(run)
      }
      for (key, runs) in rows {
        let clean = runs.filter { withFlagged || !$0.isFlagged }
        if clean.isEmpty { doubtful += 1 }
        cells[key]?[index] = Self.processes(clean.isEmpty ? runs : clean)
      }
    }
    keys.sort { $0.place.lexicographicallyPrecedes($1.place) }
    notes = sides.flatMap(\.warnings).map { Warning(code: "cut-off-line", message: $0) }
    noteVerdicts(sides, withFlagged: withFlagged, doubtful: doubtful)
    noteUnits(sides)
    noteStrangers(sides)
  }

  func name(of key: Key) -> String {
    let models = Set(keys.map(\.model))
    // Two files of one type need their names, two types need no more than those.
    let model =
      models.count == 1 ? [] : [Set(models.map { $0?.type }).count == models.count ? key.model?.type : key.model?.file]
    return (model.compactMap(\.self) + [key.test] + zip(rowSettings, key.settings).map { "\($0)=\($1)" }).joined(
      separator: " ")
  }

  var model: String? {
    Set(keys.map(\.model)).count == 1 ? keys.first?.model.map { "\($0.type) (\($0.file))" } : nil
  }

  /// Without process numbers each run is a unit of its own.
  private static func processes(_ runs: [ComparedRun]) -> [[ComparedRun]] {
    guard runs.allSatisfy({ $0.process != nil }) else { return runs.map { [$0] } }
    return Dictionary(grouping: runs) { $0.process ?? 0 }.sorted { $0.key < $1.key }.map(\.value)
  }

  private mutating func noteVerdicts(_ sides: [ComparisonSide], withFlagged: Bool, doubtful: Int) {
    let counts = sides.map { side in "\(side.runs.count(where: \.isFlagged)) of \(side.runs.count)" }
    guard sides.contains(where: { $0.runs.contains(where: \.isFlagged) }) else { return }
    let fate = withFlagged ? "are kept, as asked" : "are left out (--flagged keeps them)"
    notes.append(
      Warning(
        code: "flagged-runs",
        message:
          "runs with a verdict against them \(fate): \(zip(sides, counts).map { "\($0.label) \($1)" }.joined(separator: ", "))"
      ))
    if doubtful > 0 {
      notes.append(
        Warning(
          code: "only-flagged-runs",
          message:
            "\(doubtful) cell\(doubtful == 1 ? " has" : "s have") no run without a verdict; those that have one are used"
        ))
    }
  }

  private mutating func noteUnits(_ sides: [ComparisonSide]) {
    let without = sides.filter { $0.runs.contains { $0.process == nil } }.map(\.label)
    guard !without.isEmpty else { return }
    notes.append(
      Warning(
        code: "runs-as-units",
        message:
          "\(without.joined(separator: ", ")): no process numbers, so each run counts as independent, which runs of "
          + "one process are not: p may be too small; bench --processes or compare --run give independent ones"))
  }

  private mutating func noteStrangers(_ sides: [ComparisonSide]) {
    for (index, side) in sides.enumerated() {
      let alone = keys.filter { key in
        let row = cells[key] ?? []
        return row.indices.allSatisfy { row[$0].isEmpty == ($0 != index) }
      }
      if alone.isEmpty || sides.count == 1 { continue }
      let rest = alone.count > 3 ? " and \(alone.count - 3) more" : ""
      notes.append(
        Warning(
          code: "unmatched-rows",
          message: "only \(side.label) has \(alone.prefix(3).map(name).joined(separator: ", "))\(rest)"))
    }
  }
}

extension ComparisonSide {
  /// Whether some of its runs share the test and the settings of these names, and differ in another.
  fileprivate func hasSeveral(_ name: String, at names: [String]) -> Bool {
    Dictionary(grouping: runs) { [$0.test] + names.map($0.setting) }.values.contains { runs in
      Set(runs.map { $0.setting(name) }).count > 1
    }
  }
}
