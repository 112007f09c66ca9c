extension MachineDescription {
  /// What the control groups that this process is in allow it.
  package struct ControlGroup: Codable, Equatable, Sendable {
    /// 1 or 2: the hierarchy that schedules processors.
    package var version: Finding<Int>
    /// The lowest quota on the way up, in processors: 1.5 is one and a half processors' time.
    package var processorQuota: Finding<Double>
    package var memoryLimitBytes: Finding<Int>

    enum CodingKeys: String, CodingKey {
      case version
      case processorQuota = "processor_quota"
      case memoryLimitBytes = "memory_limit_bytes"
    }
  }
}

extension MachineDescription.ControlGroup {
  init(_ files: SystemFiles) {
    let processor = Finding { try ControlGroupPath(files, controller: "cpu") }
    version = processor.map(\.version)
    processorQuota = processor.map { path in
      let quotas = path.ancestry.compactMap { path.version == 2 ? Self.quota2(files, $0) : Self.quota1(files, $0) }
      guard let lowest = quotas.min() else { throw Absence(.missing, "no quota of processor time is set") }
      return lowest
    }
    memoryLimitBytes = Finding { try ControlGroupPath(files, controller: "memory") }.map { path in
      let name = path.version == 2 ? "memory.max" : "memory.limit_in_bytes"
      // Version 1 writes "none" as the largest number of pages.
      let limits = path.ancestry.compactMap { try? files.natural("\($0)/\(name)") }.filter { $0 < 1 << 60 }
      guard let lowest = limits.min() else { throw Absence(.missing, "no limit of memory is set") }
      return lowest
    }
  }

  /// `200000 100000`: microseconds of processor time in each period; `max` where there is none.
  private static func quota2(_ files: SystemFiles, _ directory: String) -> Double? {
    let words = (try? files.line("\(directory)/cpu.max"))?.split(separator: " ") ?? []
    guard words.count == 2 else { return nil }
    return quota(Int(words[0]), Int(words[1]))
  }

  private static func quota1(_ files: SystemFiles, _ directory: String) -> Double? {
    quota(try? files.integer("\(directory)/cpu.cfs_quota_us"), try? files.integer("\(directory)/cpu.cfs_period_us"))
  }

  private static func quota(_ time: Int?, _ period: Int?) -> Double? {
    guard let time, let period, time > 0, period > 0 else { return nil }
    return Double(time) / Double(period)
  }
}

/// Where the files of a controller lie for this process.
package struct ControlGroupPath: Equatable, Sendable {
  package let version: Int
  /// The group's directory and those above it, the innermost first.
  package let ancestry: [String]

  package init(_ files: SystemFiles, controller: String) throws {
    let groups = try files.lines("/proc/self/cgroup", limit: 1 << 18).map { line in
      line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    }.filter { $0.count == 3 }
    // hierarchy:controllers:path, where version 2 has neither number nor controllers.
    let first = groups.first { $0[1].split(separator: ",").contains { $0 == controller } }
    guard let group = first ?? groups.first(where: { $0[0] == "0" && $0[1].isEmpty }) else {
      throw Absence(.missing, "/proc/self/cgroup names no group for \(controller)")
    }
    version = first == nil ? 2 : 1
    let mount = try Mount.find(files, version: version, controller: controller)
    ancestry = try Self.ancestry(mount, path: String(group[2]))
  }

  private static func ancestry(_ mount: Mount, path: String) throws -> [String] {
    // Inside a container the mount may show a part of the tree only, which the path then begins with.
    let inner = mount.root != "/" && path.hasPrefix(mount.root) ? String(path.dropFirst(mount.root.count)) : path
    var parts = inner.split(separator: "/")
    guard !parts.contains(".."), parts.count < 64 else {
      throw Absence(.unreadable, "the control group \(printable(path)) lies outside what this process may see")
    }
    var directories: [String] = []
    while !parts.isEmpty {
      directories.append(mount.point + "/" + parts.joined(separator: "/"))
      parts.removeLast()
    }
    return directories + [mount.point]
  }

  private struct Mount {
    let point: String
    let root: String

    /// A line of mountinfo: `31 24 0:28 ROOT POINT OPTIONS [FIELDS] - TYPE SOURCE SUPEROPTIONS`.
    static func find(_ files: SystemFiles, version: Int, controller: String) throws -> Mount {
      for line in try files.lines("/proc/self/mountinfo", limit: 1 << 22) {
        let words = line.split(separator: " ")
        guard words.count >= 10, let dash = words.firstIndex(of: "-"), words.count > dash + 3 else { continue }
        let matches =
          version == 2
          ? words[dash + 1] == "cgroup2"
          : words[dash + 1] == "cgroup" && words[dash + 3].split(separator: ",").contains { $0 == controller }
        if matches { return Mount(point: String(words[4]), root: String(words[3])) }
      }
      throw Absence(.missing, "no control group file system of version \(version) with \(controller) is mounted")
    }
  }
}
