import Engine
import Machine
import Model

/// Memory that the parts of a pool write first, each where it will read.
struct BenchMemory {
  /// Copies of one block of bytes, `stride` bytes apart.
  let start: UnsafeMutableRawPointer
  let stride: Int
  let copies: Int
  private let memory: AlignedMemory

  /// `write` fills part `part` of `parts` of the block; the same part of the copies is then copied from it.
  init(
    bytes: Int, copies: Int, pool: ThreadPool, part: @Sendable (_ part: Int, _ parts: Int) -> Range<Int>,
    write: @Sendable (_ part: Int, _ parts: Int, UnsafeMutableRawPointer) -> Void
  ) throws(KernelTimingError) {
    stride = (bytes + 63) / 64 * 64
    let (total, isTooLarge) = stride.multipliedReportingOverflow(by: copies)
    guard !isTooLarge, let memory = AlignedMemory(bytes: total) else {
      throw KernelTimingError("not enough memory for \(copies) copies of \(bytes) bytes; take a smaller shape")
    }
    self.memory = memory
    self.copies = copies
    start = memory.pointer
    let target = SharedPointer(memory.pointer)
    let stride = stride
    pool.run { thread in
      write(thread, pool.threads, target.pointer)
      let mine = part(thread, pool.threads)
      for copy in 1..<max(1, copies) {
        (target.pointer + copy * stride + mine.lowerBound)
          .copyMemory(from: target.pointer + mine.lowerBound, byteCount: mine.count)
      }
    }
  }

  func copy(_ number: Int) -> UnsafeMutableRawPointer { start + number % copies * stride }
}

func memory(_ bytes: Int) throws(KernelTimingError) -> AlignedMemory {
  guard let memory = AlignedMemory(bytes: bytes) else {
    throw KernelTimingError("not enough memory for \(bytes) bytes of a row; take a smaller shape")
  }
  return memory
}
