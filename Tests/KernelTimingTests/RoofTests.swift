import KernelContract
import KernelTiming
import Kernels
import Machine
import Records
import Statistics
import TestSupport
import Testing

@Suite struct RoofTests {
  /// Six rounds with the medians 2, 2, 4, 4, 4, 5 s: 100 operations a chunk are 50, 50, 25, 25, 25, 20 a second.
  @Test func aRateIsTheMedianOfRounds() throws {
    let rounds: [[Double]] = [[2, 1, 3], [2], [4, 4], [4], [4], [5]]
    let figure = try RoofFigure.rate(of: rounds, amount: 100)
    #expect(figure.estimate.value == 25)
    // P(all six on one side) is 2⁻⁶, so that the whole range is an interval at 1 − 2·2⁻⁶ > 0.95.
    #expect(figure.estimate.interval == Interval(low: 20, high: 50, level: 0.95))
    #expect(figure.best == 100)
    #expect(figure.isUnsteady)
  }

  @Test func aTimeIsThatOfOneStep() throws {
    let figure = try RoofFigure.time(of: [[1, 2, 3], [2, 2.05], [2]], steps: 1000)
    #expect(figure.estimate.value == 0.002 && figure.best == 0.001)
    #expect(!figure.isUnsteady, "2.025 is 1.25 % above 2")
    #expect(figure.estimate.interval == nil, "three rounds have no interval")
  }

  @Test func noTimesAreNoFigure() {
    #expect(throws: SampleError.self) { try RoofFigure.rate(of: [[1], []], amount: 1) }
  }

  @Test(arguments: [(1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (4, [1, 2, 4]), (12, [1, 2, 4, 8, 12])])
  func threadsArePowersOfTwoAndAll(processors: Int, expected: [Int]) {
    #expect(Roofs.threadCounts(processors: processors) == expected)
  }

  /// What a walk touches in its chunks, for sets that are passed through many times and for one that a chunk is a part of.
  @Test(arguments: StreamProbe.Traffic.allCases, [1, 4, 8]) func aWalkStaysInItsPart(
    traffic: StreamProbe.Traffic, streams: Int
  ) throws {
    for (bytes, chunk) in [(24 << 10, 96 << 10), (1 << 20, 64 << 10)] {
      let memory = try ProbeMemory(bytes: 4 << 20)
      let parts = Recorder()
      let probe = StreamProbe(traffic, .baseline) { arguments in
        parts.add(arguments)
        return 0
      }
      let walk = StreamWalk(probe, streams: streams, memory: memory, offset: 2 << 20, bytes: bytes, chunkBytes: chunk)
      for _ in 0..<100 { _ = walk.chunk() }
      #expect(parts.bytes == 100 * walk.bytesPerChunk)
      #expect(walk.bytesPerChunk <= chunk && walk.bytesPerChunk > chunk / 2)
      #expect(parts.low == Int(bitPattern: memory.base) + 2 << 20)
      #expect(parts.high <= Int(bitPattern: memory.base) + 2 << 20 + bytes)
      #expect(parts.high > Int(bitPattern: memory.base) + 2 << 20 + bytes / 2, "most of it is touched")
    }
  }

  private final class Recorder: @unchecked Sendable {
    var bytes = 0, low = Int.max, high = 0

    func add(_ x: StreamProbe.Arguments) {
      let arrays = x.streamStride / x.arrayStride
      bytes += x.bytes * x.streams * arrays
      low = min(low, Int(bitPattern: x.base))
      let last = (x.streams - 1) * x.streamStride + (arrays - 1) * x.arrayStride
      high = max(high, Int(bitPattern: x.base) + last + x.bytes)
    }
  }

  /// A machine with small caches, so that little memory is touched.
  private static var machine: MachineDescription {
    var machine = MachineDescription.read()
    machine.caches = [
      .init(level: 1, kind: "Data", bytes: 48 << 10, lineBytes: .found(64), sharedBy: 1, instances: 1),
      .init(level: 2, kind: "Unified", bytes: 1 << 20, lineBytes: .found(64), sharedBy: 1, instances: 1),
    ]
    return machine
  }

  private static let pace = RoofPace(rounds: 1, secondsEach: 0, warmUpSeconds: 0)

  @Test func everyRoofIsMeasured() throws {
    let roofs = try #require(Roofs.measure(on: Self.machine, pace: Self.pace).value)
    let threads = Roofs.threadCounts(processors: Processor.allowed.count)
    let ends = Set([1, threads.max() ?? 1]).count
    #expect(roofs.compute.count == KernelList.usablePeaks.count * ends)
    // Three levels, three kinds of traffic, four counts of streams.
    #expect(roofs.bandwidth.count == 3 * 3 * 4 * threads.count)
    #expect(roofs.latency.map(\.level) == ["L1", "L2", "memory"])
    #expect(roofs.compute.allSatisfy { $0.flopsPerSecond.best > 0 })
    #expect(roofs.bandwidth.allSatisfy { $0.bytesPerSecond.best > 0 })
    #expect(roofs.readBytesPerSecond(threads: 1) != nil && roofs.readBytesPerSecond(threads: 0) == nil)
    #expect(roofs.flopsPerSecond(.f32, .baseline, threads: 1) != nil)
    #expect(roofs.flopsPerSecond(.bf16, .baseline, threads: 1) == nil)

    let tree = FakeTree()
    let cache = MachineCache(in: MachineFiles(environment: { _ in tree.root }, fingerprint: "f00d"), toolVersion: "1")
    try roofs.store(in: cache)
    #expect(try Roofs.load(from: cache) == roofs)
    var broken = roofs
    broken.latency[0].latencySeconds.best = -1
    try broken.store(in: cache)
    #expect(throws: RecordError.self) { try Roofs.load(from: cache) }
  }

  @Test func aWindowHasTheRoofsOfItsKernels() throws {
    let kernels = [
      KernelIdentity(.matvec, weights: .q4_0, activations: .int8, isa: .baseline),
      KernelIdentity(.matmul, weights: .f32, isa: .baseline),
    ]
    let peaks = KernelList.peaks(of: kernels)
    #expect(peaks.map(\.identity.description) == ["peak.f32.baseline", "peak.int8.baseline"])
    let roofs = try #require(
      WindowRoofs.measure(threads: 1, peaks: peaks, on: Self.machine, pace: Self.pace).value)
    #expect(roofs.readBytesPerSecond > 0)
    #expect(Set(roofs.flopsPerSecond.keys) == Set(peaks.map(\.identity)))
  }

  @Test func oneRoofCanBeMeasuredAlone() {
    #expect((WindowRoofs.flopsPerSecond(threads: 1, isa: .baseline, type: .f32, pace: Self.pace).value ?? 0) > 0)
    #expect(WindowRoofs.flopsPerSecond(threads: 1, isa: .baseline, type: .bf16, pace: Self.pace).reason != nil)
  }

  @Test func theRoofOfKernelsIsThatOfTheFastest() {
    let floats = KernelIdentity(.matmul, weights: .f32, isa: .avx2)
    let bytes = KernelIdentity(.matvec, weights: .q4_0, activations: .int8, isa: .avx2)
    let roofs = WindowRoofs(
      readBytesPerSecond: 1,
      flopsPerSecond: [
        KernelIdentity(.peak, activations: .f32, isa: .avx2): 80,
        KernelIdentity(.peak, activations: .int8, isa: .avx2): 150,
      ])
    #expect(roofs.flopsPerSecond(kernels: [floats, bytes, KernelIdentity(.norm, isa: .avx512)]) == 150)
    #expect(roofs.flopsPerSecond(kernels: [floats]) == 80)
    #expect(roofs.flopsPerSecond(kernels: [floats, KernelIdentity(.gateUp, activations: .bf16, isa: .amx)]) == nil)
    #expect(roofs.flopsPerSecond(kernels: []) == nil)
  }
}
