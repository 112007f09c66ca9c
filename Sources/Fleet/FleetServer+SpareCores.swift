import Records

extension FleetServer {
  /// Servers with their rows: of each that both files know; models whose shape is not known are left out and counted.
  package static func all(
    rows: [SpareCoresLog.Row], servers: [SpareCoresLog.Server]
  ) -> (servers: [FleetServer], unknownModels: [String: Int], unknownServers: Int) {
    let known = Dictionary(servers.map { ($0.srv, $0) }, uniquingKeysWith: { first, _ in first })
    var unknownModels: [String: Int] = [:]
    var unknownServers = 0
    var found: [FleetServer] = []
    for (name, mine) in Dictionary(grouping: rows, by: \.srv).sorted(by: { $0.key < $1.key }) {
      guard let server = known[name] else {
        unknownServers += 1
        continue
      }
      let rows = mine.compactMap { row -> Row? in
        guard let model = ModelShape.known(file: row.modelFilename, parameters: row.modelNParams, bytes: row.modelSize)
        else {
          unknownModels[row.modelFilename, default: 0] += 1
          return nil
        }
        // A test of both phases has no speed of one.
        if row.nPrompt > 0 && row.nGen > 0 { return nil }
        return Row(
          model: model, promptTokens: row.nPrompt, generatedTokens: row.nGen, tokensPerSecond: row.avgTs)
      }
      guard !rows.isEmpty else { continue }
      let threads = Dictionary(grouping: mine, by: \.nThreads).max { $0.value.count < $1.value.count }?.key ?? 1
      found.append(
        FleetServer(
          name: name, processorName: server.cpu ?? "", features: Features(server, threads: Double(threads)), rows: rows)
      )
    }
    return (found, unknownModels, unknownServers)
  }
}

extension FleetServer.Features {
  package init(_ server: SpareCoresLog.Server, threads: Double) {
    let bandwidth = (server.readMbS ?? [:]).compactMap { size, speed in Double(size).map { ($0, speed * 1e6) } }
    self.init(
      threads: threads, processors: server.cpus, threadsPerCore: server.threadsPerCore ?? 1,
      sockets: server.sockets ?? 1,
      isArm: server.arch == "aarch64", maker: (server.vendor ?? "") + " " + (server.cpu ?? ""),
      processor: server.cpu ?? "",
      instructionSets: Set(server.isa ?? []), backend: server.ggmlBackend ?? "", lastCacheBytes: server.l3Bytes ?? 0,
      memoryBytes: (server.memoryMb ?? 0) * 1e6, isVirtual: !(server.hypervisor ?? "").isEmpty,
      readBandwidth: Dictionary(bandwidth, uniquingKeysWith: { $1 }), stressOne: server.stressNg1 ?? 0,
      stressAll: server.stressNgAll ?? 0)
  }
}
