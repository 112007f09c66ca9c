import KernelContract
import Metering
import Quantities
import Records
import Reporting

/// What `generate --json` prints.
struct GenerationResult: Encodable {
  enum StopReason: String, Encodable {
    case length, interrupted
    case endOfText = "end_of_text"
    case contextFull = "context_full"
  }

  var promptTokens: [Int32]
  /// What is doubtful about the file or the prompt; nil where nothing is.
  var warnings: [String]?
  var tokens: [Int32] = []
  var text = ""
  var stopReason: StopReason?
  var loadSeconds: Double
  var prefillSeconds: Double?
  /// The time of each token; that of the first is the time from the start of the prompt.
  var tokenSeconds: [Double] = []
  var timeToFirstTokenSeconds: Double?
  /// The mean over the tokens after the first.
  var meanSecondsPerOutputToken: Double?
  var flopsPerOutputToken: Double?
  var bytesPerOutputToken: Double?
  var prefillEnergy: RunEnergy?
  /// The energy of the tokens after the first, with that of choosing them.
  var decodeEnergy: RunEnergy?
  var energyAbsentCode: String?
  var energyAbsentReason: String?

  private var laterSeconds = 0.0
  private var steps = 0
  private var cost = OperationCost.zero

  private enum CodingKeys: CodingKey {
    case promptTokens, warnings, tokens, text, stopReason, loadSeconds, prefillSeconds, tokenSeconds,
      timeToFirstTokenSeconds
    case meanSecondsPerOutputToken, flopsPerOutputToken, bytesPerOutputToken
    case prefillEnergy, decodeEnergy, energyAbsentCode, energyAbsentReason
  }

  init(promptTokens: [Int32], warnings: [String], loadSeconds: Double) {
    self.promptTokens = promptTokens
    self.warnings = warnings.isEmpty ? nil : warnings
    self.loadSeconds = loadSeconds
  }

  mutating func add(_ token: Int32, seconds: Double) {
    tokens.append(token)
    tokenSeconds.append(seconds)
    if tokens.count == 1 { timeToFirstTokenSeconds = seconds }
    guard tokens.count > 1 else { return }
    laterSeconds += seconds
    meanSecondsPerOutputToken = laterSeconds / Double(tokens.count - 1)
  }

  mutating func add(_ step: OperationCost) {
    steps += 1
    cost += step
    flopsPerOutputToken = Double(cost.flops) / Double(steps)
    bytesPerOutputToken = Double(cost.bytesRead + cost.bytesWritten) / Double(steps)
  }

  mutating func add(_ energy: Result<RunEnergy, EnergyAbsence>) {
    switch energy {
    case .success(let energy) where energy.prefillJoulesPerInputToken != nil: prefillEnergy = energy
    case .success(let energy): decodeEnergy = energy
    case .failure(let absence): (energyAbsentCode, energyAbsentReason) = (absence.code.rawValue, absence.reason)
    }
  }

  /// For people, on standard error.
  var page: ReportPage {
    var page = ReportPage()
    page.add(.space)
    let rate = prefillSeconds.map {
      " in \(Unit.seconds.text($0)), \((Double(promptTokens.count) / $0).fixed(1)) tokens/s"
    }
    page.field("prompt", "\(promptTokens.count) tokens\(rate ?? "")")
    var output = "\(tokens.count) tokens"
    if let first = timeToFirstTokenSeconds { output += ", the first after \(Unit.seconds.text(first))" }
    if let each = meanSecondsPerOutputToken {
      output += ", then \(Unit.seconds.text(each)) each, \((1 / each).fixed(1)) tokens/s"
    }
    if stopReason == .contextFull { output += "; the context is full" }
    page.field("output", output)
    if let flops = flopsPerOutputToken, let bytes = bytesPerOutputToken {
      page.field("cost", "\(Unit.count.text(flops))FLOP and \(Unit.bytes.text(bytes)) for each output token")
    }
    for (noun, energy) in [("input", prefillEnergy), ("output", decodeEnergy)] {
      guard let energy, let each = energy.joulesPerToken else { continue }
      let mark = energy.method.isMeasured ? "" : "≈ "
      page.field("energy", "\(mark)\(Unit.joules.text(each)) for each \(noun) token: \(energy.label)")
    }
    if let energyAbsentReason { page.field("energy", "absent: \(energyAbsentReason.printable)") }
    return page
  }
}
