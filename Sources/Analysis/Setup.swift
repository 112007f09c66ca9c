import Quantities
import Records

/// All that was set for an observation, by this tool or by another whose file was read. Observations are pooled only where
/// all of it is equal, and set against each other only where what differs is named.
package struct Setup: Hashable, Sendable {
  /// The machine's fingerprint, or its processor's name where a file knows no more.
  package var machine: String
  /// The version of the tool that measured.
  package var version: String
  /// Nil for a kernel.
  package var model: ModelIdentity?
  /// How a model was run, without the names of the kernels, which follow from it; nil for a kernel.
  package var configuration: RunConfiguration?
  /// How a kernel was run; nil for a model.
  package var kernel: Kernel?
  /// What a foreign file set beyond that, by the file's own names.
  package var others: [String: String] = [:]
  /// It comes from a row of a bench, whose machine and model are known by less.
  package var isForeign = false

  /// What tells models apart. The file's name stands for its content, wherever it lies.
  struct Model: Hashable {
    var file: String
    var type: String
    var parameters: Int
    var bytes: Double
  }

  package struct Kernel: Hashable, Sendable {
    package var name: String
    package var isa: String?
    package var threads: Int
    package var isCold: Bool
    package var slowedShare: Double?
  }
}

extension Setup {
  init(_ run: RunRecord) {
    machine = run.machineFingerprint
    version = run.toolVersion
    model = run.model
    configuration = run.configuration
    configuration?.kernels = []
  }

  init(_ row: LlamaBenchLog.Row) {
    machine = row.cpuInfo ?? ""
    version = row.buildCommit?.replacing("inferometer-", with: "") ?? ""
    let words = row.modelType.split(separator: " ", maxSplits: 2).map(String.init)
    model = ModelIdentity(
      name: row.modelType, architecture: words[0, default: ""], source: row.modelFilename,
      format: words[2, default: ""],
      parameters: row.modelNParams, weightBytes: Bytes(Double(row.modelSize)))
    var rest = row.settings
    func take(_ name: String) -> String { rest.removeValue(forKey: name) ?? "" }
    func number(_ name: String) -> Int { Int(take(name)) ?? 0 }
    configuration = RunConfiguration(
      threads: number("n_threads"), isa: take("isa"), activations: take("activations"), keyType: take("type_k"),
      valueType: take("type_v"), batch: number("n_batch"), microBatch: number("n_ubatch"),
      pinned: rest["cpu_strict"] == "1", kernels: [], slowedShare: Double(take("slowed_share")))
    if let backends = rest.removeValue(forKey: "backends") { rest["backend"] = backends }
    // An empty text is a statement too.
    others = rest.mapValues { $0.isEmpty ? "none" : $0 }
    isForeign = true
  }

  init(_ row: KernelRecord) {
    machine = row.machineFingerprint ?? ""
    version = row.toolVersion ?? ""
    kernel = Kernel(
      name: row.kernel, isa: row.isa, threads: row.threads, isCold: row.isCold, slowedShare: row.slowedShare)
  }

  /// What the model is recognised by; rows of a bench name it by nothing but its type.
  var comparedModel: Model? {
    model.map { model in
      Model(
        file: model.source.split(separator: "/").last.map(String.init) ?? model.source,
        type: isForeign ? model.name : model.typeName, parameters: model.parameters, bytes: model.weightBytes.value
      )
    }
  }

  /// One setting, as a comparison shows it.
  struct Fact: Hashable {
    var name: String
    /// Empty where the file says nothing of it.
    var value: String
    /// The tool chose it for the work: it tells rows apart only where one piece of work has several.
    var isChoice = false
    /// It is named only where it differs.
    var isQuiet = false
  }

  static let machineName = "machine"
  static let versionName = "version"

  /// All settings, in the order in which they are shown.
  var facts: [Fact] {
    var facts = [Fact(name: Self.machineName, value: machine), Fact(name: Self.versionName, value: version)]
    if let configuration {
      func pair(_ first: String, _ second: String) -> String {
        first + second == "" ? "" : "\(first.isEmpty ? "?" : first)/\(second.isEmpty ? "?" : second)"
      }
      func text(_ number: Int) -> String { number > 0 ? "\(number)" : "" }
      facts += [
        Fact(name: "threads", value: text(configuration.threads)), Fact(name: "isa", value: configuration.isa),
        Fact(name: "activations", value: configuration.activations),
        Fact(name: "cache", value: pair(configuration.keyType, configuration.valueType)),
        Fact(name: "batch", value: pair(text(configuration.batch), text(configuration.microBatch))),
      ]
      // Rows of a bench say it in words of their own.
      if !isForeign { facts.append(Fact(name: "pinned", value: configuration.pinned ? "yes" : "no")) }
      facts.append(Fact(name: Self.slowed, value: configuration.slowedShare.slowed))
      let tuning = [configuration.manyTokens?.description, configuration.tuning].compactMap(\.self)
      if !tuning.isEmpty { facts.append(Fact(name: "tuning", value: tuning.joined(separator: ", "), isQuiet: true)) }
    }
    if let kernel {
      // The name ends with the instruction set, which is what variants of one kernel differ in.
      let name = kernel.isa.flatMap { kernel.name.hasSuffix($0) ? kernel.name.dropLast($0.count + 1) : nil }
      facts += [
        Fact(name: "threads", value: "\(kernel.threads)"), Fact(name: "memory", value: kernel.isCold ? "cold" : "warm"),
        Fact(name: Self.slowed, value: kernel.slowedShare.slowed),
        Fact(name: "kernel", value: name.map(String.init) ?? kernel.name, isChoice: true),
        Fact(name: "isa", value: kernel.isa ?? "", isChoice: true),
      ]
    }
    return facts + others.sorted { $0.key < $1.key }.map { Fact(name: $0.key, value: $0.value, isQuiet: true) }
  }

  private static let slowed = "slowed"
}

extension Double? {
  fileprivate var slowed: String { map { "on purpose by \(($0 * 100).significant(3)) %" } ?? "" }
}

extension Array<String> {
  fileprivate subscript(index: Int, default other: String) -> String { index < count ? self[index] : other }
}
