import Foundation
import Records
import TestSupport
import Testing

/// `price --scenario` from records alone, and what schemas say of what is written.
struct ScenarioCommandTests {
  private func tree(_ scenario: String) throws -> (tree: FakeTree, file: String) {
    let tree = FakeTree()
    let directory = try ResultsDirectory(existing: tree.root)
    let writer = try RunWriter(directory.runs)
    for run in SampleCampaign.runs { try writer.append(run) }
    let file = tree.root + "/scenario.json"
    try scenario.replacing("DIR", with: tree.root).write(toFile: file, atomically: true, encoding: .utf8)
    return (tree, file)
  }

  private static let scenario = """
    { schema: "inferometer.scenario", schema_version: 1, name: "replies", // JSON5
      records: [ { name: "base", directory: "DIR" } ],
      host: { rented: { dollars_per_hour: { value: 0.1, low: 0.08, high: 0.12, kind: "example" } } },
      workload: { tasks_per_month: 1000000, tasks: [ { name: "reply", input_tokens: 300, output_tokens: 50 } ] },
      plans: [ { name: "list", kind: "per_token", input_dollars_per_million: 0.1, output_dollars_per_million: 0.5 } ],
      demand: { reference_plan: "list", elasticity: -1.1 },
      strategies: [ { name: "as it is", plan: "list" }, { name: "shorter", plan: "list", levers: { output_factor: 0.7 } } ],
      draws: 300 }
    """

  private func schema(_ name: String) throws -> JSONSchema {
    try JSONSchema(contentsOf: Fixtures.path("../../Results/schemas/\(name).json"))
  }

  private func fits(_ output: String, _ name: String) throws {
    let flaws = try schema(name).flaws(in: Data(output.utf8))
    #expect(flaws.isEmpty, "\(flaws.prefix(10))")
  }

  @Test func strategiesStandOnAPageOf80Columns() throws {
    let (tree, file) = try tree(Self.scenario)
    defer { _ = tree }
    let result = try Command.run("price", "--scenario", file)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.lines.allSatisfy { $0.count <= 80 })
    for word in ["A month (example)", "What moves the profit", "earns most in"] {
      #expect(result.output.contains(word))
    }
  }

  @Test func resultsFitTheirSchemas() throws {
    let (tree, file) = try tree(Self.scenario)
    try fits(try Command.run("price", "--scenario", file, "--json").output, "scenario_result-1")
    try fits(try Command.run("price", "--scenario", file, "--canonical").output, "scenario-1")
    try fits(try Command.run("price", tree.root, "--task", "300,20", "--json").output, "prices-1")
    let lines = try String(contentsOfFile: tree.root + "/runs.jsonl", encoding: .utf8).split(separator: "\n")
    for line in lines { try fits(String(line), "run-1") }
    // What is missing or of another type does not fit.
    #expect(
      try schema("prices-1").flaws(in: Data("{\"schema\": \"inferometer.prices\", \"prices\": 5}".utf8)).count >= 2)
  }

  /// Two runs give the same bytes, and so does the canonical form.
  @Test func theSameComesOfTheSame() throws {
    let (tree, file) = try tree(Self.scenario)
    let first = try Command.run("price", "--scenario", file, "--json").output
    #expect(try Command.run("price", "--scenario", file, "--json").output == first)
    let canonical = try Command.run("price", "--scenario", file, "--canonical").output
    let other = tree.root + "/canonical.json"
    try canonical.write(toFile: other, atomically: true, encoding: .utf8)
    // Defaults that are written down are inputs that are given; nothing else changes.
    func figures(_ output: String) -> [Substring] { output.split(separator: "\n").filter { !$0.contains("\"given\"") } }
    #expect(figures(try Command.run("price", "--scenario", other, "--json").output) == figures(first))
    let table = try Command.run("price", "--scenario", file, "--export", "csv")
    #expect(table.lines.first?.hasPrefix("strategy,plan,record") == true && table.lines.count > 40)
  }

  @Test(arguments: [
    ("input_tokens: 300", "input_tokens: -1", "workload.tasks[0].input_tokens"),
    ("input_tokens: 300", "input_tokens: 300000", "measure --preset"),
    ("input_tokens: 300", "input_tokens: 300, cache_hit_share: 0.5", "--cached"),
    ("directory: \"DIR\"", "directory: \"DIR/none\"", "none"),
    ("directory: \"DIR\"", "directory: \"DIR\", format: \"Q9\"", "records[0]"),
    ("name: \"replies\"", "name: \"replies\", latency: { time_per_output_token_ms_p95: 0.001 }", "p95"),
  ])
  func whatCannotBePricedIsRefused(_ old: String, _ new: String, _ word: String) throws {
    let (tree, file) = try tree(Self.scenario.replacing(old, with: new))
    defer { _ = tree }
    let result = try Command.run("price", "--scenario", file)
    #expect(result.status == 65 && result.output.isEmpty && result.errors.contains(word), "\(result.errors)")
    #expect(result.errors.contains("scenario.json") || result.errors.contains("none"))
  }

  @Test(arguments: [
    (["--utilisation", "0.5"], "--utilisation"), (["--task", "1,1"], "--task"), (["DIR"], "--scenario"),
    (["--export", "focus"], "--export"),
  ])
  func whatAScenarioSaysItselfIsNotAnOption(_ words: [String], _ option: String) throws {
    let (tree, file) = try tree(Self.scenario)
    let result = try Command.run(["price", "--scenario", file] + words.map { $0 == "DIR" ? tree.root : $0 })
    #expect(result.status == 64 && result.errors.contains(option), "\(result.errors)")
  }

  @Test(arguments: ["litellm", "genai-prices", "gke"]) func exportsAreJSON(_ format: String) throws {
    let (tree, _) = try tree(Self.scenario)
    let result = try Command.run("price", tree.root, "--export", format)
    #expect(result.status == 0, "\(result.errors)")
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(result.output.utf8)) }
  }

  /// A bill by the rows of FOCUS is the one by prices, and no figure has an exponent.
  @Test(arguments: ["focus", "focus-1.3"]) func focusRowsAreAsWideAsTheirHeading(_ format: String) throws {
    let (tree, _) = try tree(Self.scenario)
    let rows = try Command.run("price", tree.root, "--export", format).lines.map { line in
      // No field of these rows holds a comma, but for the last.
      line.split(separator: ",", omittingEmptySubsequences: false)
    }
    let columns = rows[0].count
    #expect(rows.count == 3 && rows.dropFirst().allSatisfy { $0.count >= columns })
    #expect(rows[0].contains("ProviderName") == (format == "focus-1.3"))
    let cost = try #require(rows[0].firstIndex(of: "BilledCost"))
    #expect(rows.dropFirst().allSatisfy { Double($0[cost]) ?? 0 > 0 && !$0[cost].contains("e") })
  }
}
