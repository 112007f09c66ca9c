/// Part `part` of `count` items cut into `parts` contiguous runs whose lengths differ by one unit at most.
/// Weights are packed, first touched and later read by the same part.
package func share(_ count: Int, part: Int, of parts: Int, unit: Int = 1) -> Range<Int> {
  let units = (count + unit - 1) / unit
  let low = units * part / parts * unit
  let high = units * (part + 1) / parts * unit
  return min(low, count)..<min(high, count)
}
