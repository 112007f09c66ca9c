import Records
import Statistics

/// Observations by row and variant. A row is what they must share to be set against each other: model, work, and those
/// settings that take several values within a variant. A setting that the tool chose for each piece of work tells rows apart
/// only where one piece of work has several. A setting with one value in each variant is a fact about it: what is compared.
struct ComparisonGrid {
  struct Key: Hashable {
    var model: Setup.Model?
    var work: Work
    var settings: [String]

    fileprivate var place: [String] {
      [model?.type ?? "", model?.file ?? ""] + work.order.map { "\(1 << 40 + $0)" } + [work.name] + settings
    }
  }

  /// The rows, in the order in which a reader looks for them.
  private(set) var keys: [Key] = []
  /// Processes of each variant: the observations of one belong together.
  private(set) var cells: [Key: [[[Observation]]]] = [:]
  private(set) var facts: [Comparison.Fact] = []
  private(set) var notes: [Warning] = []
  private var rowSettings: [String] = []

  /// With `comparesEnergy` the way in which energy came about is a setting like others.
  init(_ sides: [ComparisonSide], withFlagged: Bool, comparesEnergy: Bool) {
    var settings = Settings(comparesEnergy: comparesEnergy)
    let sets = sides.map { side in side.observations.map { settings.values(of: $0) } }
    chooseRows(sides, sets, settings)
    var doubtful = 0
    for (index, side) in sides.enumerated() {
      var rows: [Key: [Observation]] = [:]
      for (observation, values) in zip(side.observations, sets[index]) {
        let key = Key(
          model: observation.setup.comparedModel, work: observation.work.matched,
          settings: rowSettings.map { values[$0] ?? "" })
        if cells[key] == nil {
          keys.append(key)
          cells[key] = Array(repeating: [], count: sides.count)
        }
        rows[key, default: []].append(observation)
      }
      for (key, observations) in rows {
        let clean = observations.filter { withFlagged || !$0.measured.isFlagged }
        if clean.isEmpty { doubtful += 1 }
        cells[key]?[index] = Self.processes(clean.isEmpty ? observations : clean)
      }
    }
    keys.sort { $0.place.lexicographicallyPrecedes($1.place) }
    notes += sides.flatMap(\.warnings).map { Warning(code: "cut-off-line", message: $0) }
    noteVerdicts(sides, withFlagged: withFlagged, doubtful: doubtful)
    noteUnits(sides)
    noteUnmatched(sides)
  }

  /// The values of settings by name, of which each setup is asked once.
  private struct Settings {
    let comparesEnergy: Bool
    /// The settings, in the order in which they are shown.
    private(set) var names: [String] = []
    private(set) var choices: Set<String> = []
    private(set) var quiet: Set<String> = []
    private var known: [Setup: [String: String]] = [:]

    init(comparesEnergy: Bool) { self.comparesEnergy = comparesEnergy }

    mutating func values(of observation: Observation) -> [String: String] {
      var values = known[observation.setup] ?? read(observation.setup)
      if comparesEnergy, let energy = try? observation.measured.energy.get() { set("energy", energy.kind, &values) }
      return values
    }

    private mutating func read(_ setup: Setup) -> [String: String] {
      var values: [String: String] = [:]
      for fact in setup.facts {
        set(fact.name, fact.value, &values)
        if fact.isChoice { choices.insert(fact.name) }
        if fact.isQuiet { quiet.insert(fact.name) }
      }
      known[setup] = values
      return values
    }

    private mutating func set(_ name: String, _ value: String, _ values: inout [String: String]) {
      values[name] = value
      if !names.contains(name) { names.append(name) }
    }
  }

  /// Decides which settings tell rows apart; the others are facts about the variants.
  private mutating func chooseRows(_ sides: [ComparisonSide], _ sets: [[[String: String]]], _ settings: Settings) {
    func distinct(_ name: String, _ side: [[String: String]]) -> Set<String> { Set(side.map { $0[name] ?? "" }) }
    var unstated: [String] = []
    let plain = settings.names.filter { !settings.choices.contains($0) }
    rowSettings = plain.filter { name in sets.contains { distinct(name, $0).count > 1 } }
    for name in settings.names where settings.choices.contains(name) {
      let others = rowSettings
      let isSeveral = zip(sides, sets).contains { side, values in
        Dictionary(grouping: zip(side.observations, values)) { pair in
          [pair.0.work.name] + others.map { pair.1[$0] ?? "" }
        }.values.contains { row in Set(row.map { $0.1[name] ?? "" }).count > 1 }
      }
      if isSeveral { rowSettings.append(name) }
    }
    for name in plain + settings.names.filter(settings.choices.contains) where !rowSettings.contains(name) {
      let values = sets.map { distinct(name, $0).sorted().joined(separator: " ") }
      let isQuiet = settings.quiet.contains(name)
      if isQuiet, values.contains(""), Set(values).count == 2 {
        unstated.append(name)
      } else if isQuiet ? Set(values).count > 1 : values.contains(where: { !$0.isEmpty }) {
        facts.append(Comparison.Fact(name: name, values: values))
      }
    }
    if !unstated.isEmpty {
      notes.append(
        Warning(
          code: "unstated-settings",
          message: "not every file states \(unstated.joined(separator: ", ")): whether they differ is not known"))
    }
  }

  func name(of key: Key) -> String {
    let models = Set(keys.map(\.model))
    // Two files of one type need their names, two types need no more than those.
    let model =
      models.count == 1 ? [] : [Set(models.map { $0?.type }).count == models.count ? key.model?.type : key.model?.file]
    let settings = zip(rowSettings, key.settings).map { "\($0)=\($1.isEmpty ? "?" : $1)" }
    return (model.compactMap(\.self) + [key.work.name] + settings).joined(separator: " ")
  }

  var model: String? {
    Set(keys.map(\.model)).count == 1 ? keys.first?.model.map { "\($0.type) (\($0.file))" } : nil
  }

  /// Without process numbers each observation is a unit of its own.
  private static func processes(_ observations: [Observation]) -> [[Observation]] {
    guard observations.allSatisfy({ $0.process != nil }) else { return observations.map { [$0] } }
    return Dictionary(grouping: observations) { $0.process ?? 0 }.sorted { $0.key < $1.key }.map(\.value)
  }

  private mutating func noteVerdicts(_ sides: [ComparisonSide], withFlagged: Bool, doubtful: Int) {
    let flagged = sides.map { side in side.observations.count { $0.measured.isFlagged } }
    guard flagged.contains(where: { $0 > 0 }) else { return }
    let fate = withFlagged ? "are kept, as asked" : "are left out (--flagged keeps them)"
    let counts = zip(sides, flagged).map { "\($0.label) \($1) of \($0.observations.count)" }.joined(separator: ", ")
    notes.append(Warning(code: "flagged-runs", message: "runs with a verdict against them \(fate): \(counts)"))
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
    let without = sides.filter { $0.observations.contains { $0.process == nil } }.map(\.label)
    guard !without.isEmpty else { return }
    notes.append(
      Warning(
        code: "runs-as-units",
        message:
          "\(without.joined(separator: ", ")): no process numbers, so each run counts as independent, which runs of "
          + "one process are not: p may be too small; bench --processes or compare --run give independent ones"))
  }

  private mutating func noteUnmatched(_ sides: [ComparisonSide]) {
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
