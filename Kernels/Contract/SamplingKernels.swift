/// What sampling asks of rows of logits, all of one instruction set. A row is divided into runs of 64 elements, the last of
/// which may be shorter, so that a second look touches few of them. NaN counts as smaller than everything.
package final class SamplingKernels: Sendable {
  package typealias Row = UnsafePointer<Float>
  package typealias Output = UnsafeMutablePointer<Float>

  package let isa: InstructionSet

  package static let run = 64
  /// Elements that `runSums` and `select` may write behind the last one.
  package static let slack = 16

  /// Index of the first largest element. Where nothing is above −∞: of the first −∞, or else 0.
  package let argmax: @Sendable (_ x: Row, _ length: Int) -> Int
  /// Largest element of each run; −∞ where all are NaN.
  package let runMaxima: @Sendable (_ x: Row, _ length: Int, _ maxima: Output) -> Void
  /// 2^t, t = (x − maximum)·scale, of each element, for a finite maximum ≥ x: to 2·10⁻⁷ of itself down to 2⁻¹²⁶;
  /// 0 for t ≤ −127 and for NaN.
  package let weights: @Sendable (_ x: Row, _ length: Int, _ maximum: Float, _ scale: Float, _ output: Output) -> Void
  /// Sums of the weights of each run and, where asked for, the weights and with them the sum of weight·t.
  package let runSums:
    @Sendable (
      _ x: Row, _ length: Int, _ maximum: Float, _ scale: Float, _ sums: Output, _ weights: Output?,
      _ moment: UnsafeMutablePointer<Double>?
    ) -> Void
  /// Sum of the weights (without weights, the number) of the elements whose key is at least `threshold`. It never falls when
  /// the threshold does, in spite of rounding.
  package let sumAtLeast: @Sendable (_ keys: Row, _ weights: Row?, _ length: Int, _ threshold: Float) -> Double
  /// Indices and values of the elements in [lower, upper), in order; returns how many there are. With the maxima of the runs,
  /// those below `lower` are not read. `values` may be `x` itself.
  package let select:
    @Sendable (
      _ x: Row, _ length: Int, _ maxima: Row?, _ lower: Float, _ upper: Float,
      _ indices: UnsafeMutablePointer<Int32>, _ values: Output
    ) -> Int
  /// The sum of the weights of the elements in the inner range, and indices and values of the others in the outer one, in order.
  /// With the maxima of the runs, those below the ranges are not read.
  package let sift:
    @Sendable (
      _ x: Row, _ weights: Row, _ length: Int, _ maxima: Row?, _ bounds: SiftBounds,
      _ indices: UnsafeMutablePointer<Int32>, _ values: Output
    ) -> (sum: Double, count: Int)

  package init(
    _ isa: InstructionSet,
    argmax: @escaping @Sendable (Row, Int) -> Int,
    runMaxima: @escaping @Sendable (Row, Int, Output) -> Void,
    weights: @escaping @Sendable (Row, Int, Float, Float, Output) -> Void,
    runSums:
      @escaping @Sendable (
        Row, Int, Float, Float, Output, Output?, UnsafeMutablePointer<Double>?
      ) -> Void,
    sumAtLeast: @escaping @Sendable (Row, Row?, Int, Float) -> Double,
    select: @escaping @Sendable (Row, Int, Row?, Float, Float, UnsafeMutablePointer<Int32>, Output) -> Int,
    sift:
      @escaping @Sendable (
        Row, Row, Int, Row?, SiftBounds, UnsafeMutablePointer<Int32>, Output
      ) -> (sum: Double, count: Int)
  ) {
    self.isa = isa
    self.argmax = argmax
    self.runMaxima = runMaxima
    self.weights = weights
    self.runSums = runSums
    self.sumAtLeast = sumAtLeast
    self.select = select
    self.sift = sift
  }

  /// What its members do, in their order.
  package static let operations: [KernelOperation] = [
    .argmax, .runMaxima, .expWeights, .runSums, .sumAtLeast, .select, .sift,
  ]

  package var identities: [KernelIdentity] { Self.operations.map { KernelIdentity($0, isa: isa) } }
}

/// An inner range of values, [innerLower, innerUpper), within an outer one, [lower, upper). Both upper bounds are finite, or both are
/// infinite.
package struct SiftBounds {
  package let lower: Float
  package let innerLower: Float
  package let innerUpper: Float
  package let upper: Float

  package init(lower: Float, innerLower: Float, innerUpper: Float, upper: Float) {
    self.lower = lower
    self.innerLower = innerLower
    self.innerUpper = innerUpper
    self.upper = upper
  }
}
