import Records
import Statistics

extension Tables {
  /// What a token takes in each phase, and an output token in both of its own. Nil without a decode.
  static func phases(_ subject: SubjectSummary) -> TextTable? {
    guard let decode = MeasuredPoint.reference(among: subject.decode) else { return nil }
    let prefill = MeasuredPoint.reference(among: subject.prefill)
    let energies = [prefill, decode, subject.sampling].compactMap { $0?.energy }
    let unit = Unit.joules.scale(for: (try? Sample(energies.map(\.joulesPerToken.value)))?.median ?? 1)
    let mark = energies.contains { !$0.method.isMeasured } ? "≈ " : ""
    var columns = [TextTable.text("phase"), TextTable.figure("time/token")]
    if !energies.isEmpty {
      columns += [TextTable.figure("\(mark)\(unit.symbol)/token"), TextTable.figure("without idle")]
    }
    // It stands with each phase already.
    columns.append(TextTable.Column(title: "$/M tokens", isOptional: true))
    var table = TextTable(columns)

    func add(_ name: String, _ seconds: Estimate, _ joules: [Estimate?], absence: String?, dollars: Estimate) {
      let energy = joules.map { $0.map { Unit.bare($0, factor: unit.factor) } ?? absence ?? "absent" }
      table.add(
        [name, Unit.seconds.text(seconds)] + (energies.isEmpty ? [] : energy) + [Unit.bare(dollars)])
    }
    func add(_ name: String, _ point: MeasuredPoint) {
      add(
        point.mark + name, point.secondsPerToken,
        [point.energy?.joulesPerToken, point.energy?.idleSubtractedJoulesPerToken],
        absence: point.energyAbsentCode, dollars: point.dollarsPerMillionTokens)
    }
    if let prefill { add("prefill of \(prefill.promptTokens)", prefill) }
    add("decode at \(decode.contextTokens)", decode)
    guard let sampling = subject.sampling else {
      table.add(["sampling", "not measured"])
      return table
    }
    add("sampling", sampling)
    // Figures of two ways have no sum.
    let isAlike = decode.energy?.label == sampling.energy?.label
    func sum(_ figure: (PointEnergy) -> Estimate?) -> Estimate? {
      guard isAlike, let first = decode.energy.flatMap(figure), let second = sampling.energy.flatMap(figure) else {
        return nil
      }
      return first.plusAlike(second)
    }
    add(
      "decode + sampling", decode.secondsPerToken.plus(sampling.secondsPerToken),
      [sum(\.joulesPerToken), sum(\.idleSubtractedJoulesPerToken)], absence: nil,
      dollars: decode.dollarsPerMillionTokens.plus(sampling.dollarsPerMillionTokens))
    return table
  }
}
