import Foundation
import KernelContract
import KernelReference
import Testing

@Suite struct BlockFormatTests {
  /// Blocks and their values from the Python package `gguf`, an independent reading of the formats.
  @Test(arguments: WeightFormat.allCases.filter { $0 != .f32 })
  func agreesWithTheFormatsPythonReader(format: WeightFormat) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/blocks")
    let blocks = try Data(contentsOf: folder.appending(path: "\(format.rawValue).bin"))
    let expected = try Data(contentsOf: folder.appending(path: "\(format.rawValue).f32"))
    let count = blocks.count / format.blockBytes * format.blockLength
    #expect(expected.count == count * 4)
    blocks.withUnsafeBytes { raw in
      expected.withUnsafeBytes { values in
        for i in 0..<count {
          let value = BlockFormats.weight(format, row: raw.baseAddress!, index: i)
          let reference = values.loadUnaligned(fromByteOffset: i * 4, as: Float.self)
          // The K formats multiply in another order: two roundings apart at most, on the parts that are subtracted.
          let close = abs(value - reference) <= 4 * max(abs(value), abs(reference), 1e-30) * 0x1p-23
          #expect(value == reference || close || (value.isNaN && reference.isNaN), "\(format) weight \(i)")
        }
      }
    }
  }
}
