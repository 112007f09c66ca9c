import CIntrinsics

// Functions of a gate (`VectorKernels.siluProduct`, `geluProduct`). The quick ones are for results that are rounded to bfloat16.

@inline(always) func silu(_ x: FloatLanes) -> FloatLanes { x * sigmoid(x) }
@inline(always) func gelu(_ x: FloatLanes) -> FloatLanes { x * sigmoid(geluArgument(x)) }
@inline(always) func quickSilu(_ x: FloatLanes) -> FloatLanes { x * quickSigmoid(x) }
@inline(always) func quickGelu(_ x: FloatLanes) -> FloatLanes { x * quickSigmoid(geluArgument(x)) }

/// 2·√(2/π)·(x + 0.044715·x³)
@inline(always) private func geluArgument(_ x: FloatLanes) -> FloatLanes {
  x * (1 + x * x * 0.044715) * 1.595_769_1
}

/// 1 / (1 + e⁻ˣ) to a relative 1.5e-4, a tenth of half a unit of bfloat16: e⁻ˡˣˡ by `powerOfTwo`, and no division.
@inline(always) private func quickSigmoid(_ x: FloatLanes) -> FloatLanes {
  let e = powerOfTwo(magnitude(x) * -1.442_695_04)
  return FloatLanes(repeating: 1).replacing(with: e, where: x .< FloatLanes.zero) * reciprocal_estimate(1 + e)
}
