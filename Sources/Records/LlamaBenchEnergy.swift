import Statistics

/// The energy of one test's repetitions, under the names of the power telemetry's version 2. Without a valid figure for
/// every run of every repetition there is none, but the reason.
package struct LlamaBenchEnergy: Sendable {
  let fields: [LlamaBenchRow.Field]

  /// One array a repetition: a prefill run, a decode run, or both.
  package init(_ repetitions: [[RunRecord]]) {
    let runs = repetitions.flatMap(\.self)
    let energies = runs.compactMap(\.energy)
    let labels = Set(energies.map { "\($0.label) \($0.tier)" })
    let isValid = !runs.isEmpty && energies.count == runs.count && labels.count == 1
    let first = isValid ? energies.first : nil
    let reason =
      labels.count > 1
      ? "several_methods" : runs.lazy.filter { $0.energy == nil }.compactMap(\.energyAbsentCode).first ?? "not_asked"
    func median(_ values: [Double]) -> LlamaBenchRow.Value {
      guard first != nil, let sample = try? Sample(values) else { return .absent }
      return .real(sample.median)
    }
    func perToken(_ phase: Phase, _ figure: (Estimate) -> Double?) -> LlamaBenchRow.Value {
      let own = runs.filter { $0.phase == phase }
      return own.isEmpty ? .absent : median(own.compactMap { $0.energy?.joulesPerToken.flatMap(figure) })
    }
    fields = [
      .init("power_metric_schema_version", .whole(2)), .init("power_valid", .flag(first != nil)),
      .init("energy_method", .text(first?.method.rawValue ?? "absent")),
      .init("energy_boundary", .text(first?.boundary.rawValue ?? "")),
      .init("energy_absent_reason", .text(first == nil ? reason : "")),
      .init("avg_power_w", median(energies.map(\.avgPowerW))),
      .init("total_energy_j", median(repetitions.map { $0.reduce(0) { $0 + ($1.energyJoules?.value ?? 0) } })),
      .init("prefill_joules_per_input_token", perToken(.prefill, \.value)),
      .init("prefill_joules_low", perToken(.prefill) { $0.interval?.low }),
      .init("prefill_joules_high", perToken(.prefill) { $0.interval?.high }),
      .init("decode_joules_per_output_token", perToken(.decode, \.value)),
      .init("decode_joules_low", perToken(.decode) { $0.interval?.low }),
      .init("decode_joules_high", perToken(.decode) { $0.interval?.high }),
    ]
  }
}
