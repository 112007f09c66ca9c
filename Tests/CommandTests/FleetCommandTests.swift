import Foundation
import TestSupport
import Testing

/// Results of several machines, and parts of one measurement.
@Suite(.serialized) struct FleetCommandTests {
  private struct Ranked: Decodable {
    var rows: [Row]
    struct Row: Decodable {
      var model: String
      var isWithinLimits: Bool
      var dollarsPerMillionOutputTokens: Figure
    }
    struct Figure: Decodable { var value: Double }
  }

  /// Three tasks of a measurement, one of them started twice, make every point once; merged, they make one report.
  @Test func tasksMakeEveryPointOnce() throws {
    let files = FakeTree()
    let root = files.root + "/run"
    let command =
      Array(MeasureTests.small.dropLast(6)) + [
        "-npl", "2", "--budget", "2", "-t", "1", "--results", root, "--no-history",
      ]
    for task in ["1/3", "2/3", "3/3", "2/3"] {
      let result = try Command.run(command + ["--task", task])
      #expect(result.status == 0, "\(task): \(result.errors)")
      #expect(
        result.errors.contains("is gone on with") == (task == "2/3" && MeasureTests.directories(in: root).count == 3))
    }
    #expect(
      MeasureTests.directories(in: root).map { $0.split(separator: "/").last } == [
        "task-1-of-3", "task-2-of-3", "task-3-of-3",
      ])
    let merged = files.root + "/merged"
    let result = try Command.run("merge", root, "-o", merged, "--json")
    #expect(result.status == 0, "\(result.errors)")
    let directory = try #require(MeasureTests.directories(in: merged).first)
    struct Run: Decodable { var phase: String; var promptTokens, contextTokens, sequences: Int; var session: String }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let runs = try MeasureTests.text(directory + "/runs.jsonl").split(separator: "\n").map {
      try decoder.decode(Run.self, from: Data($0.utf8))
    }
    let places = Dictionary(grouping: runs) { "\($0.phase) \($0.promptTokens) \($0.contextTokens) \($0.sequences)" }
    // Five contexts, of which four have a prompt, and a batch; sampling.
    #expect(Set(places.keys).count == 5 + 4 + 1 + 1)
    for (place, runs) in places { #expect(Set(runs.map(\.session)).count == 1, "\(place)") }
    #expect(try Command.run("report", merged).output.contains("Cost curves"))
    #expect(try Command.run(command + ["--task", "9/9"]).errors.contains("has 6 points"))
    #expect(try Command.run(command + ["--task", "4/3"]).status == 64)
    let check = try Command.run("check", merged)
    #expect(check.status == 0 && check.output.contains("accepted"), "\(check.output)")
    try (MeasureTests.text(directory + "/runs.jsonl") + " \n").write(
      toFile: directory + "/runs.jsonl", atomically: true, encoding: .utf8)
    let changed = try Command.run("check", merged)
    #expect(changed.status == 65 && changed.output.contains("runs.jsonl: is not what was sealed"))
  }

  @Test func machinesAreRankedAndReported() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let records = ["2026-11-27-epyc-2c-avx2-gemma", "2026-11-27-xeon-2c-avx512"].map { "\(root)/Results/\($0)" }
    let files = FakeTree(["/p.csv": "machine,dollars_per_hour\nxeon-2c-avx512,100\nepyc-2c-avx2,0.01\n"])
    let plain = try Command.run(["rank"] + records + ["--json"]).json(Ranked.self)
    #expect(plain.rows.count == 2 && plain.rows.allSatisfy(\.isWithinLimits))
    #expect(plain.rows[0].dollarsPerMillionOutputTokens.value < plain.rows[1].dollarsPerMillionOutputTokens.value)
    let priced = try Command.run(["rank"] + records + ["--json", "--prices", files.root + "/p.csv"]).json(Ranked.self)
    #expect(priced.rows[0].model.contains("emma"))
    let limited = try Command.run(["rank"] + records + ["--json", "--token", "4ms"]).json(Ranked.self)
    #expect(limited.rows.map(\.isWithinLimits) == [true, false])
    let screen = try Command.run(["rank"] + records)
    #expect(screen.status == 0 && screen.lines.allSatisfy { $0.count <= 80 })
    let page = files.root + "/page.html"
    #expect(try Command.run(["report"] + records + ["-o", page]).status == 0)
    #expect(MeasureTests.text(page).hasPrefix("<!doctype html>"))
    let csv = try Command.run(["report"] + records + ["--format", "csv"])
    #expect(csv.lines.count > 20 && csv.lines[0].hasPrefix("source,machine,"))
    let missing = try Command.run(["rank"] + records + ["--prices", files.root + "/none.csv"])
    #expect(missing.status == 65 && missing.errors.contains("none.csv"))
  }

  /// Shells read what is made for them; man's page has every verb.
  @Test func shellsAreServed() throws {
    for shell in ["bash", "zsh", "fish"] {
      let text = try Command.run("completions", shell).output
      for verb in VerbTests.verbs { #expect(text.contains(verb), "\(shell) \(verb)") }
      #expect(text.contains("until"))
    }
    let files = FakeTree(["/inferometer.bash": try Command.run("completions", "bash").output])
    let bash = Process()
    bash.executableURL = URL(filePath: "/bin/bash")
    bash.arguments = [
      "-c",
      "source \(files.root)/inferometer.bash && COMP_WORDS=(inferometer mea) COMP_CWORD=1 && _inferometer && echo ${COMPREPLY[@]}",
    ]
    let pipe = Pipe()
    bash.standardOutput = pipe
    try bash.run()
    #expect(String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "measure\n")
    bash.waitUntilExit()
    #expect(try Command.run("completions", "csh").status == 64)
    let manual = try Command.run("help", "man").output
    #expect(manual.hasPrefix(".TH INFEROMETER 1"))
    for verb in VerbTests.verbs { #expect(manual.contains(".SH \(verb.uppercased())")) }
  }
}
