import Engine
/// The pieces into which attention is cut, as the engine cuts it: tokens of a prompt that fill a tile of rows, the last first,
/// because they see most; 256 positions of a decoding token.
struct AttentionTasks {
  struct Task {
    /// The head of the cache.
    let head: Int
    let tokens: Range<Int>
    let positions: Range<Int>
    /// Where its output begins; rows are in whole tiles of 16.
    let firstRow: Int
    let paddedRows: Int
  }

  let all: [Task]
  let rows: Int

  init(_ shape: AttentionShape, maximumRows: Int) {
    let group = shape.heads / shape.keyValueHeads
    var pieces: [(tokens: Range<Int>, positions: Range<Int>)] = []
    if shape.tokens == 1 {
      for start in stride(from: 0, to: shape.positions, by: Engine.splitPositions) {
        pieces.append((0..<1, start..<min(start + Engine.splitPositions, shape.positions)))
      }
    } else {
      for start in stride(from: 0, to: shape.tokens, by: max(1, maximumRows / group)) {
        pieces.append((start..<min(start + max(1, maximumRows / group), shape.tokens), 0..<shape.positions))
      }
    }
    var tasks: [Task] = []
    var row = 0
    for head in 0..<shape.keyValueHeads {
      for piece in shape.tokens == 1 ? pieces : pieces.reversed() {
        let padded = (piece.tokens.count * group + 15) / 16 * 16
        tasks.append(
          Task(head: head, tokens: piece.tokens, positions: piece.positions, firstRow: row, paddedRows: padded))
        row += padded
      }
    }
    all = tasks
    rows = row
  }
}
