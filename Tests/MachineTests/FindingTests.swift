import Foundation
import Machine
import Testing

@Suite struct FindingTests {
  @Test func isABareValueInJSONOrTheReason() throws {
    let findings: [Finding<Int>] = [.found(7), .absent("not here")]
    let data = try JSONEncoder().encode(findings)
    #expect(String(decoding: data, as: UTF8.self) == #"[7,{"absent":"not here"}]"#)
    #expect(try JSONDecoder().decode([Finding<Int>].self, from: data) == findings)
  }

  @Test(arguments: [#"["7"]"#, #"[{}]"#, #"[{"absent":7}]"#, #"[null]"#])
  func refusesOtherJSON(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([Finding<Int>].self, from: Data(text.utf8)) }
  }

  @Test func keepsTheReasonThroughWhatIsDerived() {
    #expect(Finding<Int>.absent("why").map { $0 + 1 } == .absent("why"))
    #expect(Finding.found(1).map { $0 + 1 } == .found(2))
    let refused: Finding<Int> = Finding.found(1).map { _ in throw Absence(.malformed, "no") }
    #expect(refused == .absent("no"))
  }
}
