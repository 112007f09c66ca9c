import KernelContract

/// A tensor's entry in a GGUF file.
package struct GGUFTensor: Sendable, Equatable {
  package let name: String
  package let format: WeightFormat
  /// GGUF's order: the first is the length of a row.
  package let dimensions: [Int]
  package let byteCount: Int
  /// From the start of the file that holds it; in an entry that has just been read, from the start of the data.
  package let offset: Int

  func moved(by distance: Int) -> GGUFTensor {
    GGUFTensor(name: name, format: format, dimensions: dimensions, byteCount: byteCount, offset: offset + distance)
  }
}

/// Names of tensor types that a file may hold and this program does not compute with, by GGUF type number.
/// Source: `ggml_type` in the GGUF specification; the numbers left out were never released or were withdrawn.
let unsupportedTensorTypes: [UInt32: String] = [
  9: "Q8_1", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 21: "IQ3_S", 22: "IQ2_S",
  23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0",
]

extension GGUFCursor {
  /// More bytes than any file has, so that sums of a few of them cannot overflow.
  private static let byteLimit = 1 << 60

  /// The next tensor entry, its offset still relative to the data, which is not yet known to be there.
  mutating func tensor(index: Int, of count: Int, alignment: Int) throws(GGUFError) -> GGUFTensor {
    let name = try string("name of tensor \(index) of \(count)")
    let field = "tensor '\(oneLine(name))'"
    guard !name.isEmpty else { throw failure("tensor \(index) of \(count)", "has an empty name") }
    let rank = try integer(UInt32.self, field)
    guard (1...4).contains(rank) else { throw failure(field, "has \(rank) dimensions; 1 to 4 are possible") }
    var dimensions: [Int] = []
    var elements = 1
    for axis in 0..<rank {
      let length = try integer(UInt64.self, field)
      guard length > 0, let length = Int(exactly: length) else {
        throw failure(field, "has the length \(length) in dimension \(axis)")
      }
      let (product, overflow) = elements.multipliedReportingOverflow(by: length)
      guard !overflow, product < Self.byteLimit else { throw failure(field, "has more elements than can be counted") }
      elements = product
      dimensions.append(length)
    }
    let format = try format(integer(UInt32.self, field), field)
    guard dimensions[0] % format.blockLength == 0 else {
      throw failure(
        field,
        "has rows of \(dimensions[0]) weights, not a whole number of \(format.rawValue) blocks of \(format.blockLength)"
      )
    }
    let (byteCount, overflow) = (elements / format.blockLength).multipliedReportingOverflow(by: format.blockBytes)
    guard !overflow, byteCount < Self.byteLimit else { throw failure(field, "has more bytes than can be counted") }
    let offset = try integer(UInt64.self, field)
    guard offset % UInt64(alignment) == 0 else {
      throw failure(field, "starts at offset \(offset), not a multiple of the file's alignment of \(alignment)")
    }
    guard offset < UInt64(Self.byteLimit) else { throw failure(field, "starts at offset \(offset), past any file") }
    return GGUFTensor(name: name, format: format, dimensions: dimensions, byteCount: byteCount, offset: Int(offset))
  }

  private func format(_ number: UInt32, _ field: String) throws(GGUFError) -> WeightFormat {
    if let format = WeightFormat(ggufType: number) { return format }
    let supported = WeightFormat.allCases.map(\.rawValue).joined(separator: " ")
    let type = unsupportedTensorTypes[number].map { "\(number) (\($0))" } ?? "\(number)"
    throw failure(field, "has the unsupported type \(type); supported: \(supported)")
  }
}
