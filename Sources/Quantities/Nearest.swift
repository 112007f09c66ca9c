/// The known word that a mistyped one was most likely meant to be; nil when none is like it.
package func nearest(_ word: String, among known: some Sequence<String>) -> String? {
  // Longer than any name: comparing it would cost time and find nothing.
  guard word.utf8.count <= 64 else { return nil }
  let bare = word.drop { $0 == "-" }
  var best: (name: String, distance: Int)?
  for name in known.sorted() {
    let bareName = name.drop { $0 == "-" }
    // -model for --model, --mod for --model, --m for -m.
    let distance =
      if bare == bareName { 0 } else if bare.count >= 3 && bareName.hasPrefix(bare) { 1 } else {
        editDistance(Array(word.utf8), Array(name.utf8))
      }
    if distance < best?.distance ?? .max { best = (name, distance) }
  }
  guard let best, best.distance <= max(1, bare.count / 3) else { return nil }
  return best.name
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var rows = [Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
      row.append(least)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
