import Glibc
import Machine
import Quantities

/// What a report says of the machine: the facts that a reader needs to place the figures, and nothing to measure with.
package struct MachineCard: Codable, Sendable, Hashable {
  package var name: String
  package var microarchitecture: String
  /// Processors that the measuring process was allowed to use.
  package var processors: Int
  /// Processors of the machine; nil where it was not noted.
  package var onlineProcessors: Int?
  package var sockets: Int?
  package var cores: Int?
  package var threadsPerCore: Int?
  package var caches: [Cache]
  package var memoryBytes: Bytes?
  /// The instruction sets that kernels can be made for, narrowest first.
  package var instructionSets: [String]
  package var hypervisor: String?
  package var kernelRelease: String?
  package var operatingSystem: String?
  package var governor: String?
  /// Processors' worth of time that a quota allows, where there is one.
  package var processorQuota: Double?
  /// Names of the energy sensors that can be read and counted.
  package var energySensors: [String]
  package var energyAbsentReason: String?
  package var slug: String
  package var fingerprint: String

  package init(
    name: String, microarchitecture: String, processors: Int, onlineProcessors: Int? = nil, sockets: Int? = nil,
    cores: Int? = nil,
    threadsPerCore: Int? = nil, caches: [Cache] = [], memoryBytes: Bytes? = nil, instructionSets: [String] = [],
    hypervisor: String? = nil, kernelRelease: String? = nil, operatingSystem: String? = nil, governor: String? = nil,
    processorQuota: Double? = nil, energySensors: [String] = [], energyAbsentReason: String? = nil, slug: String,
    fingerprint: String
  ) {
    self.name = name
    self.microarchitecture = microarchitecture
    self.processors = processors
    self.onlineProcessors = onlineProcessors
    self.sockets = sockets
    self.cores = cores
    self.threadsPerCore = threadsPerCore
    self.caches = caches
    self.memoryBytes = memoryBytes
    self.instructionSets = instructionSets
    self.hypervisor = hypervisor
    self.kernelRelease = kernelRelease
    self.operatingSystem = operatingSystem
    self.governor = governor
    self.processorQuota = processorQuota
    self.energySensors = energySensors
    self.energyAbsentReason = energyAbsentReason
    self.slug = slug
    self.fingerprint = fingerprint
  }

  package struct Cache: Codable, Sendable, Hashable {
    package var level: Int
    package var kind: String
    package var bytes: Bytes
    package var sharedBy: Int

    package init(level: Int, kind: String, bytes: Bytes, sharedBy: Int) {
      self.level = level
      self.kind = kind
      self.bytes = bytes
      self.sharedBy = sharedBy
    }
  }
}

extension MachineCard {
  private static let kernelFeatures = [
    "avx2", "avx512f", "avx512vnni", "avx512bf16", "avx512fp16", "amxbf16", "amxint8", "asimd", "sve",
  ]

  package init(_ machine: MachineDescription) {
    let usable = machine.sensors.filter(\.isUsable).map(\.name)
    // That a package's counter cannot be read tells more than that another must not be added to it.
    let reasons =
      machine.sensors.compactMap { sensor in sensor.reading.reason.map { "\(sensor.name): \($0)" } }
      + machine.sensors.compactMap { sensor in sensor.excluded.map { "\(sensor.name): \($0)" } }
    self.init(
      name: machine.modelName, microarchitecture: machine.microarchitecture, processors: machine.processors,
      onlineProcessors: machine.onlineProcessors, sockets: machine.sockets.value, cores: machine.cores.value,
      threadsPerCore: machine.threadsPerCore.value,
      caches: machine.caches.filter { $0.kind != "Instruction" }.map {
        Cache(level: $0.level, kind: $0.kind, bytes: Bytes(Double($0.bytes)), sharedBy: $0.sharedBy)
      },
      memoryBytes: machine.memoryBytes.value.map { Bytes(Double($0)) },
      instructionSets: Self.kernelFeatures.filter(machine.features.contains), hypervisor: machine.hypervisor,
      kernelRelease: machine.kernelRelease.value, operatingSystem: machine.operatingSystem.value,
      governor: machine.frequency.governor.value, processorQuota: machine.controlGroup.processorQuota.value,
      energySensors: usable, energyAbsentReason: usable.isEmpty ? reasons.first ?? "no energy sensor was found" : nil,
      slug: machine.slug, fingerprint: machine.fingerprint)
  }
}

extension ResultsDirectory {
  package func writeMachine(_ machine: MachineDescription) throws(RecordError) {
    do {
      try write(RecordCoding.encode(machine, keys: .asDeclared, pretty: true) + [0x0A], to: "machine.json")
    } catch {
      throw error as? RecordError ?? RecordError(file: self.machine, reason: "\(error)")
    }
  }

  package var hasMachine: Bool { access(machine, F_OK) == 0 }

  package func readMachine() throws(RecordError) -> MachineDescription {
    let json = try contents(of: "machine.json")
    do {
      return try RecordCoding.decode(MachineDescription.self, from: json, keys: .asDeclared)
    } catch {
      throw RecordError(file: machine, reason: RecordCoding.reason(of: error))
    }
  }

  /// The command that was written down, on one line; nil where there is none.
  package func readCommand() -> String? {
    guard let bytes = try? contents(of: "command.txt") else { return nil }
    return String(decoding: bytes.prefix(64 << 10).prefix { $0 != 0x0A }, as: UTF8.self)
  }
}
