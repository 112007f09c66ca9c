import CIntrinsics

// e^x and friends, sixteen at a time.

/// e^x to about 2 units in the last place for x in [-87, 88]; 0 below, e^88 above.
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2, and a polynomial of degree 6 in r (Taylor: 0.35⁷/7! is 1.3e-7, below half an ulp).
@inline(always) func exponential(_ x: FloatLanes) -> FloatLanes {
  let clamped = minimum(maximum(x, FloatLanes(repeating: -87.3)), FloatLanes(repeating: 88))
  let n = nearestIntegers(clamped * FloatLanes(repeating: 1.442_695_04))
  let whole = to_float(n)
  // ln 2 in two parts, the first exact in few bits, so that the product with n is exact.
  let r = clamped.adding(product: whole, FloatLanes(repeating: -0.693_359_375))
    .adding(product: whole, FloatLanes(repeating: 2.121_944_4e-4))
  var p = FloatLanes(repeating: 1 / 120).adding(product: FloatLanes(repeating: 1 / 720), r)
  p = FloatLanes(repeating: 1 / 24).adding(product: p, r)
  p = FloatLanes(repeating: 1 / 6).adding(product: p, r)
  p = FloatLanes(repeating: 0.5).adding(product: p, r)
  p = FloatLanes(repeating: 1).adding(product: p, r)
  p = FloatLanes(repeating: 1).adding(product: p, r)
  let power = unsafeBitCast((n &+ IntLanes(repeating: 127)) &<< 23, to: FloatLanes.self)
  return (p * power).replacing(with: 0, where: x .< FloatLanes(repeating: -87.3))
}

/// 1 / (1 + e⁻ˣ)
@inline(always) func sigmoid(_ x: FloatLanes) -> FloatLanes { 1 / (1 + exponential(-x)) }

/// cap·tanh(v/cap) = cap·(2·σ(2v/cap) − 1)
@inline(always) func capped(_ v: FloatLanes, _ cap: Float) -> FloatLanes {
  let t = sigmoid(v * FloatLanes(repeating: 2 / cap))
  return (t + t - 1) * FloatLanes(repeating: cap)
}

/// 2^x within 7.5e-5, a third of the rounding to bfloat16 that follows, at half the price of `exponential`: a minimax polynomial
/// of degree 3 in x − ⌊x⌋. 0 for −∞, ∞ from 128 on.
@inline(always) func powerOfTwo(_ x: FloatLanes) -> FloatLanes {
  let f = above_floor(x)
  var p = FloatLanes(repeating: 0.226_067_156).adding(product: FloatLanes(repeating: 0.078_024_521_5), f)
  p = FloatLanes(repeating: 0.695_833_564).adding(product: p, f)
  p = FloatLanes(repeating: 0.999_925_196).adding(product: p, f)
  return times_two_to_floor(p, x)
}
