import Model
import TestSupport
import Testing

/// Thousands of damaged files, each opened, described, checked and read to its ends. The bytes stand right before a
/// page that cannot be read, so that one byte too far ends the test run.
@Suite struct GGUFMutationTests {
  static let mutations = 10_000

  @Test(arguments: [UInt64(1), 2]) func noDamageCrashesTheReader(seed: UInt64) throws {
    let original = Self.original.bytes()
    let header = try GGUFFile(bytes: original, name: "m.gguf").parts[0].dataOffset
    let page = GuardedPage(capacity: original.count + 64)
    var damage = Damage(seed: seed)
    var outcomes = ["refused": 0, "read": 0]
    for _ in 0..<Self.mutations {
      var bytes = original
      damage.hurt(&bytes, mostlyBefore: header)
      page.withCopy(of: bytes) { copy in
        do {
          try Self.readEverything(copy)
          outcomes["read", default: 0] += 1
        } catch {
          outcomes["refused", default: 0] += 1
          let line = "\(error)"
          #expect(line.hasPrefix("m.gguf: ") && !line.contains("\n"), "\(line)")
        }
      }
    }
    // Both must happen often, or the damage is not of the kind that finds faults.
    #expect(outcomes["refused", default: 0] > Self.mutations / 4)
    #expect(outcomes["read", default: 0] > Self.mutations / 20)
  }

  /// Has every kind of value, and most of the keys that a description reads.
  private static var original: GGUFWriter {
    var writer = TinyModel.llama()
    writer["general.alignment"] = .uint32(32)
    writer["llama.attention.key_length"] = .uint16(8)
    writer["llama.attention.value_length"] = .int64(8)
    writer["llama.rope.freq_base"] = .float32(10000)
    writer["llama.rope.scaling.type"] = .text("linear")
    writer["llama.rope.scaling.factor"] = .float64(2)
    writer["llama.expert_count"] = .uint8(0)
    writer["nested"] = .array(type: 9, [.strings(["p", "q"]), .integers([4])])
    writer["flags"] = .array(type: 7, [.bool(true), .bool(false)])
    writer.tensors.append(TinyModel.vector("rope_freqs.weight", TinyModel.headSize / 2))
    return writer
  }

  private static func readEverything(_ bytes: UnsafeRawBufferPointer) throws {
    let file = try GGUFFile(lending: bytes, name: "m.gguf")
    var sum = 0
    for key in file.metadata.keys {
      if case .array(let array)? = file.metadata[key] { sum &+= try array.values().count }
      if let strings = try? file.metadata.optionalStrings(key) { sum &+= strings.reduce(0) { $0 + $1.utf8.count } }
      sum &+= (try? file.metadata.optionalFloats(key))?.count ?? 0
      sum &+= (try? file.metadata.optionalIntegers(key))?.count ?? 0
    }
    for tensor in file.tensors {
      let bytes = file.bytes(of: tensor)
      sum &+= Int(bytes[0]) + Int(bytes[bytes.count - 1])
    }
    let source = try FileSource(file)
    #expect(source.description.parameterCount > 0)
    for entry in source.tensors {
      for row in [0, entry.rows - 1] {
        source.withRows(row..<row + 1, of: entry) { row in for byte in row { sum &+= Int(byte) } }
      }
    }
    #expect(sum != 0)
  }
}
