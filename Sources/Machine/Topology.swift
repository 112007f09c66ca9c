/// Sockets, cores and caches, counted over the processors that are online.
struct Topology {
  let sockets: Finding<Int>
  let cores: Finding<Int>
  let threadsPerCore: Finding<Int>
  let caches: [MachineDescription.Cache]

  init(_ files: SystemFiles, processors: [Int]) {
    let processors = processors.prefix(4096).map { "/sys/devices/system/cpu/cpu\($0)" }
    sockets = Finding {
      Set(try processors.map { try files.natural("\($0)/topology/physical_package_id") }).count
    }.map(Self.positive)
    // The threads of one core are one set; core numbers repeat from die to die.
    let siblings = Finding {
      Set(try processors.map { try ProcessorList.parse(files.line("\($0)/topology/thread_siblings_list")) })
    }
    cores = siblings.map { try Self.positive($0.count) }
    threadsPerCore = siblings.map { try Self.positive($0.map(\.count).max() ?? 0) }
    caches = Self.caches(files, processors)
  }

  private static func positive(_ count: Int) throws -> Int {
    guard count > 0 else { throw Absence(.missing, "no processor is known to be online") }
    return count
  }

  private static func caches(_ files: SystemFiles, _ processors: [String]) -> [MachineDescription.Cache] {
    struct Instance: Hashable {
      let level: Int, kind: String, bytes: Int, sharers: [Int]
    }
    var instances: [Instance: Finding<Int>] = [:]
    for processor in processors {
      for index in 0..<16 {
        let directory = "\(processor)/cache/index\(index)"
        guard files.exists(directory) else { break }
        guard let level = try? files.natural("\(directory)/level"), let kind = try? files.line("\(directory)/type"),
          let bytes = try? size(files.line("\(directory)/size")),
          let sharers = try? ProcessorList.parse(files.line("\(directory)/shared_cpu_list"))
        else { continue }
        instances[Instance(level: level, kind: kind, bytes: bytes, sharers: sharers)] = Finding {
          try files.natural("\(directory)/coherency_line_size")
        }
      }
    }
    var caches: [MachineDescription.Cache] = []
    for (instance, line) in instances {
      let same = caches.firstIndex {
        $0.level == instance.level && $0.kind == instance.kind && $0.bytes == instance.bytes
          && $0.sharedBy == instance.sharers.count
      }
      if let same {
        caches[same].instances += 1
      } else {
        caches.append(
          MachineDescription.Cache(
            level: instance.level, kind: instance.kind, bytes: instance.bytes, lineBytes: line,
            sharedBy: instance.sharers.count, instances: 1))
      }
    }
    return caches.sorted { ($0.level, $0.kind, $0.bytes, $0.sharedBy) < ($1.level, $1.kind, $1.bytes, $1.sharedBy) }
  }

  /// `48K`, `2M`, `512`.
  static func size(_ text: String) throws -> Int {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = text.last.flatMap { units[$0] }
    let digits = unit == nil ? text[...] : text.dropLast()
    guard let count = Int(digits), count > 0 else { throw Absence(.malformed, "\"\(text)\" is not a size") }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: unit ?? 1)
    guard !overflow else { throw Absence(.malformed, "\"\(text)\" is not a size") }
    return bytes
  }
}
