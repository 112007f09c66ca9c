import CMachine
import Glibc

extension Processor {
  /// The logical processors that this process may use, in ascending order: those of its first thread, read before any thread is
  /// bound, because to bind one asks for them first.
  package static let allowed = affinity(of: getpid())

  /// Those of the calling thread, which may be bound.
  package static var allowedToThread: [Int] { affinity(of: 0) }

  private static func affinity(of thread: pid_t) -> [Int] {
    var words = 16  // 1024 processors; the kernel answers EINVAL to a mask smaller than its own
    while words <= 1 << 14 {
      var mask = [UInt64](repeating: 0, count: words)
      let status = machine_get_affinity(thread, &mask, words * 8)
      if status == 0 { return setBits(of: mask) }
      guard status == EINVAL else { return [] }
      words *= 2
    }
    return []
  }

  /// Binds the calling thread to a processor, or with nil lets it run on all that the process may use. A new thread may run where
  /// its maker could. The system is asked only where the thread is not so already; false where it refuses.
  @discardableResult
  package static func bindCurrentThread(to processor: Int?) -> Bool {
    let processors = processor.map { [$0] } ?? allowed
    guard let last = processors.max(), let first = processors.min(), first >= 0, last < 1 << 20, !allowed.isEmpty else {
      return false
    }
    let wanted = Int32(processor ?? -1)
    if machine_binding().pointee == wanted { return true }
    var mask = [UInt64](repeating: 0, count: max(16, last / 64 + 1))
    for processor in processors { mask[processor / 64] |= 1 << UInt64(processor % 64) }
    guard machine_set_affinity(mask, mask.count * 8) == 0 else { return false }
    machine_binding().pointee = wanted
    return true
  }

  private static func setBits(of mask: [UInt64]) -> [Int] {
    mask.indices.flatMap { word in
      (0..<64).compactMap { bit in mask[word] >> UInt64(bit) & 1 == 1 ? word * 64 + bit : nil }
    }
  }
}
