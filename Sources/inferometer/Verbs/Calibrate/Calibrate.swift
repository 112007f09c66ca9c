import Campaign
import EnergyModel
import Machine
import Quantities
import Records
import Reporting

/// `calibrate`: what each kind of work costs in energy on this machine, where a sensor tells.
enum Calibrate: Verb {
  private static let seconds = Option("--seconds", value: "N", help: "how long each load runs (30)")
  private static let repetitions = Option("-r", "--repetitions", value: "N", help: "times that each load is run (2)")

  static let syntax = Syntax(
    "calibrate", summary: "fit energy coefficients to this computer, where it has a sensor",
    usage: ["[--meter-log FILE] [OPTION…]"],
    groups: [OptionGroup("Calibration", [seconds, repetitions, .meterLog])],
    notes: [
      "Runs loads that each stress one thing: idling, threads, caches, memory, products of each precision. Later estimates "
        + "on this machine go by what was fitted; sensors still come first. It takes the number of loads, about ten, times "
        + "--seconds and -r. Let nothing else run."
    ])

  static func run(_ arguments: Arguments) throws {
    let machine = MachineDescription.read()
    var options = EnergyOptions()
    options.meterLog = arguments.string(.meterLog)
    let accountant = try EnergyAccountant(options, machine: machine)
    for warning in accountant.warnings { Console.note(warning.message) }
    guard let meter = accountant.meter, let boundary = RunEnergy.Boundary(rawValue: meter.boundary.rawValue) else {
      let reason = MachineCard(machine).energyAbsentReason.map { " (\($0))" } ?? ""
      throw Failure(
        .failure,
        "no energy sensor can be used\(reason): name a wall meter's log with --meter-log, or see inferometer machine")
    }
    let files = MachineFiles(fingerprint: machine.fingerprint)
    guard let path = files.path(of: CalibrationFile.kind) else {
      throw Failure(.failure, "neither XDG_CACHE_HOME nor HOME says where to keep the result; set one")
    }
    var campaign = CalibrationCampaign(accountant, on: machine, cancellation: Interruption.wish)
    campaign.secondsEach = try arguments.number(seconds, in: 0.1...3600) ?? campaign.secondsEach
    campaign.repetitions = try arguments.integer(repetitions, in: 1...100) ?? campaign.repetitions
    Interruption.listen()
    guard let calibration = try campaign.run({ Console.progress("\($1) of \($2): \($0)") }) else {
      throw Failure(.interrupted, "interrupted; nothing was fitted or kept")
    }
    let file = CalibrationFile(
      calibration, on: machine, boundary: boundary, sensors: meter.sources.map(\.facts.name),
      toolVersion: Version.current)
    try file.store(in: files)
    if arguments.contains(.json) { return try Console.print(JSONText.of(file, pretty: true)) }
    try Console.show(page(calibration, path))
  }

  private static func page(_ calibration: EnergyCalibration, _ path: String) -> ReportPage {
    var page = ReportPage()
    var table = TextTable([TextTable.text("term"), TextTable.figure("joules each"), TextTable.figure("95 % together")])
    for term in EnergyTerm.allCases where calibration.terms.contains(term.rawValue) {
      let interval = calibration.interval(of: term)
      table.add([
        term.rawValue, Unit.energyCoefficient.text(calibration.coefficients[term]),
        "\(Unit.energyCoefficient.text(interval.low)) to \(Unit.energyCoefficient.text(interval.high))",
      ])
    }
    page.table("Coefficients", table)
    let error = Unit.share.text(calibration.heldOutError)
    let isAccepted = calibration.heldOutError <= EnergyCalibration.acceptedError
    page.field("held out", "\(error) mean error of loads that the others foretold")
    page.field(
      "condition",
      "\(Unit.count.text(calibration.conditionNumber))\(calibration.conditionNumber > 30 ? ": terms are hard to tell apart" : "")"
    )
    page.field("kept in", path.printable)
    if !isAccepted {
      page.field(
        "",
        "not used: the error is above \(Unit.share.text(EnergyCalibration.acceptedError)); repeat on a quiet machine")
    }
    return page
  }
}
