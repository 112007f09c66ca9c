import Campaign
import CostCurves
import KernelContract
import Kernels
import Machine
import Metering
import Records
import Reporting

/// `machine`: what this computer is, as every record will say it.
enum MachineVerb: Verb {
  private static let quick = Option("--quick", help: "do not measure how fast memory can be read")

  static let syntax = Syntax(
    "machine", summary: "describe this computer: processor, instruction sets, sensors, read bandwidth",
    usage: ["[OPTION…]"], groups: [OptionGroup("Output", [quick])])

  static func run(_ arguments: Arguments) throws {
    let machine = MachineDescription.read()
    let roofs = arguments.contains(quick) ? nil : readRoofs(of: machine)
    let report = Report(
      machine: machine, instructionSets: InstructionSetStatus.all.map(InstructionSetRow.init), readRoofs: roofs)
    try Console.print(arguments.contains(.json) ? JSONText.of(report, pretty: true) : text(report))
  }

  private struct Report: Encodable {
    var machine: MachineDescription
    var instructionSets: [InstructionSetRow]
    /// Nil where it was not to be measured.
    var readRoofs: [Finding<ReadRoofRow>]?
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

  private struct ReadRoofRow: Encodable {
    let threads: Int
    let streams: Int
    let medianBytesPerSecond: Double
    let exceedsCaches: Bool
  }

  /// Of one thread and of all; the number of places read at once that does best.
  private static func readRoofs(of machine: MachineDescription) -> [Finding<ReadRoofRow>] {
    Set([1, machine.processors]).sorted().map { threads in
      Console.progress("measuring how fast \(threads == 1 ? "one thread reads" : "\(threads) threads read") memory")
      return ReadBandwidthProbe.measure(threads: threads, on: machine).map { results in
        let rows = results.compactMap { result in
          result.median.map {
            ReadRoofRow(
              threads: threads, streams: result.streams, medianBytesPerSecond: $0, exceedsCaches: result.exceedsCaches)
          }
        }
        guard let best = rows.max(by: { $0.medianBytesPerSecond < $1.medianBytesPerSecond }) else {
          throw Absence(.missing, "the probe took no sample")
        }
        return best
      }
    }
  }

  private static func text(_ report: Report) -> String {
    var page = Page()
    for (index, line) in Wording.lines(of: MachineCard(report.machine)).enumerated() {
      page.field(index == 0 ? "machine" : "", line)
    }
    for (label, finding) in [("system", report.machine.operatingSystem), ("product", report.machine.product)] {
      page.field(label, (finding.value ?? "unknown: \(finding.reason ?? "")").printable)
    }
    if let governor = report.machine.frequency.governor.value { page.field("governor", governor.printable) }
    page.field("energy", energySource(of: report.machine))
    for sensor in report.machine.sensors { page.field("", line(of: sensor)) }
    page.field("", "wall meter, read where --meter-log names its log")
    page.table("Instruction sets", instructionSets(report.instructionSets))
    if let roofs = report.readRoofs { page.table("Read bandwidth", bandwidths(roofs)) }
    return page.text
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

  private static func line(of sensor: Sensor) -> String {
    let reason = sensor.excluded ?? sensor.reading.reason
    let state = reason.map { "not usable: \($0)" } ?? "usable"
    return "\(sensor.name), \(sensor.domain.rawValue) \(sensor.quantity.rawValue), \(state)".printable
  }

  private static func bandwidths(_ roofs: [Finding<ReadRoofRow>]) -> TextTable {
    var table = TextTable([
      TextTable.figure("threads"), TextTable.figure("streams"), TextTable.figure("median"), TextTable.text("remark"),
    ])
    for roof in roofs {
      guard let row = roof.value else {
        table.add(["", "", "unknown", roof.reason ?? ""])
        continue
      }
      table.add([
        "\(row.threads)", "\(row.streams)", Unit.byteRate.text(row.medianBytesPerSecond),
        row.exceedsCaches ? "" : "caches may have helped",
      ])
    }
    return table
  }
}
