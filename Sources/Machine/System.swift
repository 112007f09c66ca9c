import CMachine

/// Facts about the system around the processors.
enum System {
  static func kernelRelease(_ files: SystemFiles) -> Finding<String> {
    Finding { try files.line("/proc/sys/kernel/osrelease") }
  }

  static func name(_ files: SystemFiles) -> Finding<String> {
    Finding {
      let paths = ["/etc/os-release", "/usr/lib/os-release"]
      let path = paths.first(where: files.exists) ?? paths[0]
      let key = "PRETTY_NAME="
      guard let line = try files.lines(path).first(where: { $0.hasPrefix(key) }) else {
        throw Absence(.missing, "\(path) has no line \(key)")
      }
      return printable(line.dropFirst(key.count).filter { $0 != "\"" })
    }
  }

  static func product(_ files: SystemFiles) -> Finding<String> {
    Finding {
      let maker = try files.line("/sys/class/dmi/id/sys_vendor")
      return try "\(maker) \(files.line("/sys/class/dmi/id/product_name"))"
    }
  }

  static func hypervisor(_ files: SystemFiles, flags: Set<String>) -> String? {
    if let type = try? files.line("/sys/hypervisor/type") { return type }
    guard flags.contains("hypervisor") else { return nil }
    return files.isRunningSystem ? signature() ?? unnamed : unnamed
  }

  private static let unnamed = "unnamed"

  /// Twelve letters in EBX, ECX and EDX of leaf 0x4000_0000, such as `KVMKVMKVM`.
  private static func signature() -> String? {
    let hypervisorPresent = machine_cpuid(1, 0).ecx >> 31 & 1 == 1
    guard hypervisorPresent else { return nil }
    let leaf = machine_cpuid(0x4000_0000, 0)
    let letters = [leaf.ebx, leaf.ecx, leaf.edx].flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
    }
    let text = printable(String(decoding: letters, as: UTF8.self))
    let names = [
      "KVMKVMKVM": "KVM", "Microsoft Hv": "Hyper-V", "VMwareVMware": "VMware", "XenVMMXenVMM": "Xen",
      "TCGTCGTCGTCG": "QEMU TCG", "bhyve bhyve": "bhyve", "ACRNACRNACRN": "ACRN",
    ]
    return names[text] ?? (text.isEmpty ? nil : text)
  }

  static func stealTicks(_ files: SystemFiles) -> Finding<Int> {
    Finding { try ProcessorTicks.read(files, processors: nil).steal }
  }

  static func loadAverage(_ files: SystemFiles) -> Finding<[Double]> {
    Finding {
      let line = try files.line("/proc/loadavg")
      let loads = line.split(separator: " ").prefix(3).compactMap { Double($0) }.filter { $0.isFinite && $0 >= 0 }
      guard loads.count == 3 else { throw Absence(.malformed, "/proc/loadavg: \"\(line)\" is not three loads") }
      return loads
    }
  }
}
