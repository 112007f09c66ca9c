import Analysis
import Records
import Reporting
import TestSupport
import Testing

@Suite struct MutationTests {
  /// Whatever happens to a byte of the file, it is refused in one line or reported in lines that fit.
  @Test func anEditedFileIsRefusedOrReported() throws {
    let runs = [
      SampleCampaign.prefill(32), SampleCampaign.prefill(64), SampleCampaign.decode(context: 0, steps: 2),
      SampleCampaign.decode(context: 64, steps: 2),
    ]
    let valid: [UInt8] = try runs.reduce(into: []) { $0 += try RecordCoding.encode($1) + [0x0A] }
    let edits = Array("0123456789-+.eE\"\\{}[]:,nul \n\u{1b}".utf8) + [0x00, 0x80, 0xFF]
    let tree = FakeTree()
    var generator = SeededGenerator(seed: 2)
    var refused = 0
    for round in 0..<500 {
      var bytes = valid
      for _ in 0...Int.random(in: 0...1, using: &generator) {
        let place = Int.random(in: bytes.indices, using: &generator)
        let edit = try #require(edits.randomElement(using: &generator))
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(edit, at: place)
        case 2: bytes.removeSubrange(place...)
        default: bytes[place] = edit
        }
        if bytes.isEmpty { break }
      }
      tree.write("/runs.jsonl", bytes: bytes)
      do {
        let summary = SummaryBuilder.summary(of: try Results.load(tree.root))
        let text = screen(summary) + markdown(summary)
        #expect(!text.contains("\u{1b}") && !text.contains("nan"), "round \(round)")
        _ = try summary.json()
      } catch let error as RecordError {
        refused += 1
        #expect(!error.description.contains("\n"), "round \(round)")
      }
    }
    #expect(refused > 250)
  }
}
