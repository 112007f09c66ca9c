import Glibc
import Model
import TestSupport
import Testing

/// A broken file and what the reader says of it, after `name: `.
struct Broken: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  let message: String

  init(_ what: String, _ message: String, _ bytes: [UInt8]) {
    testDescription = what
    self.bytes = bytes
    self.message = message
  }

  /// The tiny model with a change.
  init(_ what: String, _ message: String, _ change: (inout GGUFWriter) -> Void) {
    var writer = TinyModel.llama()
    change(&writer)
    self.init(what, message, writer.bytes())
  }

  /// A file of one tensor.
  init(_ what: String, _ message: String, tensor: GGUFWriter.Tensor) {
    var writer = GGUFWriter()
    writer.tensors = [tensor]
    self.init(what, message, writer.bytes())
  }
}

@Suite struct GGUFHostileTests {
  static let headers = [
    Broken("no bytes", "header magic: needs 4 bytes at offset 0 but the file has only 0 left; is it truncated?", []),
    Broken("text", "header magic: is not 'GGUF'; this is not a GGUF file", Array("Hello, world".utf8)),
    Broken("swapped magic", "header magic: is byte-swapped; big-endian files are not supported") {
      $0.magic = Array("FUGG".utf8)
    },
    Broken("big-endian version", "header version: is byte-swapped; big-endian files are not supported") {
      $0.version = UInt32(3).byteSwapped
    },
    Broken("version 1", "header version: is 1; versions 2 and 3 are supported, convert the model again") {
      $0.version = 1
    },
    Broken("version 4", "header version: is 4; versions 2 and 3 are supported") { $0.version = 4 },
    Broken("version 0", "header version: is 0; versions 2 and 3 are supported") { $0.version = 0 },
    Broken("lying tensor count", "header tensor count: is 18446744073709551615, more than the") {
      $0.tensorCount = .max
    },
    Broken("lying metadata count", "header metadata count: is 9223372036854775808, more than the") {
      $0.metadataCount = 1 << 63
    },
    Broken("more keys than there are", "name of metadata key 15 of 16: needs") { $0.metadataCount = 16 },
    Broken("alignment 0", "metadata 'general.alignment': is 0; a power of two up to 1048576 is needed") {
      $0["general.alignment"] = .uint32(0)
    },
    Broken("alignment 48", "metadata 'general.alignment': is 48; a power of two up to 1048576 is needed") {
      $0["general.alignment"] = .uint32(48)
    },
    Broken("negative alignment", "metadata 'general.alignment': is -32; a power of two") {
      $0["general.alignment"] = .int64(-32)
    },
    Broken("huge alignment", "metadata 'general.alignment': is 2147483648; a power of two") {
      $0["general.alignment"] = .uint32(1 << 31)
    },
    Broken("textual alignment", "metadata 'general.alignment': is the string '32', not an integer") {
      $0["general.alignment"] = .text("32")
    },
  ]

  static let metadata = [
    Broken("duplicate key", "metadata 'general.name': is there twice") {
      $0.metadata.append(("general.name", .text("Again")))
    },
    Broken("empty key", "metadata key 14 of 15: has an empty name") { $0[""] = .bool(true) },
    Broken("unknown type", "metadata 'x': has the unknown value type 13") { $0["x"] = .raw(type: 13, []) },
    Broken("long string", "metadata 'x': needs 9223372036854775807 bytes at offset") {
      $0["x"] = .raw(type: 8, littleEndian(UInt64(Int64.max)))
    },
    Broken("overlong string", "metadata 'x': needs 18446744073709551615 bytes at offset") {
      $0["x"] = .raw(type: 8, littleEndian(UInt64.max))
    },
    Broken("long array", "metadata 'x': array length: is 4611686018427387904, more than the") {
      $0["x"] = .raw(type: 9, littleEndian(UInt32(10)) + littleEndian(UInt64(1) << 62))
    },
    Broken("array of unknown type", "metadata 'x': array element: has the unknown value type 4294967295") {
      $0["x"] = .raw(type: 9, littleEndian(UInt32.max) + littleEndian(UInt64(1)))
    },
    Broken("array of long strings", "metadata 'x'[1]: needs 1099511627776 bytes at offset") {
      $0["x"] = .raw(
        type: 9,
        littleEndian(UInt32(8)) + littleEndian(UInt64(2)) + littleEndian(UInt64(0)) + littleEndian(UInt64(1) << 40))
    },
    Broken("nesting", "metadata 'x'[0][0][0][0][0][0][0][0]: nests arrays deeper than 8 levels") {
      $0["x"] = (0..<100).reduce(.integers([1])) { inner, _ in .array(type: 9, [inner]) }
    },
    Broken("control characters", #"metadata 'a\nb\u{1B}': is there twice"#) {
      $0.metadata += [("a\nb\u{1B}", .bool(true)), ("a\nb\u{1B}", .bool(true))]
    },
  ]

  static let tensors = [
    Broken("empty name", "tensor 0 of 1: has an empty name", tensor: .init("", dimensions: [1], floats: [1])),
    Broken("duplicate tensor", "tensor 'output_norm.weight': is there twice") {
      $0.tensors.append(TinyModel.vector("output_norm.weight", 32))
    },
    Broken(
      "no dimension", "tensor 't': has 0 dimensions; 1 to 4 are possible",
      tensor: .init("t", dimensions: [], bytes: [UInt8](repeating: 0, count: 64))),
    Broken(
      "five dimensions", "tensor 't': has 5 dimensions; 1 to 4 are possible",
      tensor: .init("t", dimensions: [1, 1, 1, 1, 1], floats: [1])),
    Broken(
      "length 0", "tensor 't': has the length 0 in dimension 1", tensor: .init("t", dimensions: [4, 0], floats: [1])),
    Broken(
      "length above 63 bits", "tensor 't': has the length 9223372036854775808 in dimension 0",
      tensor: .init("t", dimensions: [1 << 63], floats: [1])),
    Broken(
      "overflowing product", "tensor 't': has more elements than can be counted",
      tensor: .init("t", dimensions: [1 << 32, 1 << 32], floats: [1])),
    Broken(
      "overflowing bytes", "tensor 't': has more bytes than can be counted",
      tensor: .init("t", dimensions: [1 << 59], floats: [1])),
    Broken(
      "more bytes than the file", "tensor 't': ends at byte",
      tensor: .init("t", dimensions: [1 << 40], floats: [1])),
    Broken(
      "half a block", "tensor 't': has rows of 48 weights, not a whole number of Q8_0 blocks of 32",
      tensor: .init("t", dimensions: [48, 2], type: 8, bytes: [UInt8](repeating: 0, count: 102))),
    Broken(
      "unsupported type", "tensor 't': has the unsupported type 16 (IQ2_XXS); supported: F32 F16",
      tensor: .init("t", dimensions: [256], type: 16, bytes: [UInt8](repeating: 0, count: 66))),
    Broken(
      "unknown type", "tensor 't': has the unsupported type 4096; supported: F32 F16",
      tensor: .init("t", dimensions: [256], type: 4096, bytes: [1])),
    Broken(
      "misaligned", "tensor 't': starts at offset 16, not a multiple of the file's alignment of 32",
      tensor: .init("t", dimensions: [1], bytes: [UInt8](repeating: 0, count: 64), offset: 16)),
    Broken(
      "far offset", "tensor 't': ends at byte",
      tensor: .init("t", dimensions: [1], bytes: [UInt8](repeating: 0, count: 64), offset: 1 << 40)),
    Broken(
      "offset past any file", "tensor 't': starts at offset 18446744073709551584, past any file",
      tensor: .init("t", dimensions: [1], bytes: [UInt8](repeating: 0, count: 64), offset: .max - 31)),
  ]

  @Test(arguments: headers + metadata + tensors) func aBrokenFileIsRefusedInOneLine(_ broken: Broken) {
    let error = #expect(throws: GGUFError.self) { try GGUFFile(bytes: broken.bytes, name: "m.gguf") }
    let line = error.map { "\($0)" } ?? ""
    #expect(line.hasPrefix("m.gguf: " + broken.message), "\(line)")
    #expect(!line.contains("\n"))
  }

  @Test func everyTruncationIsRefused() throws {
    let whole = TinyModel.llama().bytes()
    // Every length of the header, which ends where the weights begin, and some of the weights.
    let file = try GGUFFile(bytes: whole, name: "t")
    for length in Array(0..<file.parts[0].dataOffset)
      + Array(stride(from: file.parts[0].dataOffset, to: whole.count, by: 61))
    {
      #expect(throws: GGUFError.self) { try GGUFFile(bytes: whole[..<length], name: "t") }
    }
  }

  @Test func aFileWithoutTensorsIsValid() throws {
    let file = try GGUFFile(bytes: GGUFWriter().bytes(), name: "t")
    #expect(file.tensors.isEmpty)
    #expect(file.metadata.keys.isEmpty)
  }

  @Test func overlappingTensorsAreAllowed() throws {
    var writer = GGUFWriter()
    writer.tensors = [
      .init("a", dimensions: [2], floats: [1, 2]), .init("b", dimensions: [2], bytes: [], offset: 0),
    ]
    let file = try GGUFFile(bytes: writer.bytes(), name: "t")
    #expect(file.tensor("a")?.offset == file.tensor("b")?.offset)
  }

  @Test(arguments: [
    ("no-such-file.gguf", "cannot be opened: No such file or directory"), ("", "is a directory, not a GGUF file"),
    ("empty.gguf", "is empty, not a GGUF file"), ("pipe.gguf", "is not a regular file"),
    ("nul\0.gguf", "the path holds a NUL character"),
  ]) func whatIsNoFileIsRefused(name: String, reason: String) throws {
    var template = Array("/tmp/gguf-tests-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template)).withMemoryRebound(to: CChar.self, capacity: template.count) {
      String(cString: $0)
    }
    close(creat(folder + "/empty.gguf", 0o600))
    mkfifo(folder + "/pipe.gguf", 0o600)
    defer {
      unlink(folder + "/empty.gguf")
      unlink(folder + "/pipe.gguf")
      rmdir(folder)
    }
    let error = #expect(throws: GGUFError.self) { try GGUFFile(path: folder + "/" + name) }
    #expect(error?.field == "file")
    #expect(error?.reason == reason)
  }

  @Test func aWrongTypeOrAMissingKeyIsNamed() throws {
    let metadata = try GGUFFile(bytes: TinyModel.llama().bytes(), name: "m.gguf").metadata
    func line(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return "nothing was thrown"
    }
    #expect(
      line { _ = try metadata.integer("general.name") }
        == "m.gguf: metadata 'general.name': is the string 'Tiny', not an integer")
    #expect(
      line { _ = try metadata.string("llama.block_count") }
        == "m.gguf: metadata 'llama.block_count': is the integer 1, not a string")
    #expect(
      line { _ = try metadata.strings("tokenizer.ggml.scores") }
        == "m.gguf: metadata 'tokenizer.ggml.scores': is an array of 12 float32, not an array of strings")
    #expect(
      line { _ = try metadata.optionalFloats("tokenizer.ggml.tokens") }
        == "m.gguf: metadata 'tokenizer.ggml.tokens': is an array of 12 string, not an array of floats")
    #expect(
      line { _ = try metadata.bool("general.architecture") }
        == "m.gguf: metadata 'general.architecture': is the string 'llama', not a bool")
    #expect(
      line { _ = try metadata.float("absent") }
        == "m.gguf: metadata 'absent': is missing; the model cannot be used without it")
  }

  @Test func anIntegerThatDoesNotFitIsRefused() throws {
    var writer = GGUFWriter()
    writer["big"] = .uint64(.max)
    writer["bigs"] = .array(type: 10, [.uint64(1), .uint64(.max)])
    let metadata = try GGUFFile(bytes: writer.bytes(), name: "t").metadata
    #expect(throws: GGUFError.self) { try metadata.integer("big") }
    #expect(throws: GGUFError.self) { try metadata.integers("bigs") }
  }

  /// A byte that is not a bool is refused where a bool is asked for, and does no harm elsewhere.
  @Test func aBoolIsZeroOrOne() throws {
    var writer = GGUFWriter()
    writer["flag"] = .raw(type: 7, [2])
    writer["flags"] = .array(type: 7, [.bool(true), .raw(type: 7, [3])])
    let metadata = try GGUFFile(bytes: writer.bytes(), name: "t").metadata
    let one = #expect(throws: GGUFError.self) { try metadata.bool("flag") }
    #expect(one?.description == "t: metadata 'flag': is a bool whose byte is 2, not a bool")
    let many = #expect(throws: GGUFError.self) { try metadata.bools("flags") }
    #expect(many?.description == "t: metadata 'flags': is an array of 2 bool, not an array of bools of 0 or 1")
  }
}
