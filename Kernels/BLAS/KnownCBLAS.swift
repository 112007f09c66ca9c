/// A library that can be asked for by name.
package struct KnownCBLAS: Sendable {
  package let name: String
  /// What Debian and the makers' own packages install, the preferred first.
  package let files: [String]
  /// Debian's package, with its section where that is not `main`.
  package let package: String

  package init(name: String, files: [String], package: String) {
    self.name = name
    self.files = files
    self.package = package
  }

  package static let all = [
    KnownCBLAS(name: "openblas", files: ["libopenblas.so.0", "libopenblas.so"], package: "libopenblas0"),
    KnownCBLAS(name: "blis", files: ["libblis.so.4", "libblis.so"], package: "libblis4"),
    KnownCBLAS(name: "mkl", files: ["libmkl_rt.so.2", "libmkl_rt.so"], package: "libmkl-rt (in non-free)"),
  ]
}
