import Foundation
import KernelContract
import Kernels
import TestSupport
import Testing

/// A row at an odd address between elements that no kernel may take in: the largest, and NaN.
private struct Row {
  let memory: [Float]
  let values: [Float]

  init(_ values: [Float]) {
    self.values = values
    memory =
      [.nan, .greatestFiniteMagnitude, 1e30] + values + [.greatestFiniteMagnitude, .nan]
      + [Float](repeating: 1e30, count: 64)
  }

  func read<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    memory.withUnsafeBufferPointer { body($0.baseAddress! + 3) }
  }
}

/// Every kernel of every instruction set that runs here against its scalar definition.
@Suite struct SamplingKernelTests {
  private static let sizes = [1, 2, 15, 16, 17, 31, 63, 64, 65, 127, 1000, 1023, 1024, 1025, 3000]

  private func forEachRow(_ body: (Row, String) throws -> Void) rethrows {
    for size in Self.sizes {
      for rows in Rows.allCases { try body(Row(rows.logits(size)), "\(rows) \(size)") }
    }
  }

  private func runs(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: 64).map { $0..<min($0 + 64, count) }
  }

  @Test(arguments: usableSets)
  func argmax(isa: InstructionSet) {
    forEachRow { row, name in
      let largest = row.values.filter { !$0.isNaN }.max()
      let found = row.read { KernelList.sampling(isa).argmax($0, row.values.count) }
      #expect(found == largest.flatMap { row.values.firstIndex(of: $0) } ?? 0, "\(name)")
    }
  }

  @Test(arguments: usableSets)
  func runMaxima(isa: InstructionSet) {
    forEachRow { row, name in
      let runs = runs(row.values.count)
      var maxima = [Float](repeating: .nan, count: runs.count + 1)
      row.read { KernelList.sampling(isa).runMaxima($0, row.values.count, &maxima) }
      let expected = runs.map { row.values[$0].filter { !$0.isNaN }.max() ?? -Float.infinity }
      #expect(Array(maxima.dropLast()) == expected, "\(name)")
      #expect(maxima.last!.isNaN, "\(name): written beyond the last run")
    }
  }

  /// 2^t by Double, and the error that the contract and the rounding of t (twice, to 2⁻²⁴ of it) allow.
  private func weight(_ x: Float, _ maximum: Float, _ scale: Float) -> (value: Double, error: Double, t: Double) {
    let t = Double(x - maximum) * Double(scale)
    guard t > -127 else { return (0, 0x1p-126, -127) }
    let value = exp2(t)
    return (value, max(0x1p-126, value * (2e-7 + abs(t) * log(2) * 0x1p-23)), t)
  }

  @Test(arguments: usableSets)
  func weightsAndTheirSums(isa: InstructionSet) {
    let kernels = KernelList.sampling(isa)
    forEachRow { row, name in
      let count = row.values.count
      let maximum = row.values.filter { !$0.isNaN }.max()!
      guard maximum.isFinite else { return }
      for scale: Float in [1.442_695, 0.01, 30, 1e30] {
        let exact = row.values.map { weight($0, maximum, scale) }
        var found = [Float](repeating: .nan, count: count + 1)
        row.read { kernels.weights($0, count, maximum, scale, &found) }
        #expect(zip(found, exact).allSatisfy { abs(Double($0) - $1.value) <= $1.error }, "\(name) \(scale)")
        #expect(found[count].isNaN, "\(name): written beyond the row")
        #expect(zip(found, row.values).allSatisfy { $1 > -.infinity || $0 == 0 }, "\(name) \(scale)")

        let runs = runs(count)
        var sums = [Float](repeating: .nan, count: runs.count)
        var again = sums
        var stored = [Float](repeating: .nan, count: count + SamplingKernels.slack + 1)
        var moment = 0.0
        row.read { kernels.runSums($0, count, maximum, scale, &sums, &stored, &moment) }
        row.read { kernels.runSums($0, count, maximum, scale, &again, nil, nil) }
        #expect(sums == again, "\(name) \(scale)")
        var alone = [Float](repeating: .nan, count: count + SamplingKernels.slack + 1)
        row.read { kernels.runSums($0, count, maximum, scale, &again, &alone, nil) }
        #expect(sums == again && alone.prefix(count) == stored.prefix(count), "\(name) \(scale)")
        #expect(zip(stored, exact).allSatisfy { abs(Double($0) - $1.value) <= $1.error }, "\(name) \(scale)")
        #expect(stored.last!.isNaN && alone.last!.isNaN, "\(name): written beyond the slack")
        for (i, run) in runs.enumerated() {
          // Sixty-four roundings to 2⁻²⁴ of a partial sum each.
          let sum = exact[run].reduce(0) { $0 + $1.value }
          let error = exact[run].reduce(0) { $0 + $1.error } + sum * 0x1p-18
          #expect(abs(Double(sums[i]) - sum) <= error, "\(name) \(scale)")
        }
        // Sixty-four roundings more, and that of each product.
        let exactMoment = exact.reduce(0) { $0 + $1.value * $1.t }
        let momentError = exact.reduce(0) { $0 + 127 * $1.error } - exactMoment * 0x1p-17
        #expect(abs(moment - exactMoment) <= momentError, "\(name) \(scale)")
      }
    }
  }

  @Test(arguments: usableSets)
  func sumAtLeast(isa: InstructionSet) {
    let kernels = KernelList.sampling(isa)
    forEachRow { row, name in
      let weights = Row(row.values.indices.map { Float(1 + $0 % 13) / 8 })
      var last = 0.0
      for threshold: Float in [.infinity, 8, 2.5, 2, 0.5, 0, -0.5, -3, -41, -.infinity] {
        let chosen = row.values.indices.filter { row.values[$0] >= threshold }
        let number = row.read { kernels.sumAtLeast($0, nil, row.values.count, threshold) }
        #expect(number == Double(chosen.count), "\(name) \(threshold)")
        // Eighths: exact.
        let sum = row.read { keys in weights.read { kernels.sumAtLeast(keys, $0, row.values.count, threshold) } }
        #expect(sum == chosen.reduce(0) { $0 + Double(weights.values[$1]) }, "\(name) \(threshold)")
        #expect(sum >= last)
        last = sum
      }
    }
  }

  @Test(arguments: usableSets)
  func select(isa: InstructionSet) {
    let kernels = KernelList.sampling(isa)
    forEachRow { row, name in
      let count = row.values.count
      var maxima = [Float](repeating: 0, count: runs(count).count)
      row.read { kernels.runMaxima($0, count, &maxima) }
      for (lower, upper): (Float, Float) in [
        (-.infinity, .infinity), (2, .infinity), (0.5, 2), (-.infinity, 0), (-41, -39.5), (1, 1), (30, .infinity),
      ] {
        let expected = row.values.indices.filter { row.values[$0] >= lower && row.values[$0] < upper }
        for withMaxima in [false, true] {
          var indices = [Int32](repeating: -7, count: count + SamplingKernels.slack + 1)
          var values = [Float](repeating: .nan, count: count + SamplingKernels.slack + 1)
          let found = row.read { x in
            maxima.withUnsafeBufferPointer {
              kernels.select(x, count, withMaxima ? $0.baseAddress : nil, lower, upper, &indices, &values)
            }
          }
          #expect(indices.prefix(found).map(Int.init) == expected, "\(name) \(lower) \(upper)")
          #expect(values.prefix(found).elementsEqual(expected.map { row.values[$0] }), "\(name) \(lower) \(upper)")
          #expect(indices.last == -7 && values.last!.isNaN, "\(name): written beyond the slack")
        }
        // In place.
        var indices = [Int32](repeating: -7, count: count + SamplingKernels.slack)
        var values = row.values + [Float](repeating: .nan, count: SamplingKernels.slack)
        let found = values.withUnsafeMutableBufferPointer {
          kernels.select($0.baseAddress!, count, nil, lower, upper, &indices, $0.baseAddress!)
        }
        #expect(indices.prefix(found).map(Int.init) == expected, "\(name) \(lower) \(upper)")
        #expect(values.prefix(found).elementsEqual(expected.map { row.values[$0] }), "\(name) \(lower) \(upper)")
      }
    }
  }

  @Test(arguments: usableSets)
  func sift(isa: InstructionSet) {
    let kernels = KernelList.sampling(isa)
    forEachRow { row, name in
      let count = row.values.count
      let weights = Row(row.values.indices.map { Float(1 + $0 % 13) / 8 })
      var maxima = [Float](repeating: 0, count: runs(count).count)
      row.read { kernels.runMaxima($0, count, &maxima) }
      for bounds in [
        SiftBounds(lower: -.infinity, innerLower: 0, innerUpper: .infinity, upper: .infinity),
        SiftBounds(lower: 0.5, innerLower: 2, innerUpper: .infinity, upper: .infinity),
        SiftBounds(lower: -3, innerLower: -1, innerUpper: 1, upper: 2.5),
        SiftBounds(lower: -41, innerLower: -40, innerUpper: -39.5, upper: -39),
        SiftBounds(lower: 3, innerLower: 5, innerUpper: 5, upper: 30),
      ] {
        let inner = row.values.indices.filter {
          row.values[$0] >= bounds.innerLower && row.values[$0] < bounds.innerUpper
        }
        let expected = row.values.indices.filter { row.values[$0] >= bounds.lower && row.values[$0] < bounds.upper }
          .filter { !Set(inner).contains($0) }
        for withMaxima in [false, true] {
          var indices = [Int32](repeating: -7, count: count + SamplingKernels.slack + 1)
          var values = [Float](repeating: .nan, count: count + SamplingKernels.slack + 1)
          let found = row.read { x in
            weights.read { weights in
              maxima.withUnsafeBufferPointer {
                kernels.sift(x, weights, count, withMaxima ? $0.baseAddress : nil, bounds, &indices, &values)
              }
            }
          }
          // Eighths: exact.
          #expect(found.sum == inner.reduce(0) { $0 + Double(weights.values[$1]) }, "\(name) \(bounds)")
          #expect(indices.prefix(found.count).map(Int.init) == expected, "\(name) \(bounds)")
          #expect(values.prefix(found.count).elementsEqual(expected.map { row.values[$0] }), "\(name) \(bounds)")
          #expect(indices.last == -7 && values.last!.isNaN, "\(name): written beyond the slack")
        }
      }
    }
  }
}
