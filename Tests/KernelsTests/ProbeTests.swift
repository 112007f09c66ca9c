import KernelContract
import Kernels
import Testing

@Suite struct ProbeTests {
  static let usable = Set(InstructionSetStatus.all.filter(\.isUsable).map(\.isa))
  static let peaks = KernelList.peaks.filter { usable.contains($0.isa) }
  static let streams = KernelList.streams.filter { usable.contains($0.isa) }

  /// Chains of sixteen Floats or sixteen quads of bytes, eight where pairs are added up first; four tiles of 16 × 16 sums of 32 bf16 or 64 int8 products. Twice that.
  @Test func operationsAreThoseOfTheirLoops() {
    let expected = [
      "peak.f32.baseline": 2 * 2 * 16, "peak.int8.baseline": 2 * 2 * 64,
      "peak.f32.avx2": 2 * 5 * 16, "peak.int8.avx2": 2 * 5 * 8 * 64,
      "peak.f32.avx512": 2 * 12 * 16, "peak.int8.avx512": 2 * 12 * 8 * 64,
      "peak.f32.avx512vnni": 2 * 12 * 16, "peak.int8.avx512vnni": 2 * 12 * 64,
      "peak.bf16.amx": 65_536, "peak.int8.amx": 131_072,
    ]
    #expect(KernelList.peaks.count == expected.count)
    for probe in KernelList.peaks {
      #expect(probe.operations == expected[probe.identity.description], "\(probe.identity)")
    }
  }

  /// Every product is 1, so that the sums are the number of multiply-adds: none was left out, and none was rounded.
  @Test(arguments: peaks) func countsItsOwnWork(probe: PeakProbe) {
    for iterations in [0, 1, 2, 1000, PeakProbe.mostIterations] {
      #expect(2 * probe.run(iterations) == iterations * probe.operations, "\(iterations) iterations")
    }
  }

  @Test func everyMatrixKernelHasARoof() {
    for kernel in KernelList.matrices {
      let roofs = KernelList.peaks(of: [kernel.identity])
      #expect(roofs.map(\.isa) == [kernel.isa] && roofs.map(\.type) == [kernel.activations], "\(kernel.identity)")
    }
    #expect(KernelList.peaks(of: [KernelIdentity(.norm, isa: .avx2)]).isEmpty)
    #expect(Set(KernelList.usablePeaks.map(\.isa)) == Self.usable)
    #expect(KernelList.usableStreams.map(\.traffic) == StreamProbe.Traffic.allCases)
  }

  /// Two streams of `arrays` arrays, and in front, between and behind them words that nothing may touch.
  private struct Field {
    let memory: UnsafeMutableRawPointer
    let arguments: StreamProbe.Arguments
    let arrays: Int
    private let bytes: Int

    init(_ traffic: StreamProbe.Traffic) {
      let length = 2 * StreamProbe.step
      let arrayStride = length + 192
      arrays = traffic.arrays
      let streamStride = arrays * arrayStride + 320
      bytes = 64 + 2 * streamStride
      memory = .allocate(byteCount: bytes, alignment: 64)
      for i in 0..<bytes / 4 { memory.storeBytes(of: Float(i), toByteOffset: 4 * i, as: Float.self) }
      arguments = StreamProbe.Arguments(
        base: memory + 64, streams: 2, streamStride: streamStride, arrayStride: arrayStride, bytes: length)
    }

    var floats: [Float] { (0..<bytes / 4).map { memory.load(fromByteOffset: 4 * $0, as: Float.self) } }

    /// Indices of the Floats of one array of one stream.
    func indices(_ stream: Int, _ array: Int) -> [Int] {
      let first = 16 + stream * arguments.streamStride / 4 + array * arguments.arrayStride / 4
      return Array(first..<first + arguments.bytes / 4)
    }
  }

  @Test(arguments: streams) func touchesEachWordOnceAndNoOther(probe: StreamProbe) {
    let field = Field(probe.traffic)
    defer { field.memory.deallocate() }
    var expected = field.floats
    var word: UInt32 = 0
    for stream in 0..<2 {
      for (place, target) in field.indices(stream, 0).enumerated() {
        let rest = (1..<field.arrays).map { expected[field.indices(stream, $0)[place]] }
        switch probe.traffic {
        case .read: word ^= expected[target].bitPattern
        case .copy: expected[target] = rest[0]
        case .triad: expected[target] = rest[0] + 0.5 * rest[1]
        }
      }
    }
    #expect(probe.run(field.arguments) == Int(word))
    #expect(field.floats == expected)
  }
}

extension PeakProbe: CustomTestStringConvertible {
  package var testDescription: String { identity.description }
}

extension StreamProbe: CustomTestStringConvertible {
  package var testDescription: String { identity.description }
}
