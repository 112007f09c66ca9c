import Glibc
import Model
import TestSupport
import Testing

/// Thousands of damaged files, each opened, described, checked and read to its ends. The bytes stand right before a
/// page that cannot be read, so that one byte too far ends the test run.
@Suite struct GGUFMutationTests {
  static let mutations = 10_000

  @Test(arguments: [UInt64(1), 2]) func noDamageCrashesTheReader(seed: UInt64) throws {
    let original = Self.original.bytes()
    let header = try GGUFFile(bytes: original, name: "m.gguf").dataOffset
    let page = GuardedPage(capacity: original.count + 64)
    var random = Random(state: seed)
    var outcomes = ["refused": 0, "read": 0]
    for _ in 0..<Self.mutations {
      var bytes = original
      for _ in 0...random.below(3) { Self.damage(&bytes, header: header, &random) }
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

  private static func damage(_ bytes: inout [UInt8], header: Int, _ random: inout Random) {
    guard !bytes.isEmpty else { return }
    // The weights are most of the file and the least interesting part.
    let place = random.below(10) == 0 ? random.below(bytes.count) : random.below(min(header, bytes.count))
    switch random.below(6) {
    case 0, 1: bytes[place] ^= 1 << UInt8(random.below(8))
    case 2: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 3:
      let extremes: [UInt64] = [
        0, 1, .max, 1 << 63, 1 << 62, 1 << 32, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, UInt64(bytes.count), 13, 9,
      ]
      let value = littleEndian(extremes[random.below(extremes.count)])
      for (offset, byte) in value.prefix(random.below(2) == 0 ? 4 : 8).enumerated() where place + offset < bytes.count {
        bytes[place + offset] = byte
      }
    case 4: bytes.removeSubrange((random.below(4) == 0 ? place : max(place, bytes.count - random.below(64) - 1))...)
    default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
    }
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

private struct Random {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// Memory whose end is followed by a page that cannot be read.
private final class GuardedPage {
  private let base: UnsafeMutableRawPointer
  private let readable: Int
  private let pageSize = sysconf(Int32(_SC_PAGESIZE))

  init(capacity: Int) {
    readable = (capacity + pageSize - 1) / pageSize * pageSize
    base = mmap(nil, readable + pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    mprotect(base + readable, pageSize, PROT_NONE)
  }

  deinit { munmap(base, readable + pageSize) }

  func withCopy(of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) -> Void) {
    let start = base + (readable - bytes.count)
    bytes.withUnsafeBytes { start.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(start), byteCount: bytes.count) }
    body(UnsafeRawBufferPointer(start: start, count: bytes.count))
  }
}
