import KernelTiming
import Foundation
import KernelContract
import Records
import Reporting
import Statistics
import Testing
import inferometer

@Suite struct RoofTablesTests {
  /// The widest figures: three digits before their units, intervals of tens of percent, unsteady and uncertain.
  private static func figure(_ value: Double, steady: Bool = false) -> RoofFigure {
    let half = steady ? 0.005 : 0.48
    return RoofFigure(
      estimate: Estimate(
        value, Interval(low: value * (1 - half), high: value * (1 + half / 2), level: 0.95), method: .orderStatistics,
        warnings: steady ? [] : [Warning(code: "unsteady", message: "")]), best: value)
  }

  private static let roofs = Roofs(
    time: "2026-01-31T09:30:00Z",
    compute: [1, 128].flatMap { threads in
      [ActivationFormat.f32, .int8].map {
        Roofs.Compute(
          probe: "", type: $0, isa: .avx512vnni, threads: threads, flopsPerSecond: figure(163.4e9 * Double(threads)))
      }
    },
    bandwidth: ["L1", "memory"].flatMap { level in
      StreamProbe.Traffic.allCases.flatMap { traffic in
        [1, 2, 4, 8].map {
          Roofs.Bandwidth(
            level: level, traffic: traffic, threads: 128, streams: $0, bytesPerThread: 629_145_600, isCertain: false,
            bytesPerSecond: figure(123.4e9))
        }
      }
    },
    latency: [Roofs.Latency(level: "L1", bytes: 24_576, isCertain: true, latencySeconds: figure(1.67e-9, steady: true))]
  )

  @Test func tablesFit80ColumnsWhole() {
    let lines = RoofTables.all(Self.roofs).flatMap { $0.table.lines(width: 80, style: .plain) }
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(!lines.contains { $0.contains("…") })
    let text = lines.joined(separator: "\n")
    for cell in ["163 GFLOP/s ±48 %*", "20.9 TOP/s ±48 %*", "123 ±48 %*", "memory? 629 MB", "1.67 ns ±0.5 %"] {
      #expect(text.contains(cell), "\(cell)")
    }
    #expect(RoofTables.remarks(Self.roofs).contains("caches may have helped"))
  }

  @Test func unitsStandInTheKeys() throws {
    let json = try RecordCoding.encode(Self.roofs)
    let object = try #require(JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
    func keys(_ name: String) -> Set<String> { Set(((object[name] as? [[String: Any]])?.first ?? [:]).keys) }
    #expect(keys("compute").isSuperset(of: ["flops_per_second", "isa", "type", "threads"]))
    #expect(keys("bandwidth").isSuperset(of: ["bytes_per_second", "bytes_per_thread", "level", "streams", "traffic"]))
    #expect(keys("latency").isSuperset(of: ["latency_seconds", "bytes"]))
  }
}
