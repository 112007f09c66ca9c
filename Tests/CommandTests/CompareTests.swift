import Foundation
import Records
import TestSupport
import Testing

@Suite struct CompareTests {
  private struct Comparison: Decodable {
    struct Table: Decodable {
      var unit: String
      var rows: [Row]
    }
    struct Row: Decodable {
      var name: String
      var cells: [Cell?]
    }
    struct Cell: Decodable { var samples: [Double] }
    struct Note: Decodable { var code: String }

    var sides: [String]
    var tables: [Table]
    var notes: [Note]
  }

  /// Rows of a bench in a file: 128 tokens, which take the given milliseconds.
  private static func rows(_ milliseconds: [Double]) -> String {
    let times = milliseconds.map { "\($0 * 1e6)" }.joined(separator: ", ")
    return """
      [{"build_commit": "a1b2", "cpu_info": "Some CPU", "model_filename": "m.gguf", "model_type": "llama 1B Q4_0",
      "model_size": 700, "model_n_params": 1000, "n_batch": 2048, "n_ubatch": 512, "n_threads": 2, "type_k": "f16",
      "type_v": "f16", "n_prompt": 0, "n_gen": 128, "n_depth": 0, "samples_ns": [\(times)]}]
      """
  }

  private let tree = FakeTree([
    "/old.json": rows([1000, 1010, 1020, 1030, 1040, 1050]), "/new.json": rows([1200, 1210, 1220, 1230, 1240, 1250]),
    "/broken.json": "{",
  ])

  private func compare(_ words: String...) throws -> Command.Result {
    try Command.run(["compare"] + words, directory: tree.root)
  }

  @Test func aRegressionPastTheThresholdEndsWithTwo() throws {
    let plain = try compare("old.json", "new.json")
    #expect(plain.status == 0)
    #expect(plain.output.contains("-16.33% (p=0.002 n=6)"))
    #expect(try compare("old.json", "new.json", "--threshold", "20").status == 0)
    let worse = try compare("old.json", "new.json", "--threshold", "15%")
    #expect(worse.status == 2 && worse.output == plain.output)
    #expect(worse.errors.contains("a regression: tg128 of new.json: -16.33% in tok/s"))
    #expect(try compare("new.json", "old.json", "--threshold", "1").status == 0)
  }

  @Test func aMissingBaseEndsWithFive() throws {
    let missing = try compare("nothing.json", "new.json")
    #expect(missing.status == 5 && missing.errors.contains("nothing.json: no such file"))
    #expect(try compare("old.json", "nothing.json").status == 65)
    #expect(try compare("broken.json", "new.json").status == 65)
  }

  @Test(arguments: [
    (["old.json"], "name a base"), (["old.json", "new.json", "--unit", "miles"], "'miles' is not known"),
    (["old.json", "new.json", "--budget", "3"], "--budget: has a meaning with --run only"),
    (["--run", "-t 1 -o json", "-t 2"], "--output has no meaning in a variant"),
    (["--run", "-t 1 --nonsense", "-t 2"], "--nonsense: there is no such option"),
    (["--run", "-t '1", "-t 2"], "has no closing '"), (["--run", "kernels --shape 1x1x1", "-t 2"], "run one kind"),
    (["--run", "kernels --isa avx2", "kernels"], "names nothing to time"),
    (["old.json", "new.json", "--results", "x"], "--results: has a meaning with --run only"),
    (["old.json", "new.json", "--threshold", "much"], "percentage"),
  ])
  func whatIsWrongIsNamed(_ words: [String], _ expected: String) throws {
    let result = try Command.run(["compare"] + words, directory: tree.root)
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(result.errors.contains(expected), "\(result.errors)")
  }

  @Test func variantsRunInProcessesOfTheirOwn() throws {
    let bench = "-m \(Fixtures.model("llama")) -p 0 -n 4 -t 1"
    let result = try Command.run(
      "compare", "--run", bench, "\(bench) -ctk q8_0", "\(bench) -r 1", "--budget", "1", "--effect", "0.01",
      "--unit", "tok/s,s/token", "--flagged", "--json")
    #expect(result.status == 0, "\(result.errors)")
    let comparison = try result.json(Comparison.self)
    #expect(comparison.sides == ["base", "-ctk q8_0", "-r 1"])
    #expect(comparison.tables.map(\.unit) == ["tok/s", "s/token"])
    let counts = comparison.tables[0].rows.flatMap { $0.cells.map { $0?.samples.count ?? 0 } }
    #expect(counts.count == 3 && counts.allSatisfy { $0 == counts[0] && $0 > 0 })
    #expect(comparison.notes.contains { ["difference", "undecided", "no-difference"].contains($0.code) })
  }

  @Test func aVariantThatFailsIsNamed() throws {
    let result = try Command.run("compare", "--run", "-m nothing.gguf -t 1", "-m nothing.gguf -t 2")
    #expect(result.status != 0 && result.output.isEmpty)
    #expect(result.errors.contains("nothing.gguf"), "\(result.errors)")
  }

  @Test func recordsOfABenchCanBeCompared() throws {
    let bench = ["bench", "-m", Fixtures.model("llama"), "-p", "8", "-n", "4", "-r", "2", "-t", "1", "-o", "runs"]
    let runs = try Command.run(bench)
    #expect(runs.lines.count == 4)
    let tree = FakeTree(["/runs.jsonl": runs.output])
    let result = try Command.run("compare", "runs.jsonl", "runs.jsonl", "--flagged", "--json", directory: tree.root)
    #expect(try result.json(Comparison.self).tables.first?.rows.map(\.name) == ["pp8", "tg4"])
  }

  @Test func brokenRecordsAreRefusedAndCutOffOnesSaid() throws {
    let bench = ["bench", "-m", Fixtures.model("llama"), "-p", "0", "-n", "4", "-r", "2", "-t", "1", "-o", "runs"]
    let runs = try Command.run(bench).output
    let newer = runs.replacing("\"schema_version\":1", with: "\"schema_version\":99")
    let edited = runs.replacing("\"generated_tokens\":4", with: "\"generated_tokens\":-4")
    let tree = FakeTree(["/whole": runs, "/cut": String(runs.dropLast(40)), "/newer": newer, "/edited": edited])
    for (file, reason) in [("newer", "written by a newer version"), ("edited", "generated_tokens is -4")] {
      let result = try Command.run("compare", "whole", file, directory: tree.root)
      #expect(result.status == 65 && result.errors.contains(reason), "\(result.errors)")
    }
    let cut = try Command.run("compare", "whole", "cut", "--flagged", directory: tree.root)
    #expect(cut.status == 0 && cut.output.contains("the last line is cut off"))
  }

  private static let kernel = "kernels --shape 1x64x256 --format q4_0 --warm -t 1 --seconds 0.001"

  @Test func kernelsAreComparedAndKept() throws {
    let tree = FakeTree()
    let result = try Command.run(
      "compare", "--run", Self.kernel, "\(Self.kernel) --slow 300", "--budget", "20", "--effect", "20", "--results",
      "kept", "--json", directory: tree.root)
    #expect(result.status == 0, "\(result.errors)")
    let comparison = try result.json(Comparison.self)
    #expect(comparison.sides == ["base", "--slow 300"] && comparison.tables.map(\.unit) == ["s/call"])
    // What else runs beside the tests may mark some of the rounds.
    #expect(comparison.notes.map(\.code).filter { !$0.hasSuffix("flagged-runs") } == ["difference"])
    let kept = try #require(try FileManager.default.contentsOfDirectory(atPath: tree.root + "/kept").first)
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(tree.root)/kept/\(kept)")
    #expect(Set(names) == ["1", "2", "machine.json", "command.txt", "comparison.json", "report.md"])
    guard case .kernels(let log) = try ResultFile.read("\(tree.root)/kept/\(kept)/2") else {
      return #expect(Bool(false), "not read as a bench of kernels")
    }
    #expect(log.rows.allSatisfy { $0.flops == 2 * 64 * 256 && $0.verdict != nil && $0.process != nil })
    let again = try Command.run(
      "compare", "kept/\(kept)/1", "kept/\(kept)/2", "--json", directory: tree.root
    ).json(Comparison.self)
    #expect(
      again.tables.first?.rows.first?.cells.map { $0?.samples } == comparison.tables[0].rows[0].cells.map(\.?.samples))
  }

  @Test func whatKernelsPrintCanBeComparedButNotWithModels() throws {
    let words = Self.words(Self.kernel)
    let plain = try Command.run(words + ["--json"])
    let slow = try Command.run(words + ["--json", "--slow", "300"])
    #expect(slow.output.contains("\"canonical\":false") && slow.output.contains("\"slowed_share\":3"))
    let tree = FakeTree(["/a": plain.output, "/b": slow.output, "/model": Self.rows([1, 2])])
    let result = try Command.run("compare", "a", "b", directory: tree.root)
    #expect(result.status == 0 && result.output.contains("slowed: differs: a not, b on purpose by 300 %"), "\(result)")
    let mixed = try Command.run("compare", "a", "model", directory: tree.root)
    #expect(mixed.status == 65 && mixed.errors.contains("model: is of a model and a of kernels"), "\(mixed.errors)")
    #expect(try Command.run("compare", "a", "b", "--unit", "J/token", directory: tree.root).status == 5)
  }

  private static func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

  /// The second variant's file is taken away while the first round's processes run.
  @Test func aFailingVariantLeavesWhatWasDone() throws {
    let tree = FakeTree()
    let model = tree.root + "/m.gguf"
    try FileManager.default.copyItem(atPath: Fixtures.model("llama"), toPath: model)
    let bench = "-m \(model) -p 0 -n 4 -t 1"
    let running = try Command.Running(
      ["compare", "--run", bench, "\(bench) -ctk q8_0", "--results", "kept", "--effect", "0.0001"], directory: tree.root
    )
    func kept(_ variant: Int) -> String {
      let folder = (try? FileManager.default.contentsOfDirectory(atPath: tree.root + "/kept"))?.first ?? ""
      return (try? String(contentsOfFile: "\(tree.root)/kept/\(folder)/\(variant)/runs.jsonl", encoding: .utf8)) ?? ""
    }
    running.wait { _ in !kept(1).isEmpty && !kept(2).isEmpty }
    try FileManager.default.removeItem(atPath: model)
    let result = running.wait()
    #expect(result.status != 0 && result.output.contains("tg4"))
    #expect(
      result.errors.contains("m.gguf") && result.errors.contains("the finished rounds are compared"))
    #expect(!kept(1).isEmpty && kept(1).hasSuffix("\n"))
  }

  @Test func anInterruptionEndsTheChildrenToo() throws {
    let bench = "-m \(Fixtures.model("llama")) -p 0 -n 256 -r 100000 -t 1"
    let running = try Command.Running(["compare", "--run", bench, "\(bench) -ctk q8_0"])
    usleep(300_000)
    running.process.interrupt()
    #expect(running.wait().status == 130)
  }
}
