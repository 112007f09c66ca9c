import CMachine
import Glibc

extension Processor {
  /// The logical processors that the calling thread may use, in ascending order.
  package static func allowedProcessors() -> [Int] {
    var words = 16  // 1024 processors; the kernel answers EINVAL to a mask smaller than its own
    while words <= 1 << 14 {
      var mask = [UInt64](repeating: 0, count: words)
      let status = machine_get_affinity(&mask, words * 8)
      if status == 0 { return setBits(of: mask) }
      guard status == EINVAL else { return [] }
      words *= 2
    }
    return []
  }

  /// False where the kernel or the process's own mask does not allow that processor.
  package static func pinCurrentThread(to processor: Int) -> Bool { allowCurrentThread(on: [processor]) }

  /// Lets the calling thread, and those that it makes from now on, run on these processors only.
  package static func allowCurrentThread(on processors: [Int]) -> Bool {
    guard let last = processors.max(), let first = processors.min(), first >= 0, last < 1 << 20 else { return false }
    var mask = [UInt64](repeating: 0, count: max(16, last / 64 + 1))
    for processor in processors { mask[processor / 64] |= 1 << UInt64(processor % 64) }
    return machine_set_affinity(mask, mask.count * 8) == 0
  }

  private static func setBits(of mask: [UInt64]) -> [Int] {
    mask.indices.flatMap { word in
      (0..<64).compactMap { bit in mask[word] >> UInt64(bit) & 1 == 1 ? word * 64 + bit : nil }
    }
  }
}
