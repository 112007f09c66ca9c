import Glibc

extension Double {
  /// The number with a fixed count of decimals, correctly rounded, as `printf("%.*f")` writes it.
  package func fixed(_ decimals: Int) -> String {
    // The longest finite number has 309 digits before the point.
    let capacity = 330 + max(0, decimals)
    return withVaList([Int32(clamping: max(0, decimals)), self]) { arguments in
      String(unsafeUninitializedCapacity: capacity) { buffer in
        buffer.withMemoryRebound(to: CChar.self) { text in
          Int(max(0, min(Int32(clamping: capacity - 1), vsnprintf(text.baseAddress, capacity, "%.*f", arguments))))
        }
      }
    }
  }
}
