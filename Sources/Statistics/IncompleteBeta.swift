import Glibc

/// The regularised incomplete beta function I_x(a, b), from which the tails of Student's t and of the binomial follow.
/// The complement 1 − x is passed too, because it may be known to more digits than the subtraction leaves.
func regularizedIncompleteBeta(_ a: Double, _ b: Double, at x: Double, complement: Double) -> Double {
  if x <= 0 { return 0 }
  if complement <= 0 { return 1 }
  // The continued fraction converges quickly on this side of the mean only.
  if x > (a + 1) / (a + b + 2) { return 1 - regularizedIncompleteBeta(b, a, at: complement, complement: x) }
  let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(complement)) / a
  return front / continuedFraction(a, b, x)
}

/// 1 + d₁x/(1 + d₂x/(1 + …)) with the coefficients of DLMF 8.17.22, by the modified Lentz method.
private func continuedFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
  let tiny = Double.leastNormalMagnitude
  var fraction = 1.0
  var c = 1.0
  var d = 0.0
  // It takes about the square root of the greater parameter: a million terms reach parameters of 10^12.
  for term in 1...1_000_000 {
    let m = Double(term / 2)
    let even = term.isMultiple(of: 2)
    let numerator =
      even
      ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 + numerator * d
    c = 1 + numerator / c
    if d.magnitude < tiny { d = tiny }
    if c.magnitude < tiny { c = tiny }
    d = 1 / d
    fraction *= c * d
    if (c * d - 1).magnitude <= Double.ulpOfOne { break }
  }
  return fraction
}

private func logGamma(_ x: Double) -> Double {
  var sign: Int32 = 0
  return lgamma_r(x, &sign)
}
