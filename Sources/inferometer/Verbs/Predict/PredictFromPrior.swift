import Campaign
import Fleet
import Machine
import Model
import Quantities
import Records
import Reporting

/// What a fleet of other people's servers says of this one, of which little is known or nothing.
struct PredictFromPrior {
  let prior: FleetPrior
  let machine: MachineDescription
  /// Bytes a second that all threads read from memory; nil where it is not known.
  let bandwidth: Double?
  /// What somebody measured of models on this machine.
  let rows: [FleetServer.Row]

  var features: FleetServer.Features {
    let processors = Double(machine.processors)
    let perCore = Double(machine.threadsPerCore.value ?? 1)
    let sets = Set(machine.features)
    let known = ["avx512_vnni", "avx512_bf16", "amx_int8", "avx_vnni"].filter {
      sets.contains($0.replacing("_", with: ""))
    }
    // The builds of ggml that were in use choose by these.
    let backends = [
      ("amxint8", "sapphirerapids"), ("avx512vnni", "icelake"), ("avx512f", "skylakex"), ("avx2", "haswell"),
    ]
    return FleetServer.Features(
      threads: max(1, (processors / perCore).rounded()), processors: processors, threadsPerCore: perCore,
      sockets: Double(machine.sockets.value ?? 1), maker: machine.vendor, processor: machine.modelName,
      instructionSets: sets.intersection(["avx2", "avx512f"]).union(known),
      backend: backends.first { sets.contains($0.0) }?.1 ?? "sandybridge",
      lastCacheBytes: machine.lastLevelCache.map { Double($0.bytes * $0.instances) } ?? 0,
      memoryBytes: Double(machine.memoryBytes.value ?? 0), isVirtual: machine.hypervisor != nil,
      readBandwidth: bandwidth.map { [64: $0, 512: $0] } ?? [:])
  }

  func answers(_ models: [ModelShape], promptTokens: Int) -> [FleetPrior.Answer] {
    let asked = models.flatMap { model in
      [(promptTokens, 0), (0, 128)].map {
        FleetServer.Row(model: model, promptTokens: $0, generatedTokens: $1, tokensPerSecond: 1)
      }
    }
    return prior.predict(asked, from: rows, of: features)
  }

  /// The rows of a bench that the law knows a use for: a prompt or a generation of one sequence in an empty cache.
  static func rows(_ path: String) throws -> [FleetServer.Row] {
    let bench = try reading { try ForeignBench(path) }
    var rows: [FleetServer.Row] = []
    for foreign in bench.rows {
      let row = try reading { try LlamaBenchLog(foreign.line(from: path, format: "") + [0x0A], file: path) }.rows[0]
      let test = row.test
      guard test.depth == 0, test.sequences == 1, (test.promptTokens > 0) != (test.generatedTokens > 0),
        !row.samplesNs.isEmpty
      else { continue }
      guard
        let model = ModelShape.known(
          file: row.modelFilename, parameters: Double(row.modelNParams), bytes: Double(row.modelSize))
      else {
        throw Failure(
          .badData,
          "\(path): the shape of \(row.modelFilename) is not known; bench one of \(ModelShape.knownFiles.joined(separator: ", "))"
        )
      }
      rows.append(
        FleetServer.Row(
          model: model, promptTokens: test.promptTokens, generatedTokens: test.generatedTokens,
          tokensPerSecond: Double((test.promptTokens + test.generatedTokens) * row.samplesNs.count) * 1e9
            / row.samplesNs.reduce(0, +)))
    }
    if rows.isEmpty { throw Failure(.badData, "\(path): has no prompt and no generation in an empty cache") }
    return rows
  }

  func page(_ answers: [FleetPrior.Answer]) -> ReportPage {
    var page = ReportPage()
    page.field("machine", "\(machine.modelName), \(machine.processors) processors")
    page.field(
      "bandwidth", bandwidth.map { "\(($0 / 1e9).significant(3)) GB/s, as given" } ?? "not known; give --bandwidth")
    page.field("measured", rows.isEmpty ? "nothing; give a bench of a small model with --bench" : "\(rows.count) tests")
    page.add(.space)
    page.table("Tokens a second", Self.table(answers))
    page.add(
      .note(
        "Foretold, not measured: \(rows.isEmpty ? "llama.cpp's" : "the speed of the engine of --bench"), by a prior of "
          + "\(prior.servers) servers, data of \(prior.source)."))
    if answers.contains(where: \.isDoubtful) {
      page.add(
        .note(
          "? marks an answer so uncertain that measuring is better: a few layers in a minute with inferometer measure "
            + "--preset NAME --slice 2,4,6"))
    }
    return page
  }

  static func table(_ answers: [FleetPrior.Answer]) -> TextTable {
    var table = TextTable([
      TextTable.text("test"), TextTable.figure("tokens/s"), TextTable.figure("90 % interval"),
      TextTable.figure("models known"),
    ])
    for answer in answers {
      table.add([
        "\(answer.isDoubtful ? "?" : "")\(answer.test)", answer.tokensPerSecond.significant(3),
        "[\(answer.low.significant(2)), \(answer.high.significant(2))]", "\(answer.modelsMeasured)",
      ])
    }
    return table
  }
}

extension ModelShape {
  /// The shape of a preset in a format.
  init(_ choice: ModelChoice) throws {
    let source = try reading { try choice.open() }
    let (model, identity) = (source.description, choice.identity(of: source))
    self.init(
      name: "\(identity.name) \(identity.format)", layers: model.layerCount, width: model.embeddingLength,
      feedForward: model.feedForwardLength, heads: model.headCount, keyValueHeads: model.keyValueHeadCount,
      headSize: model.headSize, vocabulary: model.vocabularySize, isTied: model.hasTiedHead,
      parameters: Double(identity.parameters), bytes: identity.weightBytes.value)
  }

  /// A model that nobody named: `layers=32,width=4096,feed-forward=14336,heads=32,kv-heads=8,vocabulary=128256,bits=4.5`.
  init?(written text: String) {
    var values: [String: Double] = [:]
    for part in text.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, let value = Double(pair[1]), value > 0, value < 1e7,
        values.updateValue(value, forKey: String(pair[0])) == nil
      else { return nil }
    }
    func whole(_ name: String) -> Int? { values.removeValue(forKey: name).flatMap { Int(exactly: $0) } }
    guard let layers = whole("layers"), let width = whole("width"), let feedForward = whole("feed-forward"),
      let heads = whole("heads"), let vocabulary = whole("vocabulary")
    else { return nil }
    let keyValueHeads = whole("kv-heads") ?? heads
    let headSize = whole("head-size") ?? width / heads
    let isTied = whole("tied") == 1
    let bits = values.removeValue(forKey: "bits") ?? 4.5
    guard values.isEmpty, headSize > 0, keyValueHeads <= heads else { return nil }
    let layer = Double(width) * (Double(headSize) * 2 * Double(heads + keyValueHeads) + 3 * Double(feedForward))
    let parameters = Double(layers) * layer + Double(width) * Double(vocabulary) * (isTied ? 1 : 2)
    self.init(
      name: "\(layers) × \(width)", layers: layers, width: width, feedForward: feedForward, heads: heads,
      keyValueHeads: keyValueHeads, headSize: headSize, vocabulary: vocabulary, isTied: isTied, parameters: parameters,
      bytes: parameters * bits / 8)
  }
}
