/// Finds the number of a byte string in `ByteStrings`: open addressing, linear probing, nothing stored but numbers.
///
/// The hash is seeded for each index, so that a file cannot be made to collide.
struct ByteStringIndex: Sendable {
  /// Upper half: the hash's upper half, which spares most comparisons of strings; lower half: the number plus one.
  private var slots: [UInt64]
  private let seed: UInt64

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
    seed = .random(in: .min ... .max)
  }

  /// Enters string `number` of `strings`, in the place of an equal one where `replaces` says so of that one; the number of the
  /// equal string, if any.
  mutating func insert(_ number: Int32, of strings: ByteStrings, replaces: (Int32) -> Bool) -> Int32? {
    let key = strings.bytes.span.extracting(strings.range(Int(number)))
    let hash = hash(key)
    let slot = slot(of: key, hash: hash, in: strings)
    let earlier = slots[slot] == 0 ? nil : Int32(truncatingIfNeeded: slots[slot]) - 1
    if earlier.map(replaces) ?? true { slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(number + 1) }
    return earlier
  }

  func find(_ key: Span<UInt8>, in strings: ByteStrings) -> Int32? {
    let entry = slots[slot(of: key, hash: hash(key), in: strings)]
    return entry == 0 ? nil : Int32(truncatingIfNeeded: entry) - 1
  }

  /// The slot that holds the key, or the empty one where it belongs; at most half of the slots are taken.
  private func slot(of key: Span<UInt8>, hash: UInt64, in strings: ByteStrings) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      if slots[slot] >> 32 == hash >> 32,
        equal(key, strings.bytes.span.extracting(strings.range(Int(slots[slot] & 0xFFFF_FFFF) - 1)))
      {
        return slot
      }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private func equal(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    for i in a.indices where a[i] != b[i] { return false }
    return true
  }

  /// Eight bytes at a time, each folded in by the two halves of a full product.
  private func hash(_ key: Span<UInt8>) -> UInt64 {
    var state = seed ^ UInt64(key.count)
    key.withUnsafeBytes { bytes in
      var i = 0
      while i + 8 <= bytes.count {
        state = mix(state ^ bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
        i += 8
      }
      var tail: UInt64 = 0
      while i < bytes.count {
        tail = tail << 8 | UInt64(bytes[i])
        i += 1
      }
      state = mix(state ^ tail)
    }
    return state
  }

  private func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}
