import FoundationEssentials
import Quantities
import Records
import Statistics

/// A run that every test can bend to its needs.
package func sampleRun(
  phase: Phase = .decode, context: Int = 128, tokens: Int = 3, sequences: Int = 1, repetition: Int = 0,
  walls: [Double] = [0.004, 0.005, 0.006]
) -> RunRecord {
  var conditions = RunConditions(absent: "not observed")
  conditions.stealShare = .found(0.001)
  conditions.minorFaults = .found(4)
  return RunRecord(
    toolVersion: "0.1", time: "2026-01-31T09:30:00Z", machineFingerprint: "f00d", model: sampleModel(),
    configuration: sampleConfiguration,
    shape: RunShape(
      phase: phase, promptTokens: phase == .prefill ? tokens : 0, generatedTokens: phase == .decode ? tokens : 0,
      contextTokens: context, sequences: sequences),
    repetition: repetition,
    samples: walls.enumerated().map { Timing(contextTokens: context + $0.offset, wallSeconds: Seconds($0.element)) },
    operations: [
      "matmul": OperationCount(flops: 600, bytesRead: 300, bytesWritten: 30),
      "head_room": OperationCount(flops: 60, bytesRead: 30, bytesWritten: 3),
    ],
    conditions: conditions, verdict: ["steal"],
    canonical: true, energyAbsentReason: "no sensor")
}

/// Half a joule to 1.5 J a token, of 3 tokens in 2 s.
package func sampleEnergy(
  _ phase: Phase = .decode, method: RunEnergy.Method = .transferred, joules: Double = 3
) -> RunEnergy {
  RunEnergy(
    method: method, tier: "D", boundary: .wall, attribution: .processorShareAverage,
    total: Estimate(joules, Interval(low: joules / 2, high: joules * 1.5, level: 0.95), method: .exact),
    idleSubtracted: Estimate(joules / 4, Interval(low: 0, high: joules, level: 0.95), method: .exact), window: 2,
    samples: 0, sensors: [],
    coefficientSet: RunEnergy.CoefficientSet(id: "table/class", version: 1, sources: ["somewhere"]),
    hostFingerprint: "f00d", phase: phase, tokens: 3)
}

package func runWithEnergy(_ phase: Phase, method: RunEnergy.Method = .transferred, joules: Double = 3) -> RunRecord {
  var run = sampleRun(phase: phase)
  run.energy = sampleEnergy(phase, method: method, joules: joules)
  run.energyAbsentReason = nil
  return run
}

package func sampleModel(name: String = "smol", source: String = "preset:smol") -> ModelIdentity {
  ModelIdentity(
    name: name, architecture: "llama", source: source, format: "Q4_0", parameters: 134_515_008, weightBytes: 76_000_000)
}

package let sampleConfiguration = RunConfiguration(
  threads: 2, isa: "avx512vnni", activations: "int8", keyType: "f16", valueType: "f16", batch: 2048, microBatch: 512,
  pinned: true, kernels: ["matmul.q4_0.q8_0.avx512vnni"], manyTokens: ManyTokens(["Q4_0": 5, "Q8_0": nil]),
  tuning: "measured")
