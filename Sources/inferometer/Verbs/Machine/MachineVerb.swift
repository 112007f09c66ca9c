import Analysis
import Campaign
import EnergyModel
import KernelContract
import KernelTiming
import Kernels
import Machine
import Metering
import Quantities
import Records
import Reporting

/// `machine`: what this computer is, as every record will say it, and what it can reach.
enum MachineVerb: Verb {
  private static let roofs = Option(
    "--roofs", help: "measure what it can reach: operations, bandwidth, latency (10 to 20 s)")
  private static let tune = Option(
    "--tune", help: "find out by timing from how many tokens weights of each type are unpacked once (10 s)")

  private static let history = Option(
    "--history", help: "what measure found here at other times: how far hours of this machine differ")
  private static let forget = Option("--forget-history", help: "remove that")

  static let syntax = Syntax(
    "machine", summary: "describe this computer: processor, instruction sets, sensors, roofs",
    usage: ["[OPTION…]"],
    groups: [OptionGroup("Measurement", [roofs, tune]), OptionGroup("History", [history, forget])],
    notes: [
      "What was measured is kept in $XDG_CACHE_HOME/inferometer (~/.cache/inferometer), and shown from there with its "
        + "date. The tuning is used by generate, score, bench and measure, which take --tuning to overrule it."
    ])

  static func run(_ arguments: Arguments) throws {
    let machine = MachineDescription.read()
    if arguments.contains(history) || arguments.contains(forget) { return try show(of: machine, arguments) }
    let cache = MachineCache(of: machine)
    let tuning =
      arguments.contains(tune)
      ? try found(MeasuredTuning.now(WeightFormat.allCases, on: machine)) : cache.loaded(MeasuredTuning.load)
    let report = Report(
      machine: machine, instructionSets: InstructionSetStatus.all.map(InstructionSetRow.init),
      manyTokens: (tuning?.tuning ?? .standard).manyTokens(of: WeightFormat.allCases), measuredTuning: tuning,
      roofs: arguments.contains(roofs) ? try measuredRoofs(of: machine, cache) : cache.loaded(Roofs.load))
    if arguments.contains(.json) { return try Console.print(JSONText.of(report, pretty: true)) }
    try Console.show(page(report))
  }

  private static func show(of machine: MachineDescription, _ arguments: Arguments) throws {
    let store = MachineHistory(fingerprint: machine.fingerprint)
    guard let path = store.path else {
      throw Failure(.failure, "there is no history: neither XDG_STATE_HOME nor HOME is an absolute path")
    }
    if arguments.contains(forget) {
      let count = try reading { try store.forget() }
      return try Console.print("\(count) measurements forgotten (\(path))\n")
    }
    let history = SetupHistory.all(of: try reading { try store.sittings() })
    if arguments.contains(.json) { return try Console.print(JSONText.of(history, pretty: true)) }
    try Console.show(ReportPage(history, path: path))
  }

  private static func measuredRoofs(of machine: MachineDescription, _ cache: MachineCache) throws -> Roofs {
    let roofs = try found(
      Roofs.measure(on: machine) { threads in
        Console.progress("measuring what \(threads == 1 ? "one thread" : "\(threads) threads") can reach")
      })
    cache.keep(roofs.store)
    return roofs
  }

  private static func found<Value>(_ finding: Finding<Value>) throws -> Value {
    guard let value = finding.value else { throw Failure(.failure, finding.reason ?? "") }
    return value
  }

  private struct Report: Encodable {
    var machine: MachineDescription
    var instructionSets: [InstructionSetRow]
    /// What the engine goes by, and what it rests on where that was measured.
    var manyTokens: ManyTokens
    var measuredTuning: MeasuredTuning?
    /// Nil where they were never measured.
    var roofs: Roofs?
  }

  private struct InstructionSetRow: Encodable {
    let name: String
    /// Every one of them is compiled in.
    let isBuilt = true
    let isSupported: Bool
    let missingFeatures: [String]
    let isPermitted: Bool
    let isSelected: Bool

    init(_ status: InstructionSetStatus) {
      name = status.isa.rawValue
      isSupported = status.missing.isEmpty
      missingFeatures = status.missing
      isPermitted = status.permitted
      isSelected = status.isa == InstructionSetStatus.best
    }
  }

  private static func page(_ report: Report) -> ReportPage {
    var page = ReportPage()
    page.fields("machine", Wording.lines(of: MachineCard(report.machine)))
    for (label, finding) in [("system", report.machine.operatingSystem), ("product", report.machine.product)] {
      page.field(label, (finding.value ?? "unknown: \(finding.reason ?? "")").printable)
    }
    if let governor = report.machine.frequency.governor.value { page.field("governor", governor.printable) }
    page.field("energy", energySource(of: report.machine))
    for sensor in report.machine.sensors { page.field("", line(of: sensor)) }
    page.field("", "wall meter, read where --meter-log names its log")
    page.field("tuning", tuning(report))
    if report.roofs == nil { page.field("roofs", "not measured yet: inferometer machine --roofs") }
    page.table("Instruction sets", instructionSets(report.instructionSets))
    guard let roofs = report.roofs else { return page }
    for (title, table) in RoofTables.all(roofs) { page.table(title, table) }
    page.add(.space)
    page.add(.paragraph(RoofTables.remarks(roofs)))
    return page
  }

  private static func instructionSets(_ rows: [InstructionSetRow]) -> TextTable {
    var table = TextTable([
      TextTable.text("name"), TextTable.text("built"), TextTable.text("supported"), TextTable.text("permitted"),
      TextTable.text("selected"),
    ])
    for row in rows {
      let supported = row.isSupported ? "yes" : "no: \(row.missingFeatures.joined(separator: " "))"
      table.add([
        row.name, "yes", supported, row.isSupported ? (row.isPermitted ? "yes" : "no") : "",
        row.isSelected ? "yes" : "",
      ])
    }
    return table
  }

  /// What a measurement would go by.
  private static func energySource(of machine: MachineDescription) -> String {
    if let choice = SensorChoice.all(of: machine.sensors).first {
      let names = choice.sensors.map(\.name).joined(separator: ", ")
      return "\(choice.method.rawValue), \(choice.boundary.rawValue): \(names)".printable
    }
    let prior = EnergyPrior(machine)
    let row = prior.isOfItsClass ? "of \(prior.name)" : "of machines whose design is not known"
    return "no sensor can be used: estimated by coefficients \(row), \(prior.boundary.rawValue)"
  }

  private static func tuning(_ report: Report) -> String {
    let source = report.measuredTuning.map { "measured \($0.time)" } ?? "built in; machine --tune measures it"
    return "weights are \(report.manyTokens.phrase) (\(source))".printable
  }

  private static func line(of sensor: Sensor) -> String {
    let reason = sensor.excluded ?? sensor.reading.reason
    let state = reason.map { "not usable: \($0)" } ?? "usable"
    return "\(sensor.name), \(sensor.domain.rawValue) \(sensor.quantity.rawValue), \(state)".printable
  }
}
