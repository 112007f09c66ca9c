/// Scaled dot-product attention of some query rows over a range of cached positions, by online softmax.
///
/// Rows are (token, head of the group) pairs that share one key-value head, token-major. Row r sees the positions
/// `max(positions.lowerBound, lower(r)) ..< min(positions.upperBound, token position + 1)`. The result is a partial one, so that ranges can be
/// computed apart and merged: output = Σ exp(score − maximum)·value, with `maxima` and `sums` beside it. Tiles leave a
/// score there that may lie below the largest: sums and outputs of parts are merged alike.
package struct AttentionArguments {
  package var keys: UnsafeRawPointer
  package var values: UnsafeRawPointer
  package var keyLayout: CacheLayout
  package var valueLayout: CacheLayout
  /// [row][queryStride], rotated and scaled.
  package var queries: UnsafePointer<Float>
  package var queryStride: Int
  package var tokens: Int
  package var groupSize: Int
  /// Position of the first token; the others follow.
  package var firstPosition: Int
  /// Positions that this call covers.
  package var positions: Range<Int>
  /// Tokens seen back from and with the own position; Int.max where all are.
  package var window: Int
  /// cap·tanh(score/cap); 0 for none.
  package var softcap: Float
  /// [row][outputStride], not divided by the sum.
  package var output: UnsafeMutablePointer<Float>
  package var outputStride: Int
  package var maxima: UnsafeMutablePointer<Float>
  package var sums: UnsafeMutablePointer<Float>
  /// This thread's own, `scratchBytes` long.
  package var scratch: UnsafeMutableRawPointer

  package init(
    keys: UnsafeRawPointer, values: UnsafeRawPointer, keyLayout: CacheLayout, valueLayout: CacheLayout,
    queries: UnsafePointer<Float>, queryStride: Int, tokens: Int, groupSize: Int, firstPosition: Int,
    positions: Range<Int>, window: Int, softcap: Float, output: UnsafeMutablePointer<Float>, outputStride: Int,
    maxima: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    self.keys = keys
    self.values = values
    self.keyLayout = keyLayout
    self.valueLayout = valueLayout
    self.queries = queries
    self.queryStride = queryStride
    self.tokens = tokens
    self.groupSize = groupSize
    self.firstPosition = firstPosition
    self.positions = positions
    self.window = window
    self.softcap = softcap
    self.output = output
    self.outputStride = outputStride
    self.maxima = maxima
    self.sums = sums
    self.scratch = scratch
  }
}

package enum AttentionContract {
  /// Positions scored before the running softmax is updated.
  package static let tilePositions = 64
  /// Most rows of one call.
  package static let maximumRows = 64

  /// Scores of a tile, and as many sums or weights that Q8_0 has yet to scale or has scaled.
  package static let scratchBytes = 2 * 4 * maximumRows * tilePositions

  /// Two products of `headSize` multiply-adds a visible (row, position) pair; each visible key and value read once.
  /// `visible` counts (token, position) pairs, `positions` the cached positions read.
  package static func cost(
    keyFormat: CacheFormat, valueFormat: CacheFormat, headSize: Int, heads: Int, keyValueHeads: Int, tokens: Int,
    visible: Int, positions: Int
  ) -> OperationCost {
    let row = CacheLayout.bytes(keyFormat, elements: headSize) + CacheLayout.bytes(valueFormat, elements: headSize)
    return OperationCost(
      flops: 4 * headSize * heads * visible,
      bytesRead: row * keyValueHeads * positions + 4 * headSize * heads * tokens,
      bytesWritten: 4 * headSize * heads * tokens)
  }
}
