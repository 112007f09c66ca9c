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

  /// The number with `digits` significant digits, written without an exponent.
  package func significant(_ digits: Int) -> String {
    guard isFinite else { return "unknown" }
    let (leading, exponent) = scientific
    // 9.996 to three digits is 10.0: the carry has taken one decimal's place.
    let carries = Double(leading.fixed(digits - 1)).map { $0 >= 10 } ?? false
    return rounded(digits - 1 - exponent - (carries ? 1 : 0))
  }

  /// The number rounded to `decimals` decimals; a negative count rounds to tens, hundreds and so on.
  package func rounded(_ decimals: Int) -> String {
    if decimals >= 0 { return fixed(Swift.min(decimals, 12)) }
    var power = 1.0
    for _ in 0..<Swift.min(-decimals, 300) { power *= 10 }
    return ((self / power).rounded() * power).fixed(0)
  }

  /// Decimals that a half-width supports: one digit of doubt, two where that digit would be a 1 (a step of up to half).
  package var decimalsOfDoubt: Int {
    guard self > 0, isFinite else { return 3 }
    let (leading, exponent) = scientific
    return leading < 1.95 ? 1 - exponent : -exponent
  }

  /// Magnitude and exponent to base ten, the magnitude in 1 ..< 10; zero is zero.
  private var scientific: (leading: Double, exponent: Int) {
    guard self != 0, isFinite else { return (0, 0) }
    var (leading, exponent) = (magnitude, 0)
    while leading >= 10 { (leading, exponent) = (leading / 10, exponent + 1) }
    while leading < 1 { (leading, exponent) = (leading * 10, exponent - 1) }
    return (leading, exponent)
  }
}

extension Double {
  /// The number with so many significant digits, and nothing behind them: what two machines agree on whose mathematical functions
  /// differ in the last bit.
  package func rounded(significantDigits digits: Int) -> Double {
    guard isFinite, self != 0 else { return self }
    let text = withVaList([Int32(digits - 1), self]) { arguments in
      String(unsafeUninitializedCapacity: 64) { buffer in
        buffer.withMemoryRebound(to: CChar.self) { text in
          Int(max(0, min(63, vsnprintf(text.baseAddress, 64, "%.*e", arguments))))
        }
      }
    }
    return Double(text) ?? self
  }
}
