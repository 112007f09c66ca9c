import Foundation
import TestSupport
import Testing

@Suite(.serialized)
struct MeasureTests {
  static let small = [
    "measure", "-m", Fixtures.model("llama"), "--contexts", "0,8,16,32,48", "-npl", "2", "--budget", "4", "-t", "1",
  ]

  static func directories(in root: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted().map { "\(root)/\($0)" }
  }

  static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }

  @Test func aMeasurementLeavesItsFilesAndAScreen() throws {
    let files = FakeTree()
    let result = try Command.run(Self.small, directory: files.root)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.lines.allSatisfy { $0.count <= 80 })
    for word in ["Prefill", "Decode", "Cost curves", "Price", "report.md"] { #expect(result.output.contains(word)) }
    let made = Self.directories(in: files.root + "/Results")
    let directory = try #require(made.first)
    #expect(made.count == 1)
    for name in ["machine.json", "runs.jsonl", "command.txt", "report.md"] {
      #expect(!Self.text("\(directory)/\(name)").isEmpty, "\(name)")
    }
    #expect(Self.text(directory + "/command.txt").hasPrefix("inferometer measure -m "))

    // The same from the records alone.
    let report = try Command.run("report", directory)
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.output.contains("Cost curves"))
    let summary = try Command.run("report", directory, "--json")
    #expect(try JSONSerialization.jsonObject(with: Data(summary.output.utf8)) is [String: Any])
    let price = try Command.run("price", directory, "--price-per-hour", "1")
    #expect(price.status == 0, "\(price.errors)")
    #expect(price.output.contains("per million tokens"))
    #expect(try Command.run("price", directory, "--context-tokens", "4000").status == 64)
  }

  @Test func jsonIsOneObject() throws {
    let files = FakeTree()
    let result = try Command.run(Self.small + ["--results", files.root + "/here", "--json", "--price-per-hour", "2"])
    #expect(result.status == 0, "\(result.errors)")
    let object = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "inferometer.summary")
    #expect(Self.directories(in: files.root + "/here").count == 1)
  }

  @Test func ctrlCKeepsTheRunsAndResumeGoesOn() throws {
    let files = FakeTree()
    let root = files.root + "/results"
    func runs() -> [Substring] {
      Self.directories(in: root).first.map { Self.text($0 + "/runs.jsonl").split(separator: "\n") } ?? []
    }
    // Longer than any test waits; it is interrupted.
    let running = try Command.Running([
      "measure", "--preset", "smollm2-135m", "--layers", "2", "--contexts", "0,16,32,64", "-npl", "2", "--budget",
      "600",
      "--results", root,
    ])
    running.wait { _ in runs().count >= 2 }
    running.process.interrupt()
    let result = running.wait()
    #expect(result.status == 130, "\(result.errors)")
    let directory = try #require(Self.directories(in: root).first)
    #expect(result.errors.contains("inferometer measure --resume \(directory)"))
    let kept = runs()
    #expect(kept.count >= 2)
    for line in kept { #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any]) }

    let more = try Command.Running(["measure", "--resume", directory])
    more.wait { _ in runs().count > kept.count }
    more.process.interrupt()
    #expect([0, 130].contains(more.wait().status))
    #expect(runs().starts(with: kept))
    #expect(runs().count > kept.count)
  }

  @Test func processesWriteTheirRunsAndAreResumed() throws {
    let files = FakeTree()
    let root = files.root + "/results"
    let result = try Command.run(
      Array(Self.small.dropLast(4)) + ["--budget", "6", "-t", "1", "--processes", "2", "--results", root])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.lines.allSatisfy { $0.count <= 80 })
    #expect(result.output.contains("of 2 processes"))
    let directory = try #require(Self.directories(in: root).first)
    let runs = Self.text(directory + "/runs.jsonl").split(separator: "\n")
    for process in 0...1 { #expect(runs.contains { $0.contains("\"process\":\(process)") }) }
    #expect(runs.allSatisfy { $0.contains("\"process\":") })

    for wrong in [["--process", "0"], ["--processes", "0"], ["--resume", directory, "--processes", "2"]] {
      #expect(try Command.run(["measure"] + wrong).status == 64, "\(wrong)")
    }
  }
}
