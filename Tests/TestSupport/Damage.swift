import Glibc

/// Harm that is done to bytes at random: flipped bits, extreme numbers, missing and additional bytes.
package struct Damage {
  private var generator: SeededGenerator

  package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

  /// One to three wounds, nine in ten of them before `end`: what comes behind is weights, the least interesting part.
  package mutating func hurt(_ bytes: inout [UInt8], mostlyBefore end: Int) {
    for _ in 0...below(3) where !bytes.isEmpty {
      let place = below(10) == 0 ? below(bytes.count) : below(min(end, bytes.count))
      switch below(6) {
      case 0, 1: bytes[place] ^= 1 << UInt8(below(8))
      case 2: bytes[place] = UInt8(below(256))
      case 3:
        let extremes: [UInt64] = [
          0, 1, .max, 1 << 63, 1 << 62, 1 << 32, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, UInt64(bytes.count), 13, 9,
        ]
        let value = littleEndian(extremes[below(extremes.count)])
        for (offset, byte) in value.prefix(below(2) == 0 ? 4 : 8).enumerated() where place + offset < bytes.count {
          bytes[place + offset] = byte
        }
      case 4: bytes.removeSubrange((below(4) == 0 ? place : max(place, bytes.count - below(64) - 1))...)
      default: bytes.insert(UInt8(below(256)), at: place)
      }
    }
  }
}

/// Memory whose end is followed by a page that cannot be read.
package final class GuardedPage {
  private let base: UnsafeMutableRawPointer
  private let readable: Int
  private let pageSize = sysconf(Int32(_SC_PAGESIZE))

  package init(capacity: Int) {
    readable = (capacity + pageSize - 1) / pageSize * pageSize
    base = mmap(nil, readable + pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    mprotect(base + readable, pageSize, PROT_NONE)
  }

  deinit { munmap(base, readable + pageSize) }

  package func withCopy(of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) -> Void) {
    let start = base + (readable - bytes.count)
    bytes.withUnsafeBytes { start.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(start), byteCount: bytes.count) }
    body(UnsafeRawBufferPointer(start: start, count: bytes.count))
  }
}
