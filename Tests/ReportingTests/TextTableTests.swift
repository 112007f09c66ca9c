import Reporting
import Testing

@Suite struct TextTableTests {
  private let plain = TextStyle(isColoured: false)

  private func table() -> TextTable {
    var table = TextTable([
      TextTable.text("operation"), TextTable.figure("FLOP"), .init("more", shown: .whereRoom),
    ])
    table.add(["matmul", "220 M", "x"])
    table.add(["漢字", "1", "y"])
    return table
  }

  @Test func textIsLeftAndFiguresAreRight() {
    #expect(
      table().lines(width: 80, style: plain) == [
        "  operation   FLOP  more", "  matmul     220 M     x", "  漢字           1     y",
      ])
  }

  @Test func aNarrowPageCostsTheOptionalColumnThenTheText() {
    #expect(table().lines(width: 20, style: plain) == ["  operation   FLOP", "  matmul     220 M", "  漢字           1"])
    #expect(table().lines(width: 17, style: plain) == ["  operati…   FLOP", "  matmul    220 M", "  漢字          1"])
    #expect(table().lines(width: 12, style: plain).allSatisfy { $0.columns <= 12 })
  }

  @Test func aCellCannotLeaveItsPlace() {
    var table = TextTable([TextTable.text("name"), TextTable.figure("x")])
    table.add(["a\n\u{1b}[31m|b", "1"])
    table.add(["too few"])
    table.add(["too", "many", "cells"])
    let lines = table.lines(width: 80, style: plain)
    #expect(lines.count == 4)
    #expect(lines[1] == "  a\\n\\u{1b}[31m|b     1")
    #expect(table.markdown()[2] == "| a\\\\n\\\\u{1b}\\[31m\\|b | 1 |")
  }

  @Test(arguments: [("", 0), ("abc", 3), ("±µ²", 3), ("漢字", 4), ("e\u{301}", 1), ("👍🏽", 2), ("\u{200b}", 0)])
  func columnsAreWhatATerminalGives(text: String, columns: Int) {
    #expect(text.columns == columns)
  }

  @Test func wrappingKeepsWordsAndWidth() {
    #expect("one two three".wrapped(7) == ["one two", "three"])
    #expect("one two three".wrapped(7, indent: "  ") == ["one two", "  three"])
    #expect("incomprehensibilities".wrapped(10) == ["incompreh…"])
    #expect("".wrapped(10) == [])
  }
}
