import Quantities

/// One run: one phase at one shape, measured once, with every sample. One line of `runs.jsonl`.
package struct RunRecord: Codable, Sendable, Equatable {
  package static let schemaName = "inferometer.run"
  package static let schemaVersion = 1

  package var schema = schemaName
  package var schemaVersion = schemaVersion
  package var toolVersion: String
  /// When the run began, RFC 3339 in UTC.
  package var time: String
  package var machineFingerprint: String
  package var model: ModelIdentity
  package var configuration: RunConfiguration
  package var phase: Phase
  /// Tokens of each sequence that this run reads in its prefill; 0 in a decode run.
  package var promptTokens: Int
  /// Tokens of each sequence that this run generates or, in a sampling run, chooses; 0 in a prefill run.
  package var generatedTokens: Int
  /// Tokens in the cache of each sequence before the first sample.
  package var contextTokens: Int
  package var sequences: Int
  /// Which repetition of the same shape this is, from 0.
  package var repetition: Int
  /// Which process made the run, from 0; nil where all runs are of one.
  package var process: Int?
  /// Which window of time it was made in, from 0, all places of a measurement taking turns in each; nil in records of before
  /// there were windows, and in a bench.
  package var window: Int?
  /// Which sitting of a measurement made it: windows and processes of two sittings are never the same ones. Nil in records of
  /// before they were told apart.
  package var session: String?
  /// How tokens were chosen, of a sampling run.
  package var sampler: SamplerIdentity?
  package var samples: [Timing]
  /// The first samples of a decode run that are the transient after a prefill: a cost of the request, and none of a token
  /// later on. Nil is none.
  package var transientSamples: Int?
  /// What the samples computed and moved, summed over all of them, by operation class.
  package var operations: [String: OperationCount]
  package var conditions: RunConditions
  /// Why the run should not be trusted, as codes (`VerdictCode`); empty when nothing was found.
  package var verdict: [String]
  /// Whether machines can be compared by it: the configuration is the tool's own choice for this machine, the measurement
  /// was not a quick one, and nothing disturbed the run.
  package var canonical: Bool
  /// Read bandwidth that this machine reached in the same window.
  package var readRoofBytesPerSecond: Double?
  /// Operations that this machine reached in the same window with the instructions of the run's kernels; of prefill runs.
  package var flopRoofFlopsPerSecond: Double?
  package var energy: RunEnergy?
  /// Why there is no energy: a code for programs and a line for people.
  package var energyAbsentCode: String?
  package var energyAbsentReason: String?

  package init(
    toolVersion: String, time: String = Timestamp.utc(), machineFingerprint: String, model: ModelIdentity,
    configuration: RunConfiguration, shape: RunShape, repetition: Int, sampler: SamplerIdentity? = nil,
    samples: [Timing], operations: [String: OperationCount], conditions: RunConditions, verdict: [String] = [],
    canonical: Bool = false,
    readRoofBytesPerSecond: Double? = nil, flopRoofFlopsPerSecond: Double? = nil, energy: RunEnergy? = nil,
    energyAbsentCode: String? = nil,
    energyAbsentReason: String? = nil
  ) {
    self.toolVersion = toolVersion
    self.time = time
    self.machineFingerprint = machineFingerprint
    self.model = model
    self.configuration = configuration
    self.phase = shape.phase
    self.promptTokens = shape.promptTokens
    self.generatedTokens = shape.generatedTokens
    self.contextTokens = shape.contextTokens
    self.sequences = shape.sequences
    self.repetition = repetition
    self.sampler = sampler
    self.samples = samples
    self.operations = operations
    self.conditions = conditions
    self.verdict = verdict
    self.canonical = canonical
    self.readRoofBytesPerSecond = readRoofBytesPerSecond
    self.flopRoofFlopsPerSecond = flopRoofFlopsPerSecond
    self.energy = energy
    self.energyAbsentCode = energyAbsentCode
    self.energyAbsentReason = energyAbsentReason
  }

  package var shape: RunShape {
    RunShape(
      phase: phase, promptTokens: promptTokens, generatedTokens: generatedTokens, contextTokens: contextTokens,
      sequences: sequences)
  }

  /// Gross, whatever the method.
  package var energyJoules: Joules? { energy.map { Joules($0.totalEnergyJ.value) } }
  /// The samples behind the transient.
  package var steadySamples: ArraySlice<Timing> { samples.dropFirst(transientSamples ?? 0) }
  /// Wall time of all samples.
  package var wall: Seconds { samples.reduce(.zero) { $0 + $1.wallSeconds } }
  /// Tokens that all samples together read (prefill), generated (decode) or chose (sampling), over all sequences.
  package var tokens: Int { (phase == .prefill ? promptTokens : generatedTokens) * sequences }
  package var flops: Flops { operations.values.reduce(.zero) { $0 + $1.flops } }
  package var bytesRead: Bytes { operations.values.reduce(.zero) { $0 + $1.bytesRead } }
  package var bytesWritten: Bytes { operations.values.reduce(.zero) { $0 + $1.bytesWritten } }
}

package enum Phase: String, Codable, Sendable, Hashable, CaseIterable {
  case prefill, decode, sampling
}

/// One timed piece of work: a whole prefill, one decode step of every sequence, or some tokens chosen one after another.
package struct Timing: Codable, Sendable, Hashable {
  /// Tokens in the cache of each sequence when the work began.
  package var contextTokens: Int
  package var wallSeconds: Seconds

  package init(contextTokens: Int, wallSeconds: Seconds) {
    self.contextTokens = contextTokens
    self.wallSeconds = wallSeconds
  }
}

package struct OperationCount: Codable, Sendable, Hashable {
  package var flops: Flops
  package var bytesRead: Bytes
  package var bytesWritten: Bytes

  package init(flops: Flops, bytesRead: Bytes, bytesWritten: Bytes) {
    self.flops = flops
    self.bytesRead = bytesRead
    self.bytesWritten = bytesWritten
  }

  package static let zero = Self(flops: 0, bytesRead: 0, bytesWritten: 0)

  package static func * (a: Self, factor: Double) -> Self {
    Self(flops: a.flops * factor, bytesRead: a.bytesRead * factor, bytesWritten: a.bytesWritten * factor)
  }

  package static func + (a: Self, b: Self) -> Self {
    Self(flops: a.flops + b.flops, bytesRead: a.bytesRead + b.bytesRead, bytesWritten: a.bytesWritten + b.bytesWritten)
  }
}

package struct ModelIdentity: Codable, Sendable, Hashable {
  package var name: String
  package var architecture: String
  /// The file's path, or `preset:<name>` when the weights are seeded random numbers.
  package var source: String
  /// The label people know the weights by, such as `Q4_0` or `Q4_K - Medium`.
  package var format: String
  package var parameters: Int
  package var weightBytes: Bytes
  /// Those alike counted together; nil in records of before they were written down.
  package var layers: [LayerGroup]?
  /// The model whose first layers these are; nil for a whole one.
  package var sliceOf: WholeModel?

  package struct LayerGroup: Codable, Sendable, Hashable {
    package var count: Int
    /// Tokens that each of these layers attends to; nil for all.
    package var window: Int?

    package init(count: Int, window: Int? = nil) {
      self.count = count
      self.window = window
    }
  }

  package struct WholeModel: Codable, Sendable, Hashable {
    package var name: String
    package var parameters: Int
    package var weightBytes: Bytes
    package var layers: [LayerGroup]

    package init(name: String, parameters: Int, weightBytes: Bytes, layers: [LayerGroup]) {
      self.name = name
      self.parameters = parameters
      self.weightBytes = weightBytes
      self.layers = layers
    }
  }

  package init(
    name: String, architecture: String, source: String, format: String, parameters: Int, weightBytes: Bytes,
    layers: [LayerGroup]? = nil, sliceOf: WholeModel? = nil
  ) {
    self.layers = layers
    self.sliceOf = sliceOf
    self.name = name
    self.architecture = architecture
    self.source = source
    self.format = format
    self.parameters = parameters
    self.weightBytes = weightBytes
  }
}

/// How tokens are chosen from rows of logits.
package struct SamplerIdentity: Codable, Sendable, Hashable {
  /// `top-k 40, top-p 0.95, min-p 0.05, temperature 0.8`
  package var settings: String
  /// Logits of a row.
  package var vocabularySize: Int

  package init(settings: String, vocabularySize: Int) {
    self.settings = settings
    self.vocabularySize = vocabularySize
  }
}

package struct RunConfiguration: Codable, Sendable, Hashable {
  package var threads: Int
  package var isa: String
  package var activations: String
  package var keyType: String
  package var valueType: String
  package var batch: Int
  package var microBatch: Int
  package var pinned: Bool
  /// Identities of the kernels that ran.
  package var kernels: [String]
  /// From how many tokens on weights of the model's formats were unpacked to panels, and whether that is the tool's own choice
  /// (`standard`), one that was `measured` on this machine, or one that was `given`.
  package var manyTokens: ManyTokens?
  package var tuning: String?
  /// How much longer each sample was made on purpose, to check a comparison; such a run says nothing of the machine.
  package var slowedShare: Double?

  package init(
    threads: Int, isa: String, activations: String, keyType: String, valueType: String, batch: Int, microBatch: Int,
    pinned: Bool, kernels: [String], manyTokens: ManyTokens? = nil, tuning: String? = nil, slowedShare: Double? = nil
  ) {
    self.threads = threads
    self.isa = isa
    self.activations = activations
    self.keyType = keyType
    self.valueType = valueType
    self.batch = batch
    self.microBatch = microBatch
    self.pinned = pinned
    self.kernels = kernels
    self.manyTokens = manyTokens
    self.tuning = tuning
    self.slowedShare = slowedShare
  }
}
