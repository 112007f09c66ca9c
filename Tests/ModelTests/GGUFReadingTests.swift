import KernelContract
import Model
import TestSupport
import Testing

@Suite struct GGUFReadingTests {
  @Test func everyValueTypeIsRead() throws {
    var writer = GGUFWriter()
    writer["u8"] = .uint8(200)
    writer["i8"] = .int8(-5)
    writer["u16"] = .uint16(60000)
    writer["i16"] = .int16(-300)
    writer["u32"] = .uint32(4_000_000_000)
    writer["i32"] = .int32(-70000)
    writer["u64"] = .uint64(1 << 40)
    writer["i64"] = .int64(-(1 << 40))
    writer["f32"] = .float32(0.5)
    writer["f64"] = .float64(1e-300)
    writer["yes"] = .bool(true)
    writer["text"] = .text("häh\n")
    let file = try GGUFFile(bytes: writer.bytes(), name: "t")
    let metadata = file.metadata
    #expect(metadata.keys == ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64", "yes", "text"])
    #expect(
      try ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64"].map { try metadata.integer($0) }
        == [200, -5, 60000, -300, 4_000_000_000, -70000, 1 << 40, -(1 << 40)])
    #expect(try metadata.float("f32") == 0.5)
    #expect(try metadata.float("f64") == 1e-300)
    #expect(try metadata.float("i8") == -5)
    #expect(try metadata.bool("yes"))
    #expect(try metadata.string("text") == "häh\n")
    #expect(try metadata.optionalString("absent") == nil)
  }

  @Test func arraysAreRead() throws {
    var writer = GGUFWriter()
    writer["words"] = .array(type: 8, [.text("a"), .string([0xFF, 0xFE]), .text(""), .text("xyz")])
    writer["scores"] = .floats([0, -1.5])
    writer["types"] = .integers([1, -2, 3])
    writer["bytes"] = .array(type: 0, [.uint8(7), .uint8(255)])
    writer["flags"] = .array(type: 7, [.bool(true), .bool(false)])
    writer["none"] = .strings([])
    writer["nested"] = .array(type: 9, [.strings(["p", "q"]), .integers([4])])
    let metadata = try GGUFFile(bytes: writer.bytes(), name: "t").metadata
    let words = try metadata.strings("words")
    #expect(words.count == 4)
    #expect(words.map { $0 } == ["a", "\u{FFFD}\u{FFFD}", "", "xyz"])
    #expect(words.bytes(at: 1) == [0xFF, 0xFE])
    #expect(words.length(at: 3) == 3)
    #expect(try metadata.floats("scores") == [0, -1.5])
    #expect(try metadata.integers("types") == [1, -2, 3])
    #expect(try metadata.integers("bytes") == [7, 255])
    #expect(try metadata.bools("flags") == [true, false])
    #expect(try metadata.strings("none").isEmpty)
    guard case .array(let nested)? = metadata["nested"], case .array(let inner)? = try nested.values().last else {
      Issue.record("nested is not an array of arrays")
      return
    }
    #expect(inner.count == 1)
    guard case .signed(4)? = try inner.values().first else {
      Issue.record("the inner element is not 4")
      return
    }
  }

  @Test(arguments: [8, 32, 256]) func tensorsAreFoundWhereTheAlignmentPutsThem(alignment: Int) throws {
    var writer = GGUFWriter()
    writer.alignment = alignment
    writer["general.alignment"] = .uint32(UInt32(alignment))
    writer.tensors = [
      .init("a", dimensions: [3], floats: [1, 2, 3]),
      .init("b", dimensions: [32, 2], type: WeightFormat.q8_0.ggufType, bytes: Array(0..<68)),
    ]
    let file = try GGUFFile(bytes: writer.bytes(), name: "t")
    #expect(file.parts[0].dataOffset % alignment == 0)
    let a = try #require(file.tensor("a"))
    let b = try #require(file.tensor("b"))
    #expect(a.dimensions == [3] && a.format == .f32 && a.byteCount == 12)
    #expect(b.dimensions == [32, 2] && b.format == .q8_0 && b.byteCount == 68)
    // a takes 12 bytes, b starts at the next multiple of the alignment: 16, 32, 256.
    #expect(b.offset - a.offset == (alignment == 8 ? 16 : alignment))
    #expect(Array(file.bytes(of: b)) == Array(0..<68))
    #expect(file.tensor("c") == nil)
  }

  @Test(arguments: [UInt32(2), 3]) func bothVersionsAreRead(version: UInt32) throws {
    var writer = GGUFWriter()
    writer.version = version
    writer["k"] = .bool(false)
    let file = try GGUFFile(bytes: writer.bytes(), name: "t")
    #expect(file.parts[0].version == Int(version))
    #expect(try !file.metadata.bool("k"))
  }

  @Test(.enabled(if: RealModels.gemma3 != nil)) func aRealVocabularyIsReadFromItsFile() throws {
    let file = try GGUFFile(path: try #require(RealModels.gemma3))
    let tokens = try file.metadata.strings("tokenizer.ggml.tokens")
    #expect(tokens.count == 262_144)
    #expect(tokens[2] == "<bos>")
    let embedding = try #require(file.tensor("token_embd.weight"))
    #expect(embedding.dimensions == [640, 262_144])
    #expect(file.bytes(of: embedding).count == embedding.byteCount)
  }
}
