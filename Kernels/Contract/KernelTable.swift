/// The operations that are not matrix products, all of one instruction set. Pointers to Float rows; lengths in elements.
package final class VectorKernels: Sendable {
  package typealias Row = UnsafePointer<Float>
  package typealias Output = UnsafeMutablePointer<Float>

  package let isa: InstructionSet
  /// output = x / √(mean(x²) + ε) · weight. Output may be x.
  package let norm: @Sendable (_ x: Row, _ weight: Row, _ epsilon: Float, _ length: Int, _ output: Output) -> Void
  /// x += y
  package let add: @Sendable (_ x: Output, _ y: Row, _ length: Int) -> Void
  /// x *= factor
  package let scale: @Sendable (_ x: Output, _ factor: Float, _ length: Int) -> Void
  /// gate = silu(gate) · up, silu(x) = x / (1 + e⁻ˣ)
  package let siluProduct: @Sendable (_ gate: Output, _ up: Row, _ length: Int) -> Void
  /// gate = gelu(gate) · up, by the tanh form: gelu(x) = x·σ(2·√(2/π)·(x + 0.044715·x³))
  package let geluProduct: @Sendable (_ gate: Output, _ up: Row, _ length: Int) -> Void
  /// x = cap · tanh(x / cap)
  package let softcap: @Sendable (_ x: Output, _ cap: Float, _ length: Int) -> Void
  /// Turns pairs of the first 2·`pairs` elements by the angles whose cosines and sines are given.
  package let rotateAdjacent: @Sendable (_ x: Output, _ cosines: Row, _ sines: Row, _ pairs: Int) -> Void
  package let rotateHalves: @Sendable (_ x: Output, _ cosines: Row, _ sines: Row, _ pairs: Int) -> Void
  /// Writes some columns of one row into prepared activations, `depth` columns wide. `x` is the row's first column; the range begins
  /// with a block of 32, and what lies between its end and the end of a block becomes zero.
  package let prepare:
    @Sendable (
      _ x: Row, _ columns: Range<Int>, _ depth: Int, _ format: ActivationFormat, _ token: Int,
      _ destination: UnsafeMutableRawPointer
    ) -> Void
  /// Rounds to bfloat16 and back, to nearest even.
  package let roundToBFloat16: @Sendable (_ x: Output, _ length: Int) -> Void
  /// Stores one position's key or value head.
  package let storeKey:
    @Sendable (_ x: Row, _ layout: CacheLayout, _ position: Int, _ cache: UnsafeMutableRawPointer) -> Void
  package let storeValue:
    @Sendable (_ x: Row, _ layout: CacheLayout, _ position: Int, _ cache: UnsafeMutableRawPointer) -> Void
  package let attention: @Sendable (AttentionArguments) -> Void

  package init(
    _ isa: InstructionSet,
    norm: @escaping @Sendable (Row, Row, Float, Int, Output) -> Void,
    add: @escaping @Sendable (Output, Row, Int) -> Void,
    scale: @escaping @Sendable (Output, Float, Int) -> Void,
    siluProduct: @escaping @Sendable (Output, Row, Int) -> Void,
    geluProduct: @escaping @Sendable (Output, Row, Int) -> Void,
    softcap: @escaping @Sendable (Output, Float, Int) -> Void,
    rotateAdjacent: @escaping @Sendable (Output, Row, Row, Int) -> Void,
    rotateHalves: @escaping @Sendable (Output, Row, Row, Int) -> Void,
    prepare: @escaping @Sendable (Row, Range<Int>, Int, ActivationFormat, Int, UnsafeMutableRawPointer) -> Void,
    roundToBFloat16: @escaping @Sendable (Output, Int) -> Void,
    storeKey: @escaping @Sendable (Row, CacheLayout, Int, UnsafeMutableRawPointer) -> Void,
    storeValue: @escaping @Sendable (Row, CacheLayout, Int, UnsafeMutableRawPointer) -> Void,
    attention: @escaping @Sendable (AttentionArguments) -> Void
  ) {
    self.isa = isa
    self.norm = norm
    self.add = add
    self.scale = scale
    self.siluProduct = siluProduct
    self.geluProduct = geluProduct
    self.softcap = softcap
    self.rotateAdjacent = rotateAdjacent
    self.rotateHalves = rotateHalves
    self.prepare = prepare
    self.roundToBFloat16 = roundToBFloat16
    self.storeKey = storeKey
    self.storeValue = storeValue
    self.attention = attention
  }

  /// What its members do, in their order.
  package static let operations: [KernelOperation] = [
    .norm, .add, .scale, .swiglu, .geglu, .softcap, .rope, .ropeNeox, .quantize, .roundBFloat16, .storeKey, .storeValue,
    .attention,
  ]

  package func identity(_ operation: KernelOperation) -> KernelIdentity { KernelIdentity(operation, isa: isa) }
  package var identities: [KernelIdentity] { Self.operations.map(identity) }
}
