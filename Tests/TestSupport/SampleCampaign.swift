import Quantities
import Records

/// A small campaign whose times follow known laws, so that every figure of its report can be worked by hand.
///
/// Decode of one token at context c: 8 ms + 2 µs · c. Prefill of n tokens: 1 ms + 1 ms · n + 0.5 µs · n².
/// There are three repetitions: the second is as the law says, the first 1 % faster, the third 1 % slower.
package enum SampleCampaign {
  package static let model = ModelIdentity(
    name: "SmolLM2-135M", architecture: "llama", source: "preset:smollm2-135m", format: "Q4_0", parameters: 134_515_008,
    weightBytes: 75_665_664)

  package static let configuration = RunConfiguration(
    threads: 2, isa: "avx512vnni", activations: "int8", keyType: "f16", valueType: "f16", batch: 2048, microBatch: 512,
    pinned: true, kernels: ["matvec.q4_0.q8_0.avx512vnni"])

  package static let machine = MachineCard(
    name: "Intel(R) Xeon(R) Processor", microarchitecture: "sapphire-rapids", processors: 2, sockets: 1, cores: 1,
    threadsPerCore: 2,
    caches: [
      .init(level: 1, kind: "Data", bytes: 49152, sharedBy: 2),
      .init(level: 2, kind: "Unified", bytes: 2_097_152, sharedBy: 2),
      .init(level: 3, kind: "Unified", bytes: 110_100_480, sharedBy: 2),
    ], memoryBytes: 25_232_932_864, instructionSets: ["avx2", "avx512f", "avx512vnni", "amxint8"], hypervisor: "KVM",
    kernelRelease: "6.18.44", energySensors: [], energyAbsentReason: "no powercap directory", slug: "xeon-2c-amx",
    fingerprint: "f00d")

  package static func decode(
    context: Int, sequences: Int = 1, repetition: Int = 0, steps: Int = 8, verdict: [String] = []
  ) -> RunRecord {
    let samples = (0..<steps).map { step in
      Timing(
        contextTokens: context + step,
        wallSeconds: Seconds((0.008 + 2e-6 * Double(context + step)) * noise(repetition) * (sequences > 1 ? 1.5 : 1)))
    }
    let tokens = Double(steps * sequences)
    return run(
      RunShape(phase: .decode, generatedTokens: steps, contextTokens: context, sequences: sequences), repetition,
      samples,
      [
        "matmul": count(220e6 * tokens, read: 60e6 * Double(steps), written: 1e6 * tokens),
        "attention": count(Double(context) * 2e4 * tokens, read: Double(context) * 2e4 * tokens, written: 1e4 * tokens),
        "head": count(57e6 * tokens, read: 16e6 * Double(steps), written: 2e5 * tokens),
      ], verdict)
  }

  package static func prefill(_ tokens: Int, repetition: Int = 0, verdict: [String] = []) -> RunRecord {
    let n = Double(tokens)
    let wall = (0.001 + 0.001 * n + 0.5e-6 * n * n) * noise(repetition)
    return run(
      RunShape(phase: .prefill, promptTokens: tokens), repetition,
      [Timing(contextTokens: 0, wallSeconds: Seconds(wall))],
      [
        "matmul": count(220e6 * n, read: 60e6, written: 1e6 * n),
        "attention": count(1e4 * n * n, read: 1e4 * n, written: 1e4 * n), "head": count(57e6, read: 16e6, written: 2e5),
      ], verdict)
  }

  /// Contexts 0, 256, 512 and 1024, four sequences at 512; prompts of 32, 128, 256 and 512; three repetitions.
  package static var runs: [RunRecord] {
    (0..<3).flatMap { repetition in
      [0, 256, 512, 1024].map { decode(context: $0, repetition: repetition) }
        + [decode(context: 512, sequences: 4, repetition: repetition)]
        + [32, 128, 256, 512].map { prefill($0, repetition: repetition) }
    }
  }

  /// Choosing a token takes 10 µs.
  package static func sampling(repetition: Int = 0, verdict: [String] = []) -> RunRecord {
    let samples = (0..<4).map { _ in Timing(contextTokens: 0, wallSeconds: Seconds(32 * 10e-6 * noise(repetition))) }
    var record = run(
      RunShape(phase: .sampling, generatedTokens: 128), repetition, samples,
      ["sampling": count(0, read: 128 * 4 * 49152, written: 0)], verdict)
    record.sampler = SamplerIdentity(settings: "top-k 40", vocabularySize: 49152)
    return record
  }

  private static func noise(_ repetition: Int) -> Double { 0.99 + 0.01 * Double(repetition % 3) }

  private static func count(_ flops: Double, read: Double, written: Double) -> OperationCount {
    OperationCount(flops: Flops(flops), bytesRead: Bytes(read), bytesWritten: Bytes(written))
  }

  private static func run(
    _ shape: RunShape, _ repetition: Int, _ samples: [Timing], _ operations: [String: OperationCount],
    _ verdict: [String]
  ) -> RunRecord {
    RunRecord(
      toolVersion: "0.1", time: "2026-01-31T09:30:00Z", machineFingerprint: "f00d", model: model,
      configuration: configuration, shape: shape, repetition: repetition, samples: samples, operations: operations,
      conditions: RunConditions(absent: "not observed"), verdict: verdict, canonical: true,
      readRoofBytesPerSecond: 15e9, flopRoofFlopsPerSecond: shape.phase == .prefill ? 1e12 : nil,
      energyAbsentReason: "no powercap directory")
  }
}
