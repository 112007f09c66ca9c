import Records
import Statistics

/// One piece of work that was timed once, whichever file it came from: what was set, and apart from it what was measured.
///
/// Runs of this tool, rows of its kernels and rows of llama-bench all become observations; comparisons, curves and summaries
/// take nothing else.
package struct Observation: Sendable {
  package var setup: Setup
  package var work: Work
  /// The number of the process that made it, from 0; nil where that is not known.
  package var process: Int?
  /// The window of time that it was made in, from 0; nil where that is not known.
  package var window: Int?
  package var repetition: Int
  package var measured: Measured
}

/// What was run under a setup.
package enum Work: Hashable, Sendable {
  /// One phase of a model.
  case phase(RunShape, sampler: SamplerIdentity?)
  /// A test of a bench, which may hold both phases.
  case test(BenchShape)
  /// A call of a kernel at a size, on weights or a cache of a format.
  case kernel(size: String, format: String?)

  /// `pp512`, `tg128 @ d512`, with ` x4` behind it for four sequences; `1x4096x4096 Q4_0` for a kernel.
  package var name: String {
    switch self {
    case .phase(let shape, _) where shape.phase == .sampling: return "sampling"
    case .phase(let shape, _): return Work.test(BenchShape(shape)).name
    case .test(let test): return test.sequences > 1 ? "\(test.name) x\(test.sequences)" : test.name
    case .kernel(let size, let format): return [size, format].compactMap(\.self).joined(separator: " ")
    }
  }

  /// What work of other files is matched with: a run of one phase is a test of that phase.
  var matched: Work {
    guard case .phase(let shape, _) = self, shape.phase != .sampling else { return self }
    return .test(BenchShape(shape))
  }

  /// Where a reader looks for it: prefill before decode, one sequence before several, short before long.
  var order: [Int] {
    switch self {
    case .phase(let shape, _) where shape.phase == .sampling: return [2]
    case .phase(let shape, _): return Work.test(BenchShape(shape)).order
    case .test(let test):
      return [min(test.generatedTokens, 1), test.sequences, test.depth, test.promptTokens, test.generatedTokens]
    case .kernel: return []
    }
  }
}

/// What was found out about one piece of work.
package struct Measured: Sendable {
  /// Tokens of all sequences behind the transient; 0 of a call of a kernel.
  package var tokens: Int
  /// Wall time of what is behind the transient.
  package var seconds: Double
  /// What the first steps of a decode took longer than as many steady ones: a cost of the request. Nil where it is not known.
  package var transientSeconds: Double?
  /// Timed pieces behind the transient, each with the context that it began at; empty where they are not known.
  package var samples: [Timing] = []
  /// What these computed and moved, by operation class; empty where that is not known.
  package var operations: [String: OperationCount] = [:]
  /// Identities of the kernels that ran.
  package var kernels: [String] = []
  package var readRoofBytesPerSecond: Double?
  package var flopRoofFlopsPerSecond: Double?
  /// Codes of what speaks against trusting it.
  package var verdict: [String] = []
  package var isCanonical = false
  package var energy: Result<Energy, Absence>

  /// Energy, and how the figure came about: figures of two kinds are never averaged.
  package struct Energy: Sendable {
    package var joules: Double
    /// Method, boundary, tier, attribution and coefficients, in words.
    package var kind: String
    /// All that a run of this tool knows of it.
    package var record: RunEnergy?
  }

  /// Why a figure is missing: a code for programs, a line for people.
  package struct Absence: Error, Hashable {
    package var code: String?
    package var reason: String

    package init(code: String? = nil, reason: String) {
      self.code = code
      self.reason = reason
    }
  }

  var isFlagged: Bool { !verdict.isEmpty }
  /// What all of it computed and moved.
  var total: OperationCount { operations.values.reduce(.zero, +) }
  var secondsPerToken: Double { seconds / Double(tokens) }
}

extension RunEnergy {
  /// What two figures must share to be figures of one kind, in words: how they came about, what they cover, whose they are,
  /// by which coefficients.
  var kind: String {
    let coefficients = coefficientSet.map { ", \($0.id) version \($0.version)" } ?? ""
    return "\(label), tier \(tier), \(attribution.rawValue)\(coefficients)"
  }
}

// MARK: - From files

extension Observation {
  /// A run of this tool is one observation.
  package init(_ run: RunRecord) {
    setup = Setup(run)
    work = .phase(run.shape, sampler: run.sampler)
    process = run.process
    window = run.window
    repetition = run.repetition
    let steady = run.steadySamples
    let share = Double(steady.count) / Double(max(1, run.samples.count))
    let seconds = steady.reduce(0) { $0 + $1.wallSeconds.value }
    measured = Measured(
      tokens: run.phase == .decode ? steady.count * run.sequences : run.tokens, seconds: seconds,
      transientSeconds: run.transientSamples.map {
        run.wall.value - seconds - Double($0) * seconds / Double(steady.count)
      },
      samples: Array(steady), operations: share < 1 ? run.operations.mapValues { $0 * share } : run.operations,
      kernels: run.configuration.kernels,
      readRoofBytesPerSecond: run.readRoofBytesPerSecond, flopRoofFlopsPerSecond: run.flopRoofFlopsPerSecond,
      verdict: run.verdict, isCanonical: run.canonical,
      energy: run.energy.map { .success(.init(joules: $0.totalEnergyJ.value, kind: $0.kind, record: $0)) }
        ?? .failure(.init(code: run.energyAbsentCode, reason: run.energyAbsentReason ?? "no reason was written down")))
  }

  /// Each repetition of a bench's row is an observation.
  package static func all(of row: LlamaBenchLog.Row) -> [Observation] {
    let setup = Setup(row)
    return row.samplesNs.enumerated().map { index, nanoseconds in
      Observation(
        setup: setup, work: .test(row.test), process: row.samplesProcess?[index], window: nil, repetition: index,
        measured: Measured(
          tokens: row.test.tokens, seconds: nanoseconds / 1e9, operations: operations(of: row),
          verdict: row.samplesVerdict?[index].split(separator: " ").map(String.init) ?? [],
          energy: energy(of: row, index)))
    }
  }

  /// The account that this tool's rows have, of which it is not known what operations it was.
  private static func operations(of row: LlamaBenchLog.Row) -> [String: OperationCount] {
    guard let flops = row.flops, let bytes = row.bytes else { return [:] }
    return ["all": OperationCount(flops: .init(flops), bytesRead: .init(bytes), bytesWritten: 0)]
  }

  private static func energy(
    of row: LlamaBenchLog.Row, _ index: Int
  ) -> Result<Measured.Energy, Measured.Absence> {
    guard let method = row.energyMethod, method != "absent" else {
      let code = row.energyAbsentReason ?? ""
      return .failure(
        .init(code: code, reason: code.isEmpty ? "the file says nothing of energy" : "the file has no energy: \(code)"))
    }
    guard let joules = row.samplesEnergyJ?[index] else {
      return .failure(
        .init(reason: "the file has one energy for all repetitions, of which no spread is known: measure anew"))
    }
    let boundary = row.energyBoundary.map { ", \($0)" } ?? ""
    return .success(.init(joules: joules, kind: "\(method)\(boundary)"))
  }

  /// Each sample of a kernel's row is an observation.
  package static func all(of row: KernelRecord) -> [Observation] {
    let setup = Setup(row)
    return row.sampleSeconds.enumerated().map { index, seconds in
      Observation(
        setup: setup, work: .kernel(size: row.size, format: row.format), process: row.process, window: nil,
        repetition: index,
        measured: Measured(
          tokens: 0, seconds: seconds, verdict: row.verdict ?? [],
          energy: .failure(.init(reason: "calls of kernels have no energy"))))
    }
  }
}
