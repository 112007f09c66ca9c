import Foundation
import Statistics
import Testing

@Suite struct SampleTests {
  @Test func keepsTheOrderOfObservation() throws {
    let sample = try Sample([3, 1, 2])
    #expect(sample.values == [3, 1, 2])
    #expect(sample.ordered == [1, 2, 3])
    #expect(sample.minimum == 1)
    #expect(sample.maximum == 3)
  }

  @Test func refusesWhatIsNoObservation() {
    #expect(throws: SampleError.empty) { try Sample([]) }
    #expect(throws: SampleError.notFinite(.infinity, index: 1)) { try Sample([1, .infinity]) }
    #expect(throws: SampleError.self) { try Sample([.nan]) }
  }

  @Test func isAPlainListInARecord() throws {
    let json = try JSONEncoder().encode(try Sample([3, 1.5]))
    #expect(String(decoding: json, as: UTF8.self) == "[3,1.5]")
    #expect(try JSONDecoder().decode(Sample.self, from: json).ordered == [1.5, 3])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Sample.self, from: Data("[]".utf8)) }
  }
}
