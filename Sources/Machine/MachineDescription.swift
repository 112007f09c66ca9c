/// What this computer is: everything that a measurement's reader must know to place it.
package struct MachineDescription: Codable, Equatable, Sendable {
  package var modelName: String
  package var vendor: String
  /// Family, model and stepping as the processor states them; a hypervisor may state another processor's.
  package var family: Finding<Int>
  package var model: Finding<Int>
  package var stepping: Finding<Int>
  /// The newest design whose marks the features bear, such as `sapphire-rapids`; a hypervisor may hide some.
  package var microarchitecture: String
  /// As `/proc/cpuinfo` spells them, without underscores.
  package var features: [String]
  package var permitted: Permitted

  /// The number of processors that this process may use.
  package var processors: Int
  package var processorList: [Int]
  /// The number of processors that the machine has running, whoever may use them; nil where it is not known, as in
  /// descriptions that version 0.1 wrote.
  package var onlineProcessors: Int?
  package var sockets: Finding<Int>
  package var cores: Finding<Int>
  package var threadsPerCore: Finding<Int>
  package var caches: [Cache]
  package var numaNodes: Finding<[NUMANode]>

  package var memoryBytes: Finding<Int>
  /// The mode of transparent huge pages: `always`, `madvise` or `never`.
  package var hugePages: Finding<String>
  package var controlGroup: ControlGroup
  package var frequency: Frequency

  package var kernelRelease: Finding<String>
  package var operatingSystem: Finding<String>
  /// Nil where the processor says that it is not virtual.
  package var hypervisor: String?
  /// The maker and the name of the computer, or of the cloud's instance type.
  package var product: Finding<String>

  /// Time that the hypervisor gave to others since the machine started, in clock ticks.
  package var stealTicks: Finding<Int>
  /// Runnable tasks, averaged over 1, 5 and 15 minutes.
  package var loadAverage: Finding<[Double]>

  package var sensors: [Sensor]

  /// A short name that may be part of a file's name.
  package var slug: String
  /// Equal on machines that should perform alike: a hash of model, features, caches, topology and size of memory.
  package var fingerprint: String

  /// What the kernel lets this process use beyond what the processor supports.
  package struct Permitted: Codable, Equatable, Sendable {
    package var amx: Finding<Bool>
  }

  package struct Cache: Codable, Equatable, Sendable {
    package var level: Int
    /// `Data`, `Instruction` or `Unified`.
    package var kind: String
    package var bytes: Int
    package var lineBytes: Finding<Int>
    /// How many processors share one of them.
    package var sharedBy: Int
    package var instances: Int

    package init(
      level: Int, kind: String, bytes: Int, lineBytes: Finding<Int>, sharedBy: Int, instances: Int
    ) {
      self.level = level
      self.kind = kind
      self.bytes = bytes
      self.lineBytes = lineBytes
      self.sharedBy = sharedBy
      self.instances = instances
    }

    enum CodingKeys: String, CodingKey {
      case level, kind, bytes, instances
      case lineBytes = "line_bytes"
      case sharedBy = "shared_by"
    }
  }

  package struct NUMANode: Codable, Equatable, Sendable {
    package var node: Int
    /// Empty for a node that has memory only.
    package var processors: [Int]
    package var memoryBytes: Finding<Int>

    enum CodingKeys: String, CodingKey {
      case node, processors
      case memoryBytes = "memory_bytes"
    }
  }

  enum CodingKeys: String, CodingKey {
    case vendor, family, model, stepping, microarchitecture, features, permitted, processors, sockets, cores, caches
    case frequency, hypervisor, product, sensors, slug, fingerprint
    case modelName = "model_name"
    case processorList = "processor_list"
    case onlineProcessors = "online_processors"
    case threadsPerCore = "threads_per_core"
    case numaNodes = "numa_nodes"
    case memoryBytes = "memory_bytes"
    case hugePages = "huge_pages"
    case controlGroup = "control_group"
    case kernelRelease = "kernel_release"
    case operatingSystem = "operating_system"
    case stealTicks = "steal_ticks"
    case loadAverage = "load_average"
  }
}

extension MachineDescription {
  /// The data cache of highest level, if any is known: what a measurement of memory must exceed.
  package var lastLevelCache: Cache? {
    caches.filter { $0.kind != "Instruction" }.max { ($0.level, $0.bytes) < ($1.level, $1.bytes) }
  }
}
