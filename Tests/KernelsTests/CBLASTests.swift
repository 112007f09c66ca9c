import Foundation
import KernelContract
import KernelReference
import KernelsBLAS
import TestSupport
import Testing

@Suite struct CBLASTests {
  private func refusal(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func anAbsentLibraryNamesItsPackage() {
    let absent = KnownCBLAS(name: "tardy", files: ["libtardy.so.9", "libtardy.so"], package: "libtardy9")
    let text = refusal { _ = try CBLASLibrary.open(absent) }
    for part in ["tardy", "libtardy.so.9 or libtardy.so", "apt install libtardy9"] {
      #expect(text.contains(part), "\(text)")
    }
  }

  @Test func everyKnownLibraryHasFilesAndAPackage() {
    #expect(KnownCBLAS.all.map(\.name) == ["openblas", "blis", "mkl"])
    #expect(KnownCBLAS.all.allSatisfy { !$0.files.isEmpty && $0.package.hasPrefix("lib") })
  }

  @Test func whatIsNoLibraryIsRefused() {
    let files = FakeTree(["/text.so": "no library\n"])
    files.makeQueue("/queue.so")
    #expect(refusal { _ = try CBLASLibrary.open("gotoblas") }.contains("openblas, blis, mkl"))
    for (path, part) in [
      (files.root + "/none.so", "no such file"), (files.root + "/queue.so", "is not a file"),
      (files.root, "is not a file"),
      (files.root + "/text.so", "cannot be opened"),
    ] {
      let text = refusal { _ = try CBLASLibrary.open(path) }
      #expect(text.contains(path) && text.contains(part), "\(text)")
    }
  }

  /// The C library has no products.
  @Test func aLibraryWithoutTheFunctionIsRefused() throws {
    let maps = try #require(try FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd())
    let words = String(decoding: maps, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
    let path = try #require(words.first { $0.contains("/libc.so") || $0.contains("/libc-") })
    #expect(refusal { _ = try CBLASLibrary.open(path) }.contains("has no cblas_sgemm"))
  }

  private static let installed = KnownCBLAS.all.compactMap { try? CBLASLibrary.open($0) }

  /// Rows, columns and tokens of different sizes, so that a wrong order or stride shows; two libraries side by side.
  @Test(.enabled(if: !installed.isEmpty, "no CBLAS library is installed"), arguments: [1, 2])
  func multipliesAsDefined(threads: Int) {
    var generator = SeededGenerator(seed: 5)
    let (tokens, rows, columns) = (3, 7, 50)
    let weights = (0..<rows * columns).map { _ in generator.symmetricFloat() }
    let x = (0..<tokens * columns).map { _ in generator.symmetricFloat() }
    for library in Self.installed {
      var output = [Float](repeating: .nan, count: tokens * rows)
      library.withThreads(threads) {
        library.multiply(
          weights: weights, activations: x, output: &output, tokens: tokens, rows: rows, columns: columns)
      }
      for token in 0..<tokens {
        for row in 0..<rows {
          let a = Array(x[token * columns..<(token + 1) * columns])
          let expected = weights[(row * columns)...].withUnsafeBytes {
            Reference.dot(.f32, row: $0.baseAddress!, a)
          }
          let bound = Double(columns) * 0x1p-24 * expected.magnitude
          #expect(abs(Double(output[token * rows + row]) - expected.value) <= bound, "\(library.name) \(token) \(row)")
        }
      }
      #expect(library.version?.isEmpty == false)
    }
  }
}
