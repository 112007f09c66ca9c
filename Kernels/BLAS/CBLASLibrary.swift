import Glibc

/// A BLAS library with the C interface, opened at run time: what the kernels' Float products are compared with.
package final class CBLASLibrary: @unchecked Sendable {
  /// How it was asked for: `openblas`, or the last part of a path.
  package let name: String
  /// The file or the soname that was opened.
  package let file: String
  /// What the library says of itself; nil where it cannot be asked.
  package let version: String?

  private let product: Product
  private let threadControl: ThreadControl?

  /// `cblas_sgemm`. A library's integers are 32 or 64 bits wide; both read what they need from the register or the stack slot of
  /// 8 bytes that the calling conventions of x86-64 and AArch64 give to either, so that one declaration serves all.
  private typealias Product =
    @convention(c) (
      _ order: Int32, _ transposeA: Int32, _ transposeB: Int32, _ m: Int, _ n: Int, _ k: Int, _ alpha: Float,
      _ a: UnsafePointer<Float>, _ strideA: Int, _ b: UnsafePointer<Float>, _ strideB: Int, _ beta: Float,
      _ c: UnsafeMutablePointer<Float>, _ strideC: Int
    ) -> Void

  /// The plain name; the suffixes of builds with 64-bit integers (OpenBLAS, Netlib); the prefix of Python's wheels.
  private static let productNames = [
    "cblas_sgemm", "cblas_sgemm64_", "cblas_sgemm_64", "scipy_cblas_sgemm", "scipy_cblas_sgemm64_",
  ]

  /// Opens a known library by its name, or any by a path, which has a slash. It stays open: its threads outlive any call.
  package static func open(_ name: String) throws(CBLASError) -> CBLASLibrary {
    if name.contains("/") { return try CBLASLibrary(path: name) }
    guard let known = KnownCBLAS.all.first(where: { $0.name == name.lowercased() }) else {
      let names = KnownCBLAS.all.map(\.name).joined(separator: ", ")
      throw CBLASError("'\(name)' is not known; give one of \(names), or the path of a library")
    }
    return try open(known)
  }

  package static func open(_ known: KnownCBLAS) throws(CBLASError) -> CBLASLibrary {
    // Local symbols, so that several libraries with the same names live side by side.
    for file in known.files {
      if let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL) { return try CBLASLibrary(handle, known.name, file) }
    }
    throw CBLASError(
      "'\(known.name)' is not installed (no \(known.files.joined(separator: " or "))); on Debian, apt install "
        + known.package)
  }

  private convenience init(path: String) throws(CBLASError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw CBLASError("'\(path)': \(String(cString: strerror(errno)).lowercased())")
    }
    // Opening a queue would wait for a writer.
    guard status.st_mode & S_IFMT == S_IFREG else { throw CBLASError("'\(path)' is not a file; name a shared library") }
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw CBLASError("'\(path)' cannot be opened: \(dlerror().map { String(cString: $0) } ?? "no reason given")")
    }
    try self.init(handle, path.split(separator: "/").last.map(String.init) ?? path, path)
  }

  private init(_ handle: UnsafeMutableRawPointer, _ name: String, _ file: String) throws(CBLASError) {
    guard let symbol = Self.productNames.lazy.compactMap({ dlsym(handle, $0) }).first else {
      throw CBLASError(
        "'\(file)' has no \(Self.productNames.joined(separator: ", ")); name a BLAS library with the C interface")
    }
    self.name = name
    self.file = file
    product = unsafeBitCast(symbol, to: Product.self)
    threadControl = ThreadControl(handle)
    version = Self.version(handle)
  }

  /// Runs a body in which the library uses `count` threads, and then gives it as many as before. A library that cannot be told
  /// decides for itself.
  package func withThreads<R>(_ count: Int, _ body: () throws -> R) rethrows -> R {
    let before = threadControl?.exchange(count)
    defer { if let before { _ = threadControl?.exchange(before) } }
    return try body()
  }

  /// output[token][row] = Σ over columns of weights[row][column] · activations[token][column], all of them row-major.
  package func multiply(
    weights: UnsafePointer<Float>, activations: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    tokens: Int, rows: Int, columns: Int
  ) {
    let (rowMajor, plain, transposed) = (Int32(101), Int32(111), Int32(112))
    product(
      rowMajor, plain, transposed, tokens, rows, columns, 1, activations, columns, weights, columns, 0, output, rows)
  }

  private static func version(_ handle: UnsafeMutableRawPointer) -> String? {
    for name in ["openblas_get_config", "openblas_get_config64_", "bli_info_get_version_str"] {
      guard let symbol = dlsym(handle, name) else { continue }
      let text = unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<CChar>?).self)()
      let words = text.map { String(cString: $0) }?.split(separator: " ").joined(separator: " ")
      return name.hasPrefix("bli") ? words.map { "BLIS \($0)" } : words
    }
    guard let symbol = dlsym(handle, "MKL_Get_Version_String") else { return nil }
    let write = unsafeBitCast(symbol, to: (@convention(c) (UnsafeMutablePointer<CChar>, Int32) -> Void).self)
    var text = [CChar](repeating: 0, count: 256)
    write(&text, Int32(text.count - 1))
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// A library that cannot be used, said in one line.
package struct CBLASError: Error, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}
