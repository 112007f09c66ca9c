import Analysis
import Foundation
import FoundationXML
import Quantities
import Records
import Reporting
import Statistics
import TestSupport
import Testing

/// The page that is opened in a browser.
@Suite struct HTMLTests {
  private func summary(_ runs: [RunRecord] = SampleCampaign.runs) -> Summary {
    SummaryBuilder.summary(of: Results(machine: SampleCampaign.machine, command: "inferometer measure", runs: runs))
  }

  private func page(_ runs: [RunRecord] = SampleCampaign.runs) -> String { HTML.text(ReportPage(summary(runs))) }

  /// Nothing is fetched: no address but the name of a namespace, no link, no source, no import.
  @Test func needsNothingElse() throws {
    let text = page()
    let addresses = text.components(separatedBy: "http").count - 1
    #expect(addresses == text.components(separatedBy: "http://www.w3.org/2000/svg").count - 1)
    for word in ["<link", "src=", "@import", "url(", "fetch(", "XMLHttp"] { #expect(!text.contains(word), "\(word)") }
    #expect(text.utf8.count < 1_500_000 && text.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
  }

  /// Every element is closed in turn, and every picture says what it is and is there as a table too.
  @Test func isWellFormedAndReadable() throws {
    let text = page()
    let start = try #require(text.range(of: "<main>")).lowerBound
    let end = try #require(text.range(of: "</main>")).upperBound
    let parser = XMLParser(data: Data(text[start..<end].utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    let pictures = text.components(separatedBy: "<figure>").count - 1
    #expect(pictures >= 6)
    #expect(text.components(separatedBy: "role=\"img\" aria-label=").count - 1 == pictures)
    #expect(text.components(separatedBy: "The picture in figures").count - 1 == pictures)
    // Level after level, none left out.
    #expect(text.contains("<h1>What a token costs</h1>") && text.contains("<h2>SmolLM2-135M Q4_0, 2 threads</h2>"))
  }

  /// The figures of the page are those of the summary, and what a picture shows stands in its table.
  @Test func figuresAreThoseOfTheSummary() throws {
    let summary = summary()
    let text = page()
    let subject = try #require(summary.subjects.first)
    let sheet = try #require(subject.price.sheet)
    for figure in [
      Unit.dollars(sheet.dollarsPerMillionInputTokens), Unit.dollars(sheet.dollarsPerMillionOutputTokens),
      Unit.bare(try #require(sheet.outputToInputRatio)),
    ] { #expect(text.contains("<p class=\"figure\">\(figure)</p>"), "\(figure)") }
    for point in subject.prefill + subject.decode {
      #expect(text.contains("<td>\(Unit.bare(point.dollarsPerMillionTokens))</td>"))
    }
    let chart = try #require(Pictures.decode(subject, "decode.svg"))
    let rows = chart.table.fullView.rows.filter { $0[0] == "measured" }
    let points = subject.decode.filter { $0.sequences == 1 }
    #expect(rows.count == points.count)
    for (row, point) in zip(rows, points) {
      #expect(abs((Double(row[2]) ?? 0) / (point.secondsPerToken.value * 1e3) - 1) < 1e-3)
      #expect(abs((Double(row[4]) ?? 0) / ((point.secondsPerToken.interval?.high ?? 0) * 1e3) - 1) < 1e-3)
    }
  }

  /// Doubts stand beside the figures, once.
  @Test func doubtsStandBesideTheFigures() throws {
    let text = page(SampleCampaign.runs + [SampleCampaign.decode(context: 256, repetition: 3, verdict: ["steal"])])
    let figures = try #require(text.range(of: "class=\"headlines\""))
    let doubts = try #require(text.range(of: "What makes these figures doubtful"))
    let picture = try #require(text.range(of: "<figure>"))
    #expect(figures.upperBound < doubts.lowerBound && doubts.upperBound < picture.lowerBound)
    #expect(text.components(separatedBy: "1 of 28 runs").count == 2)
  }

  /// Text of a file is text on the page.
  @Test func namesAreNoMarkup() throws {
    let runs = SampleCampaign.runs.map { run in
      var run = run
      run.model.name = "<script>alert(1)</script>&\"'"
      return run
    }
    let text = page(runs)
    #expect(!text.contains("<script>alert") && text.contains("&lt;script&gt;alert(1)"))
  }

  @Test func severalMachinesStandSideBySide() throws {
    let text = HTML.text(ReportPage([("a", summary()), ("b", summary())]))
    #expect(text.contains("<h1>What a token costs, machine by machine</h1>") && text.contains("Machines"))
    #expect(text.components(separatedBy: "class=\"headlines\"").count == 3)
    let rows = PointRows.csv([("a", summary()), ("b", summary())]).split(separator: "\n")
    #expect(rows.count == 1 + 2 * (4 + 5))
    #expect(Set(rows.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
  }
}

/// Pictures as values.
@Suite struct PlotTests {
  /// Steps of 1, 2 or 5: from 0 to 4.24 the step is 1; from 1 to 1000 on a logarithmic axis 1, 3, 10 … 1000.
  @Test func ticksAreRound() throws {
    func svg(_ plot: Plot) -> String { PlotSVG.text(plot, title: "a picture") }
    let linear = svg(
      Plot(horizontal: .init("x"), vertical: .init("y"), [.points([.init(x: 4, value: 4)], name: "p", isNamed: false)]))
    for tick in ["0", "1", "2", "3", "4"] { #expect(linear.contains(">\(tick)</text>"), "\(tick)") }
    #expect(!linear.contains(">0.5</text>"))
    let logarithmic = svg(
      Plot(
        horizontal: .init("x", .logarithmic), vertical: .init("y"),
        [.points([.init(x: 1, value: 1), .init(x: 1000, value: 2)], name: "p", isNamed: false)]))
    for tick in ["1", "10", "100", "1000"] { #expect(logarithmic.contains(">\(tick)</text>"), "\(tick)") }
  }

  /// What cannot be drawn is left out and never breaks a picture.
  @Test func whatIsNotFiniteIsNotDrawn() throws {
    let spots: [Plot.Spot] = [
      .init(x: .nan, value: 1), .init(x: 1, value: .infinity), .init(x: 0, value: 1), .init(x: 10, value: 5),
    ]
    let plot = Plot(
      horizontal: .init("x", .logarithmic), vertical: .init("y"),
      [.points(spots, name: "p", isNamed: true), .band(spots, isOuter: false)])
    #expect(plot.isDrawable)
    let text = PlotSVG.text(plot, title: "a <picture>")
    #expect(text.components(separatedBy: "<circle").count - 1 == 1 && !text.contains("nan") && !text.contains("inf"))
    #expect(XMLParser(data: Data(text.utf8)).parse())
    #expect(!Plot(horizontal: .init("x"), vertical: .init("y"), [.points([], name: "", isNamed: false)]).isDrawable)
  }

  @Test func barsNameTheirParts() throws {
    let bars = Bars(
      [
        .init(
          "a", [.init("one", 3, "3 s"), .init("two", 1, "1 s"), .init("none", 0, "0 s")], mark: .init("whole", 5, "5 s")
        ),
        .init("empty", []),
      ], isShare: true, unit: "time")
    let text = bars.svg(title: "bars")
    #expect(XMLParser(data: Data(text.utf8)).parse())
    #expect(text.components(separatedBy: "<rect class=\"part").count - 1 == 2 && text.contains("whole 5 s"))
    #expect(bars.table.fullView.rows.map { $0[1] } == ["one", "two", "whole"])
    #expect(bars.table.fullView.rows[0][3] == "75.0 %")
  }
}
