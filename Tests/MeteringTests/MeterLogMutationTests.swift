import Foundation
import Metering
import TestSupport
import Testing

/// Thousands of edited logs: each is refused with its line, or each power in it is one that the whole cell can mean.
@Suite struct MeterLogMutationTests {
  private struct Form {
    var delimiter: Character
    var titles: String
    var cells: [String]
    /// The place of the power.
    var column = 1
    var scale = 1.0
  }

  private static let forms = [
    Form(delimiter: ",", titles: "timestamp,power", cells: ["85.2", "9.85", "1034"]),
    Form(delimiter: ",", titles: "timestamp,power", cells: ["\"85,2\"", "\"1,034.5\"", "\"9,8\""]),
    Form(delimiter: ";", titles: "timestamp;power", cells: ["85,2", "9,85", "1.034,5"]),
    Form(delimiter: "\t", titles: "timestamp\tPower (kW)", cells: ["0.0852", "0.0852 kW", "1.5e-2"], scale: 1000),
    Form(
      delimiter: ",", titles: "time,volts,watts", cells: ["230,85.2 W", "\"a \"\"b\"\"\",99", ",0.5 kW"], column: 2),
    Form(delimiter: ";", titles: "", cells: ["85,2", "9,8", "77"]),
  ]

  @Test(arguments: [UInt64(1), 2]) func anEditedLogIsRefusedOrReadWhole(seed: UInt64) throws {
    let characters =
      "0123456789.,;\"' \t-+eEWkmVA#\n\r".map(String.init) + ["\u{FEFF}", "nan", "inf", ",5", "W", "kW", "mW", "é"]
    let tree = FakeTree()
    var generator = SeededGenerator(seed: seed)
    var read = 0
    for round in 0..<5000 {
      let form = try #require(Self.forms.randomElement(using: &generator))
      let end = round % 3 == 0 ? "\r\n" : "\n"
      let lines = form.cells.enumerated().map { "\(1_769_851_800 + $0)\(form.delimiter)\($1)\(end)" }
      var text = (form.titles.isEmpty ? "" : form.titles + end) + lines.joined()
      for _ in 0..<Int.random(in: 0...2, using: &generator) {
        // Of what stands behind the titles, by scalars: a line's end may be split.
        var scalars = Array(text.unicodeScalars)
        let start = Int.random(in: min(form.titles.count, scalars.count - 1)..<scalars.count, using: &generator)
        let end = min(scalars.count, start + Int.random(in: 0...2, using: &generator))
        scalars.replaceSubrange(
          start..<end, with: try #require(characters.randomElement(using: &generator)).unicodeScalars)
        text = String(String.UnicodeScalarView(scalars))
      }
      tree.write("/log.csv", text)
      do {
        let log = try MeterLog(tree.root + "/log.csv", timekeeper: ScriptedClock(), clockZero: 0)
        read += 1
        let cells = try Self.readings(of: text, form)
        #expect(log.samples.count == cells.count, "round \(round): \(text)")
        for (sample, cells) in zip(log.samples, cells) {
          #expect(Self.meanings(cells[0], scale: 1).contains(sample.seconds), "round \(round): \(text)")
          guard let watts = sample.value.value else { continue }
          let meanings = Self.meanings(cells[form.column], scale: form.scale)
          #expect(meanings.contains { abs($0 - watts) <= 1e-12 * watts }, "round \(round): \(watts) W of \(text)")
        }
      } catch let error as MeterLogError {
        #expect(error.description.contains("/log.csv:") && !error.description.contains("\n"), "round \(round)")
      }
    }
    // Both must happen often, or the edits are not of the kind that finds faults.
    #expect((1000...4000).contains(read), "\(read)")
  }

  /// The cells of each line of readings: a delimiter that an even number of quotes precedes ends one.
  private static func readings(of text: String, _ form: Form) throws -> [[String]] {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    let readings = lines.map { $0.trimmingCharacters(in: .whitespacesAndNewlines.union(["\u{FEFF}"])) }
      .filter { !$0.isEmpty && !$0.hasPrefix("#") }.dropFirst(form.titles.isEmpty ? 0 : 1)
    return readings.map { line in
      var cells = [""]
      var isQuoted = false
      for character in line {
        if character == "\"" { isQuoted.toggle() }
        if character == form.delimiter && !isQuoted {
          cells.append("")
        } else {
          cells[cells.count - 1].append(character)
        }
      }
      return cells.map { $0.trimmingCharacters(in: .whitespaces) }.map { cell in
        cell.hasPrefix("\"") && cell.hasSuffix("\"") ? String(cell.dropFirst().dropLast()) : cell
      }
    }
  }

  /// The numbers that the whole of a cell may stand for, with either sign before the decimals.
  private static func meanings(_ cell: String, scale: Double) -> [Double] {
    let units = [("kW", 1000.0), ("mW", 0.001), ("W", 1), ("", scale)]
    let unit = units.first { cell.hasSuffix($0.0) } ?? ("", scale)
    let number = cell.dropLast(unit.0.count).trimmingCharacters(in: .whitespaces)
    let english = number.replacing(",", with: "")
    let german = number.replacing(".", with: "").replacing(",", with: ".")
    return [number, number.replacing(",", with: "."), english, german].compactMap(Double.init).map { $0 * unit.1 }
  }
}
