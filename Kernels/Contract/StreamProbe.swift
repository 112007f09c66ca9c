/// Loops that only move memory: what a kernel cannot exceed that reads each byte once.
package final class StreamProbe: Sendable {
  package enum Traffic: String, CaseIterable, Codable, Sendable {
    /// a
    case read
    /// a = b
    case copy
    /// a = b + s·c
    case triad

    /// Arrays that are touched, each once: bytes are counted as STREAM counts them, without the lines that a store fetches.
    package var arrays: Int {
      switch self {
      case .read: 1
      case .copy: 2
      case .triad: 3
      }
    }
  }

  package struct Arguments {
    /// The first stream's first array, 64-byte aligned; holds Floats that are neither denormal nor large.
    package var base: UnsafeMutableRawPointer
    package var streams: Int
    /// Bytes from one stream to the next, and from one array of a stream to its next.
    package var streamStride: Int
    package var arrayStride: Int
    /// The length of each array of each stream in bytes, a multiple of `step`.
    package var bytes: Int

    package init(base: UnsafeMutableRawPointer, streams: Int, streamStride: Int, arrayStride: Int, bytes: Int) {
      self.base = base
      self.streams = streams
      self.streamStride = streamStride
      self.arrayStride = arrayStride
      self.bytes = bytes
    }
  }

  /// Bytes that are touched in one stream before the next one's turn.
  package static let step = 1024

  package let traffic: Traffic
  package let isa: InstructionSet
  /// Returns the exclusive or of all words read, for `read`; 0 for the others.
  package let run: @Sendable (Arguments) -> Int

  package init(_ traffic: Traffic, _ isa: InstructionSet, run: @escaping @Sendable (Arguments) -> Int) {
    self.traffic = traffic
    self.isa = isa
    self.run = run
  }

  package var identity: KernelIdentity {
    switch traffic {
    case .read: KernelIdentity(.streamRead, isa: isa)
    case .copy: KernelIdentity(.streamCopy, isa: isa)
    case .triad: KernelIdentity(.streamTriad, isa: isa)
    }
  }
}
