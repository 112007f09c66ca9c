import Engine
import Foundation
import KernelContract
import KernelTiming
import Kernels
import Machine
import Metering
import Records
import TestSupport
import Testing

@Suite struct KernelBenchTests {
  private static let roofs = KernelRoofs(
    read: { .found(1e9 * Double($0)) }, peak: { _, isa, _ in isa == .baseline ? .found(4e9) : .absent("unknown") })

  private static let machine = MachineDescription.read()

  private func bench(_ request: KernelBenchRequest, cancellation: Cancellation = Cancellation()) -> KernelBench {
    KernelBench(
      request, on: Self.machine, toolVersion: "1", roofs: Self.roofs, cancellation: cancellation,
      timekeeper: TickingClock())
  }

  private func product(_ format: WeightFormat = .q4_0, tokens: Int = 1) -> KernelProblem {
    .product(ProductShape(tokens: tokens, rows: 40, columns: 64), format)
  }

  private func request(_ problems: [KernelProblem], threads: Int = 1) -> KernelBenchRequest {
    var request = KernelBenchRequest(problems, threads: [threads])
    request.takesAll = true
    // 4 ms a turn: each look at the ticking clock takes one.
    request.secondsEach = 0.1
    request.isCold = [false]
    return request
  }

  private func tables(_ request: KernelBenchRequest) throws -> [KernelBenchTable] {
    var tables: [KernelBenchTable] = []
    #expect(try bench(request).run { tables.append($0) })
    return tables
  }

  /// A turn of four calls between two looks, a millisecond apart: a quarter of one for each call.
  @Test func ratesAndSharesFollowFromTimeAndCost() throws {
    var request = request([product()])
    request.sets = [.baseline]
    request.operation = .matvec
    request.isCold = [true]
    let row = try #require(try tables(request).first?.rows.first)
    #expect(row.kernel == "matvec.q4_0.int8.baseline" && row.isWrong == false && row.callsPerSample == 4)
    #expect(row.seconds?.value == 0.25e-3)
    // 2·40·64 flops; 40 rows of two blocks of 18 bytes, 64 Floats in, 40 out.
    #expect(row.flops == 5120 && row.bytes == 40 * 36 + 256 + 160)
    #expect(row.flopsPerByte == 5120.0 / 1856)
    #expect(abs(row.flopsPerSecond!.value - 5120 / 0.25e-3) < 1)
    #expect(abs(row.shareOfReadRoof! - 1696 / 0.25e-3 / 1e9) < 1e-9)
    #expect(abs(row.shareOfPeak! - 5120 / 0.25e-3 / 4e9) < 1e-9)
  }

  /// What stays in caches is not under the roof of memory, and an unknown peak is no peak of zero.
  @Test func absentRoofsHaveNoShare() throws {
    var request = request([product(.f32)])
    request.sets = [InstructionSetStatus.best]
    request.operation = .matmul
    for row in try tables(request).flatMap(\.rows) where row.isa != "baseline" {
      #expect(row.shareOfReadRoof == nil && row.shareOfPeak == nil && row.peakFlopsPerSecond?.reason == "unknown")
      let json = String(decoding: try RecordCoding.encode(row), as: UTF8.self)
      #expect(json.contains(#""peak_flops_per_second":{"absent":"unknown"}"#) && !json.contains("share_of"))
    }
  }

  /// Each kernel that runs here passes, cold and warm, on one thread and on two, and is compared with the first.
  @Test func everyKernelIsRightAndCompared() throws {
    for threads in [1, 2] {
      let problems = WeightFormat.allCases.map { format in
        KernelProblem.product(ProductShape(tokens: 17, rows: 40, columns: 256), format)
      }
      let rows = try tables(request(problems, threads: threads)).flatMap(\.rows)
      let usable = Set(InstructionSetStatus.all.filter(\.isUsable).map(\.isa))
      #expect(
        Set(rows.map(\.kernel))
          == Set(KernelList.matrices.filter { usable.contains($0.isa) }.map(\.identity.description)))
      for row in rows { #expect(row.isWrong == false, "\(row.kernel): \(row.errorOfBound ?? .infinity)") }
      for format in WeightFormat.allCases {
        let same = rows.filter { $0.format == format.rawValue }
        #expect(same[0].ratios?.isEmpty == true)
        #expect(same.dropFirst().allSatisfy { $0.ratios?.map(\.against) == [same[0].kernel] })
      }
    }
  }

  @Test func theEnginesChoiceIsOneKernelAFormat() throws {
    var request = request([product(.q8_0), product(.q4_K).with(columns: 256)])
    request.takesAll = false
    let selection = try KernelSelection()
    let rows = try tables(request).flatMap(\.rows)
    #expect(
      rows.map(\.kernel) == [WeightFormat.q8_0, .q4_K].map { selection.matrix($0, tokens: 1).identity.description })
  }

  @Test func attentionAndSamplingAreRight() throws {
    var problems: [KernelProblem] = CacheFormat.allCases.flatMap { format in
      [(1, 700), (40, 300)].map { tokens, positions in
        .attention(
          AttentionShape(heads: 6, keyValueHeads: 2, headSize: 80, tokens: tokens, positions: positions), format)
      }
    }
    // One token, fewer than top-k leaves, and many.
    for vocabulary in [1, 30, 5000] {
      problems += SamplingMethod.allCases.map { .sampling($0, vocabulary: vocabulary) }
    }
    let rows = try tables(request(problems, threads: 2)).flatMap(\.rows)
    let usable = InstructionSetStatus.all.filter(\.isUsable).map(\.isa)
    #expect(rows.count == 8 * usable.count + 18 * usable.count { $0 < .amx })
    for row in rows { #expect(row.isWrong == false, "\(row.kernel) \(row.size): \(row.errorOfBound ?? .infinity)") }
    #expect(rows.filter { $0.size.hasPrefix("sampling") }.allSatisfy { $0.threads == 1 })
  }

  /// One row, and more than threads share evenly; lanes ± 1, whole blocks and not.
  @Test func rowsAreRightAndHaveARateAndAShare() throws {
    let problems = [RowShape(rows: 1, columns: 34), RowShape(rows: 37, columns: 16), RowShape(rows: 18, columns: 256)]
      .flatMap { shape in RowOperation.all(weights: [.f16]).map { KernelProblem.rows($0, shape) } }
    let usable = InstructionSetStatus.all.filter { $0.isUsable && $0.isa < .amx }.map(\.isa)
    for (threads, isCold) in [(1, false), (2, true)] {
      var request = request(problems, threads: threads)
      request.isCold = [isCold]
      let rows = try tables(request).flatMap(\.rows)
      #expect(rows.count == problems.reduce(0) { $0 + ($1.format == "F16" ? 1 : usable.count) })
      let listed = Set(KernelList.listed.map(\.description))
      for row in rows {
        #expect(
          row.isWrong == false && listed.contains(row.kernel),
          "\(row.kernel) \(row.size): \(row.errorOfBound ?? .infinity)")
        #expect((row.bytes ?? 0) > 0 && (row.bytesPerSecond?.value ?? 0) > 0)
        #expect((row.shareOfReadRoof != nil) == isCold && (row.shareOfPeak != nil) == (row.isa == "baseline"))
      }
    }
  }

  /// 3 rows of 64: a norm is 4 operations an element; rows are read and written once, its weights once for all.
  @Test func rowsCostWhatIsReadAndWritten() {
    func cost(_ operation: RowOperation) -> OperationCost {
      KernelProblem.rows(operation, RowShape(rows: 3, columns: 64)).cost
    }
    #expect(cost(.norm) == OperationCost(flops: 4 * 192, bytesRead: 768 + 256, bytesWritten: 768))
    #expect(cost(.swiglu) == OperationCost(flops: 5 * 192, bytesRead: 2 * 768, bytesWritten: 768))
    #expect(cost(.rope) == OperationCost(flops: 3 * 192, bytesRead: 768 + 256, bytesWritten: 768))
    #expect(cost(.quantize(.int8)) == OperationCost(bytesRead: 768, bytesWritten: 3 * (64 + 2 * 4)))
    #expect(cost(.storeKey(.q8_0)) == OperationCost(bytesRead: 768, bytesWritten: 3 * (64 + 2 * 2)))
    #expect(cost(.embedding(.q4_0)) == OperationCost(bytesRead: 3 * 2 * 18, bytesWritten: 768))
  }

  // MARK: - Wrong kernels

  private func contest(_ run: @escaping @Sendable (MatrixArguments) -> Void, _ format: WeightFormat) throws -> Contest {
    try ProductContest.contest(
      ProductShape(tokens: 3, rows: 50, columns: 4096), format,
      kernels: [MatrixKernel(.matvec, format, .f32, .baseline, run: run)], libraries: [], copies: { _ in 1 },
      pool: ThreadPool(threads: 1, pin: false))
  }

  private static func sound(_ format: WeightFormat) -> MatrixKernel {
    KernelList.matrices.first { $0.format == format && $0.activations == .f32 && $0.isa == .baseline }!
  }

  /// Nothing written; the last block of 32 columns left out; the rows of the next group.
  @Test(arguments: WeightFormat.allCases) func wrongKernelsAreFound(format: WeightFormat) throws {
    let sound = Self.sound(format)
    #expect(try contest(sound.run, format).contenders[0].check() <= 1)
    #expect(try contest({ _ in }, format).contenders[0].check() == .infinity)
    let forgetful = try contest(
      { arguments in
        var shorter = arguments
        let row = Float32Row(depth: arguments.layout.depth)
        let copy = UnsafeMutableRawPointer.allocate(byteCount: 3 * row.bytes, alignment: 64)
        defer { copy.deallocate() }
        copy.copyMemory(from: arguments.activations, byteCount: 3 * row.bytes)
        for token in 0..<3 {
          (copy + token * row.bytes + 4064 * 4).initializeMemory(as: UInt8.self, repeating: 0, count: 32 * 4)
          (copy + token * row.bytes + row.sums32 + 127 * 4).initializeMemory(as: Float.self, repeating: 0, count: 1)
          (copy + token * row.bytes + row.sums16 + 254 * 4).initializeMemory(as: Float.self, repeating: 0, count: 2)
        }
        shorter.activations = UnsafeRawPointer(copy)
        sound.run(shorter)
      }, format)
    #expect(forgetful.contenders[0].check() > 1)
  }

  @Test func wrongAttentionIsFound() throws {
    let idle = TiledAttention(.amx, convert: { _, _, _ in }, run: { _ in })
    let shape = AttentionShape(heads: 4, keyValueHeads: 2, headSize: 64, tokens: 20, positions: 600)
    let sound = KernelList.vectors(.baseline).attention
    // Without the first 64 positions.
    let late = TiledAttention(
      .amx, convert: { _, _, _ in },
      run: { arguments in
        var later = arguments
        later.positions = 64..<arguments.positions.upperBound
        sound(later)
      })
    for tiled in [idle, late] {
      let contest = try AttentionContest.contest(
        shape, .f16, kernels: [.tiles(tiled)], copies: { _ in 1 },
        pool: ThreadPool(threads: 1, pin: false))
      #expect(contest.contenders[0].check() > 1)
    }
  }

  @Test func aWrongKernelIsNotTimed() throws {
    var timed: [Int] = []
    let contest = Contest(
      problem: product(),
      contenders: [0.5, 1.5, .infinity].enumerated().map { index, deviation in
        Contender(
          name: "\(index)", isa: .baseline, activations: .f32, run: { _ in timed.append(index) }, check: { deviation })
      })
    let conditions = KernelBenchConditions(title: "", threads: 1, isCold: false, readRoof: .absent(""))
    let rows = try bench(request([])).rows(of: contest, conditions)
    #expect(rows.map(\.isWrong) == [false, true, true])
    #expect(rows.map { $0.seconds != nil } == [true, false, false] && Set(timed) == [0])
    #expect(rows[2].errorOfBound == nil)
  }

  // MARK: - Records

  @Test func aRecordComesBackWhole() throws {
    var request = request([product(), .sampling(.greedy, vocabulary: 40)])
    request.slowdown = Slowdown(share: 0.5)
    let rows = try tables(request).flatMap(\.rows)
    let lines = try rows.reduce(into: [UInt8]()) { $0 += try RecordCoding.encode($1) + [0x0A] }
    #expect(try KernelBenchLog(lines, file: "k").rows == rows)
    #expect(rows.allSatisfy { $0.toolVersion == "1" && $0.machineFingerprint == Self.machine.fingerprint })
    #expect(rows.allSatisfy { $0.canonical == false && $0.slowedShare == 0.5 && $0.verdict != nil })
  }

  /// A hypervisor that gives nine tenths of the time to others while the kernels take turns.
  @Test func whatDisturbsAWindowMarksItsRows() throws {
    let tree = FakeTree(["/proc/stat": "cpu0 0 0 0 0 0 0 0 0 0 0\n"])
    let contest = Contest(
      problem: product(),
      contenders: [0.5, 1.5].map { deviation in
        Contender(
          name: "\(deviation)", isa: .baseline, activations: .f32,
          run: { _ in tree.write("/proc/stat", "cpu0 10 0 0 0 0 0 0 90 0 0\n") }, check: { deviation })
      })
    let clock = TickingClock()
    let bench = KernelBench(
      request([]), on: Self.machine, toolVersion: "1", roofs: Self.roofs, timekeeper: clock,
      watch: ConditionsWatch(processors: [0], root: tree.root, timekeeper: clock))
    let conditions = KernelBenchConditions(title: "", threads: 1, isCold: false, readRoof: .absent(""))
    let rows = try bench.rows(of: contest, conditions)
    #expect(rows[0].verdict?.contains("steal") == true && rows[0].canonical == false)
    #expect(rows[1].isWrong == true && rows[1].verdict == nil, "nothing was timed")
  }

  // MARK: - Limits

  @Test func anAbsurdSizeIsRefused() {
    let huge = KernelProblem.product(ProductShape(tokens: 1 << 24, rows: 1 << 24, columns: 1 << 24), .f32)
    #expect(throws: KernelTimingError.self) { try bench(request([huge])).run { _ in } }
  }

  @Test func aWishToStopKeepsWhatIsThere() throws {
    let cancellation = Cancellation()
    var tables: [KernelBenchTable] = []
    let isComplete = try bench(request([product(), product(tokens: 2)]), cancellation: cancellation).run {
      tables.append($0)
      cancellation.cancel()
    }
    #expect(!isComplete && tables.count == 1)
  }
}

extension KernelProblem {
  fileprivate func with(columns: Int) -> KernelProblem {
    guard case .product(let shape, let format) = self else { return self }
    return .product(ProductShape(tokens: shape.tokens, rows: shape.rows, columns: columns), format)
  }
}
