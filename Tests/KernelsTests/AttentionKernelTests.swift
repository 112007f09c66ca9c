import Glibc
import KernelContract
import KernelReference
import Kernels
import TestSupport
import Testing

/// What the kernel sees after its cache rounded the keys and values, and how far rounding the cache may take them.
private struct AttentionCase: CustomTestStringConvertible, Sendable {
  let isa: InstructionSet
  let keys: CacheFormat
  let values: CacheFormat
  /// On matrix tiles, in bfloat16.
  var isTiled = false
  var testDescription: String { "\(isTiled ? "tiled" : isa.rawValue) \(keys.rawValue) \(values.rawValue)" }

  static let all = VectorKernelTests.usable.flatMap { isa in
    CacheFormat.allCases.map { AttentionCase(isa: isa, keys: $0, values: $0) }
      + [AttentionCase(isa: isa, keys: .q8_0, values: .f16), AttentionCase(isa: isa, keys: .f32, values: .q8_0)]
  }

  static let tiled =
    InstructionSetStatus.all.last { $0.isa == .amx }?.isUsable != true
    ? [] : CacheFormat.allCases.map { AttentionCase(isa: .amx, keys: $0, values: $0, isTiled: true) }
}

@Suite struct AttentionKernelTests {
  /// Head sizes that fill vectors, blocks of 32 and neither; windows, caps, ranges that start inside a tile.
  @Test(arguments: AttentionCase.all)
  private func matchesTheReference(test: AttentionCase) {
    check(test, headSize: 64, tokens: 1, group: 3, first: 0, window: .max, softcap: 0, from: 0)
    check(test, headSize: 64, tokens: 1, group: 1, first: 200, window: .max, softcap: 0, from: 0)
    check(test, headSize: 80, tokens: 5, group: 2, first: 61, window: .max, softcap: 0, from: 0)
    check(test, headSize: 32, tokens: 17, group: 3, first: 40, window: 20, softcap: 0, from: 0)
    check(test, headSize: 128, tokens: 2, group: 4, first: 130, window: 64, softcap: 30, from: 0)
    check(test, headSize: 20, tokens: 3, group: 1, first: 97, window: .max, softcap: 0, from: 64)
  }

  /// Besides those: rows that fill one tile, two and not quite, more than one run of 256 positions.
  @Test(arguments: AttentionCase.tiled)
  private func tiledMatchesTheReference(test: AttentionCase) {
    check(test, headSize: 64, tokens: 16, group: 1, first: 0, window: .max, softcap: 0, from: 0)
    check(test, headSize: 64, tokens: 21, group: 3, first: 300, window: .max, softcap: 0, from: 0)
    check(test, headSize: 80, tokens: 17, group: 2, first: 61, window: .max, softcap: 0, from: 0)
    check(test, headSize: 32, tokens: 40, group: 3, first: 500, window: 20, softcap: 0, from: 0)
    check(test, headSize: 128, tokens: 32, group: 4, first: 130, window: 300, softcap: 30, from: 0)
    check(test, headSize: 20, tokens: 3, group: 1, first: 97, window: .max, softcap: 0, from: 64)
  }

  /// Scores that grow by 8 every 50 positions: what was summed before has to be rescaled, within and between the positions that
  /// are weighed together. Not of Q8_0, whose other elements the large one would round away.
  @Test(arguments: (AttentionCase.all + AttentionCase.tiled).filter { $0.keys != .q8_0 && $0.values != .q8_0 })
  private func followsGrowingScores(test: AttentionCase) {
    check(test, headSize: 64, tokens: 16, group: 4, first: 500, window: .max, softcap: 0, from: 0, rise: 8)
    check(test, headSize: 32, tokens: 5, group: 3, first: 700, window: 600, softcap: 0, from: 0, rise: 8)
  }

  private func check(
    _ test: AttentionCase, headSize: Int, tokens: Int, group: Int, first: Int, window: Int, softcap: Float, from: Int,
    rise: Float = 0
  ) {
    var generator = SeededGenerator(seed: UInt64(headSize * 1000 + first))
    let vectors = KernelList.vectors(test.isa)
    let count = first + tokens
    let keyLayout = CacheLayout(format: test.keys, headSize: headSize, capacity: count)
    let valueLayout = CacheLayout(format: test.values, headSize: headSize, capacity: count)
    let cache = UnsafeMutableRawPointer.allocate(byteCount: keyLayout.bytes + valueLayout.bytes, alignment: 64)
    defer { cache.deallocate() }
    cache.initializeMemory(as: UInt8.self, repeating: 0, count: keyLayout.bytes + valueLayout.bytes)
    func rows(_ n: Int, _ scale: Float) -> [[Float]] {
      (0..<n).map { _ in (0..<headSize).map { _ in generator.symmetricFloat() * scale } }
    }
    var keys = rows(count, 1)
    let values = rows(count, 1)
    let padded = keyLayout.paddedHeadSize
    let queryScale = 2 / Float(headSize).squareRoot()
    var queries = rows(tokens * group, queryScale)
    if rise > 0 {
      // Both are exact in every type.
      for position in 0..<count { keys[position][0] = rise * Float(position / 50) }
      for row in queries.indices { queries[row][0] = 1 }
    }
    for position in 0..<count {
      vectors.storeKey(keys[position], keyLayout, position, cache)
      vectors.storeValue(values[position], valueLayout, position, cache + keyLayout.bytes)
    }
    let flat = queries.flatMap { $0 + [Float](repeating: .nan, count: padded - headSize) }
    let queryRows = UnsafeMutableBufferPointer<Float>.allocate(capacity: flat.count)
    let output = UnsafeMutableBufferPointer<Float>.allocate(
      capacity: MatrixKernel.paddedTokens(tokens * group) * padded)
    let maxima = UnsafeMutableBufferPointer<Float>.allocate(capacity: tokens * group)
    let sums = UnsafeMutableBufferPointer<Float>.allocate(capacity: tokens * group)
    defer { for buffer in [queryRows, output, maxima, sums] { buffer.deallocate() } }
    _ = queryRows.initialize(from: flat)
    output.initialize(repeating: .nan)
    let scratch = UnsafeMutableRawPointer.allocate(
      byteCount: max(
        AttentionContract.scratchBytes, TiledAttention.scratchBytes(headSize: headSize)),
      alignment: 64)
    defer { scratch.deallocate() }
    var arguments = AttentionArguments(
      keys: cache, values: cache + keyLayout.bytes, keyLayout: keyLayout, valueLayout: valueLayout,
      queries: queryRows.baseAddress!,
      queryStride: padded, tokens: tokens, groupSize: group, firstPosition: first, positions: from..<count,
      window: window, softcap: softcap, output: output.baseAddress!, outputStride: padded, maxima: maxima.baseAddress!,
      sums: sums.baseAddress!,
      scratch: scratch)
    let panels = UnsafeMutableRawPointer.allocate(byteCount: TiledAttention.panelBytes(keyLayout), alignment: 64)
    defer { panels.deallocate() }
    if test.isTiled {
      let tiled = KernelList.tiledAttention
      let head = CachedHead(
        keys: cache, values: cache + keyLayout.bytes, keyLayout: keyLayout, valueLayout: valueLayout)
      tiled.convert(head, 0..<count, panels)
      (arguments.keys, arguments.values) = (
        UnsafeRawPointer(panels), UnsafeRawPointer(panels + TiledAttention.valueOffset(keyLayout))
      )
      tiled.run(arguments)
    } else {
      vectors.attention(arguments)
    }
    for row in 0..<tokens * group {
      let position = first + row / group
      let seen = max(from, window <= position ? position - window + 1 : 0)...position
      let expected = Reference.attention(
        query: queries[row], keys: Array(keys[seen]), values: Array(values[seen]), softcap: Double(softcap),
        exp: { exp($0) }, tanh: { tanh($0) })
      // A score changes by at most Σ|q|·ε(keys), a weight by twice that relatively, the mean of |values| ≤ 1 likewise.
      let l1 = queries[row].reduce(0.0) { $0 + abs(Double($1)) }
      let largest = Double(rise) * Double(position / 50)
      // Tiles round queries, keys, weights and values once more, to bfloat16 (2⁻⁸ relative); the exponential adds 7.5e-5.
      let tile = test.isTiled ? 0x1p-8 : 0
      let keyError =
        l1 * (rounding(test.keys) + 2 * tile + Double(headSize + 8) * 0x1p-24)
        + largest * Double(headSize + 8) * 0x1p-24 + (softcap > 0 ? 64 * 30 * 0x1p-24 : 0)
      let bound =
        2 * keyError + rounding(test.values) + 2 * tile + (test.isTiled ? 1.5e-4 : 0) + Double(seen.count + 32)
        * 0x1p-24
      for i in 0..<headSize {
        let value = Double(output[row * padded + i] / sums[row])
        guard abs(value - expected[i]) <= bound else {
          Issue.record(
            "\(test.testDescription) head \(headSize) row \(row) element \(i): \(value), not \(expected[i]) ± \(bound)")
          return
        }
      }
    }
  }

  /// Largest error of a stored element of magnitude ≤ 1: half an ulp; for Q8_0 half of 1/127 and the scale's own rounding.
  private func rounding(_ format: CacheFormat) -> Double {
    switch format {
    case .f32: 0
    case .f16: 0x1p-12
    case .bf16: 0x1p-9
    case .q8_0: 0.5 / 127 + 127 * 0x1p-11 / 127
    }
  }
}
