import Glibc

/// Zeroed memory on a 2 MiB boundary, for which huge pages are asked: fewer page faults at first touch.
package final class AlignedMemory: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package let count: Int
  private let base: UnsafeMutableRawPointer
  private let mappedBytes: Int

  private static let alignment = 2 << 20

  /// Nil where the system has not that much address space or memory to promise.
  package init?(bytes: Int) {
    // Small buffers need no huge page, only a line of their own.
    let alignment = bytes >= Self.alignment ? Self.alignment : 4096
    let (padded, overflow) = bytes.addingReportingOverflow(alignment)
    guard bytes >= 0, !overflow,
      let base = mmap(nil, max(padded, alignment), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      base != MAP_FAILED
    else { return nil }
    self.base = base
    mappedBytes = max(padded, alignment)
    count = bytes
    pointer = UnsafeMutableRawPointer(
      bitPattern: (UInt(bitPattern: base) + UInt(alignment) - 1) / UInt(alignment) * UInt(alignment))!
    if alignment == Self.alignment { madvise(pointer, bytes, MADV_HUGEPAGE) }
  }

  deinit { munmap(base, mappedBytes) }

  package var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
}
