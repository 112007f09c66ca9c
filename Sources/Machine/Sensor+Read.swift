extension Sensor {
  /// A way to read the sensor again and again, in joules or watts. What cannot be read throws its `Absence`.
  package func reader(_ files: SystemFiles) throws -> @Sendable () throws -> Double {
    if let counter {
      let open = try counter.open()
      return { try open.joules() }
    }
    guard let path else { throw Absence(.missing, reading.reason ?? "there is no \(kind.rawValue) sensor") }
    if kind == .battery, let slash = path.lastIndex(of: "/") {
      let directory = String(path[..<slash])
      return { try Self.watts(files, battery: directory) }
    }
    return { Double(try files.natural(path)) / 1e6 }
  }
}
