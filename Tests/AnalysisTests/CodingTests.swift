import Analysis
import CostCurves
import Pricing
import Records
import Statistics
import Testing

/// What is written with the records' keys is read with them.
@Suite struct CodingTests {
  private func survives<Value: Codable & Equatable>(_ value: Value) throws -> Bool {
    try RecordCoding.decode(Value.self, from: RecordCoding.encode(value)) == value
  }

  @Test func curvesAndPricesSurviveARecord() throws {
    var random = SplitMix64(seed: 5)
    let points = [10, 50, 100, 150, 200, 400].map { x in
      let place = Place(context: x)
      return Point(
        Growth().demand(of: place), cost: (1 + 0.01 * Double(x)) * (1 + 0.01 * Normal.quantile(random.unit())),
        place: place)
    }
    let curve = try Curve.fit(points, families: Family.decode)
    let curves = TokenCurves(prefill: curve, decode: curve, batch: curve, sampling: .exact(0.001))
    let tariff = try Tariff(price: HostPrice(dollarsPerHour: 1, low: 0.5, high: 2, source: .given), utilisation: 0.5)
    #expect(try survives(curves))
    #expect(try survives(tariff))
    #expect(try survives(TaskPrice(curves, tariff, TaskLengths(input: 0, output: 1))))
    let json = String(decoding: try RecordCoding.encode(tariff), as: UTF8.self)
    #expect(json.contains("\"low_dollars_per_hour\":0.5"))
  }
}
