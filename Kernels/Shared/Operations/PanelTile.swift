import CIntrinsics

/// c[r][v·16 + lane] (+)= Σ over k of a[r][k] · b[k][v·16 + lane], for R rows and V vectors, sums in registers.
enum PanelTile<E: PanelElement, let R: Int, let V: Int> {
  /// Strides: of `a` and `c` in Floats from row to row, of `b` in bytes from k to k and from vector to vector. What lies `ahead`
  /// bytes behind each vector is asked for while this one is multiplied; 0 for nothing.
  @inline(always)
  static func run(
    a: UnsafePointer<Float>, aStride: Int, b: UnsafeRawPointer, bStride: Int, panelStride: Int, depth: Int,
    c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool, ahead: Int = 0
  ) {
    var sums = InlineArray<R, InlineArray<V, FloatLanes>> { _ in InlineArray(repeating: .zero) }
    for k in 0..<depth {
      // What is added to at the end arrives meanwhile, a row every 16 steps: all at once would hold up the loads.
      if accumulate && k & 15 == 0 && k < 16 * R { prefetch_lines(c + (k >> 4) * cStride, V * 64) }
      var columns = InlineArray<V, FloatLanes>(repeating: .zero)
      for v in 0..<V {
        columns[v] = E.load(b + k * bStride + v * panelStride)
        if ahead != 0 { prefetch_lines(b + k * bStride + v * panelStride + ahead, 64) }
      }
      for r in 0..<R {
        let x = FloatLanes(repeating: a[r * aStride + k])
        for v in 0..<V { sums[r][v].add(product: columns[v], x) }
      }
    }
    if accumulate { for r in 0..<R { for v in 0..<V { sums[r][v] += c.lanes(r * cStride + v * 16) } } }
    for r in 0..<R { for v in 0..<V { c.store(sums[r][v], r * cStride + v * 16) } }
  }
}

/// Any number of rows and vectors, in tiles as large as the registers allow.
@inline(always)
func multiplyPanel<E: PanelElement>(
  _: E.Type, rows: Int, vectors: Int, a: UnsafePointer<Float>, aStride: Int, b: UnsafeRawPointer, bStride: Int,
  panelStride: Int, depth: Int, c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool, ahead: Int = 0
) {
  var v = 0
  while v < vectors {
    let (x, y) = (b + v * panelStride, c + v * 16)
    // A few rows by two vectors would be too few sums to hide the latency of the multiply-adds.
    if tileVectors == 2 && rows <= 4 && v + 4 <= vectors {
      multiplyRows(
        E.self, PanelWidth<4>(), rows: rows, a: a, aStride: aStride, b: x, bStride: bStride, panelStride: panelStride,
        depth: depth, c: y, cStride: cStride, accumulate: accumulate, ahead: ahead)
      v += 4
    } else if tileVectors == 2 && v + 1 < vectors {
      multiplyRows(
        E.self, PanelWidth<2>(), rows: rows, a: a, aStride: aStride, b: x, bStride: bStride, panelStride: panelStride,
        depth: depth, c: y, cStride: cStride, accumulate: accumulate, ahead: ahead)
      v += 2
    } else {
      multiplyRows(
        E.self, PanelWidth<1>(), rows: rows, a: a, aStride: aStride, b: x, bStride: bStride, panelStride: panelStride,
        depth: depth, c: y, cStride: cStride, accumulate: accumulate, ahead: ahead)
      v += 1
    }
  }
}

/// Any number of rows by `V` vectors: tiles as tall as the registers allow, then shorter ones for the rest.
/// Not inlined: past a few hundred blocks a caller inlines nothing more, not even the halves of a vector.
@inline(never)
private func multiplyRows<E: PanelElement, let V: Int>(
  _: E.Type, _: PanelWidth<V>, rows: Int, a: UnsafePointer<Float>, aStride: Int, b: UnsafeRawPointer, bStride: Int,
  panelStride: Int, depth: Int, c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool, ahead: Int
) {
  var r = 0
  while r < rows {
    let rest = rows - r
    let (x, y) = (a + r * aStride, c + r * cStride)
    // The first rows of a panel fetch ahead for all.
    let ahead = r == 0 ? ahead : 0
    if V <= tileVectors && rest >= tallTileRows {
      TallTile<E, V>.run(
        a: x, aStride: aStride, b: b, bStride: bStride, panelStride: panelStride, depth: depth, c: y,
        cStride: cStride, accumulate: accumulate, ahead: ahead)
      r += tallTileRows
    } else if rest >= 4 {
      PanelTile<E, 4, V>.run(
        a: x, aStride: aStride, b: b, bStride: bStride, panelStride: panelStride, depth: depth, c: y,
        cStride: cStride, accumulate: accumulate, ahead: ahead)
      r += 4
    } else if rest == 3 {  // a group of three query heads reads its keys once
      PanelTile<E, 3, V>.run(
        a: x, aStride: aStride, b: b, bStride: bStride, panelStride: panelStride, depth: depth, c: y,
        cStride: cStride, accumulate: accumulate, ahead: ahead)
      r += 3
    } else if rest >= 2 {
      PanelTile<E, 2, V>.run(
        a: x, aStride: aStride, b: b, bStride: bStride, panelStride: panelStride, depth: depth, c: y,
        cStride: cStride, accumulate: accumulate, ahead: ahead)
      r += 2
    } else {
      PanelTile<E, 1, V>.run(
        a: x, aStride: aStride, b: b, bStride: bStride, panelStride: panelStride, depth: depth, c: y,
        cStride: cStride, accumulate: accumulate, ahead: ahead)
      r += 1
    }
  }
}

/// Names a width where the compiler must infer it.
struct PanelWidth<let V: Int> {}
