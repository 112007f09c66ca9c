import KernelContract

/// Always the likeliest token.
struct GreedySampler {
  let kernels: SamplingKernels

  mutating func next(_ logits: UnsafeBufferPointer<Float>, history: [Int32]) -> Int32 {
    logits.baseAddress.map { Int32(kernels.argmax($0, logits.count)) } ?? 0
  }
}
