extension FloatLanes {
  /// self += a · b, in place so that sums stay in registers; rounded once where the instruction set can.
  @inline(always) mutating func add(product a: FloatLanes, _ b: FloatLanes) {
    #if FUSED
      addProduct(a, b)
    #else
      self += a * b  // `addProduct` would call fmaf once a lane
    #endif
  }

  @inline(always) func adding(product a: FloatLanes, _ b: FloatLanes) -> FloatLanes {
    var result = self
    result.add(product: a, b)
    return result
  }
}
