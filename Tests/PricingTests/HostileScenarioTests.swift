import Pricing
import Testing

/// Scenarios that cannot be meant: each is refused with the key, the line and what to do.
@Suite struct HostileScenarioTests {
  static let whole = ScenarioFixture.text(
    more: "demand: { reference_plan: \"list\", elasticity: -1 }")

  /// What is replaced by what, and words of the message.
  static let edits: [(old: String, new: String, words: [String])] = [
    ("name: \"test\"", "name: \"test\", nam: 1", ["nam", "did you mean name"]),
    ("name: \"test\"", "name: \"test\", name: \"twice\"", ["name stands a second time", "line 2"]),
    ("name: \"test\"", "name: \"\"", ["name", "empty"]),
    ("name: \"test\"", "name: 5", ["name", "text in quotes"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: NaN", ["host.rented.dollars_per_hour", "NaN"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: -Infinity", ["finite"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: 1e999", ["host.rented.dollars_per_hour"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: -1", ["host.rented.dollars_per_hour", "zero or more"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: \"0.36\"", ["is a text", "a number"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: null", ["is null"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: {}", ["value", "missing"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: { value: 1, low: 0.5 }", ["low without high"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: { value: 1, low: 2, high: 3 }", ["low <= value"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: { value: 1, kind: \"measured\" }", ["comes from records"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: { value: 1, kind: \"guess\" }", ["given or example"]),
    ("dollars_per_hour: 0.36", "dollars_per_hour: { value: 1, date: \"yesterday\" }", ["2026-11-27"]),
    ("rented: {", "rentd: {", ["rentd", "did you mean rented"]),
    (
      "host: {", "host: { owned: { capex_dollars: 1, life_years: 1, discount_rate: 0, dollars_per_kwh: 0 }, ",
      ["rented and owned"]
    ),
    ("{ rented: { dollars_per_hour: 0.36 } }", "{}", ["neither rented nor owned"]),
    ("most_busy_share: 0.5", "most_busy_share: 1.5", ["fleet.most_busy_share", "at most 1"]),
    ("most_busy_share: 0.5", "most_busy_share: 0", ["above 0"]),
    ("mode: \"elastic\"", "mode: \"fixed\"", ["fleet.hosts", "missing"]),
    ("mode: \"elastic\"", "mode: \"elastic\", hosts: 3", ["no meaning"]),
    ("mode: \"elastic\"", "mode: \"big\"", ["elastic or fixed"]),
    ("mode: \"elastic\"", "mode: \"elastic\", sequences: 0", ["fleet.sequences"]),
    ("mode: \"elastic\"", "mode: \"elastic\", sequences: 1.5", ["whole number"]),
    ("input_tokens: 1000", "input_tokens: -5", ["workload.tasks[0].input_tokens"]),
    ("input_tokens: 1000", "input_tokens: 1.5", ["whole number"]),
    ("input_tokens: 1000", "input_tokens: 1e12", ["workload.tasks[0].input_tokens", "16777216"]),
    ("input_tokens: 1000", "input_tokens: { median: 10 }", ["p90"]),
    ("input_tokens: 1000", "input_tokens: { median: 10, p90: 5 }", ["below the median"]),
    ("input_tokens: 1000", "input_tokens: { median: 0, p90: 5 }", ["median"]),
    ("input_tokens: 1000", "input_tokens: { values: [1, 2], shares: [0.5] }", ["one for each"]),
    ("input_tokens: 1000", "input_tokens: { values: [1, 2], shares: [0.5, 0.6] }", ["add up"]),
    ("input_tokens: 1000", "input_tokens: { column: \"x\" }", ["name the log"]),
    ("input_tokens: 1000", "input_tokens: 1000, share: 0.5", ["add up to 1"]),
    ("input_tokens: 1000", "input_tokens: 1000, success_probability: 1.5", ["success_probability"]),
    ("input_tokens: 1000", "input_tokens: 1000, success_probability: 0", ["above 0"]),
    ("input_tokens: 1000", "input_tokens: 1000, turns: 3", ["added_tokens_per_turn"]),
    ("input_tokens: 1000", "input_tokens: 1000, most_attempts: 0", ["most_attempts"]),
    ("plan: \"list\"", "plan: \"lists\"", ["strategies[0].plan", "'lists'", "there are list, task"]),
    ("plan: \"list\"", "plan: \"list\", levers: { records: \"other\" }", ["strategies[0].levers.records"]),
    ("plan: \"list\"", "plan: \"list\", levers: { price_factor: 0 }", ["above zero"]),
    ("reference_plan: \"list\"", "reference_plan: \"nobody\"", ["demand.reference_plan"]),
    ("elasticity: -1", "elasticity: 1", ["demand.elasticity"]),
    ("kind: \"per_task\"", "kind: \"per_word\"", ["plans[1].kind"]),
    ("name: \"task\", kind", "name: \"list\", kind", ["plans[1].name", "must differ"]),
    ("tasks_per_month: 1e6,", "", ["workload.tasks_per_month", "missing"]),
    ("schema_version: 1", "schema_version: 2", ["schema_version", "read here is 1"]),
    ("inferometer.scenario", "other.scenario", ["schema"]),
    ("records: [ { name: \"base\", directory: \"nowhere\" } ]", "records: []", ["records", "at least one"]),
    ("records: [", "records: [ { name: \"base\", directory: \"x\" }, ", ["records[1].name"]),
    ("// a comment", "/* no end", ["comment", "no end"]),
    ("// a comment", "draws: 10,", ["draws", "200"]),
    ("// a comment", "level: 2,", ["level"]),
    ("// a comment", "\"a\\u00zz\": 1,", ["hexadecimal"]),
    ("// a comment", "a: " + String(repeating: "[", count: 40), ["nested deeper than 32"]),
  ]

  @Test(arguments: edits.indices) func isRefused(_ index: Int) throws {
    let edit = Self.edits[index]
    #expect(Self.whole.contains(edit.old), "\(edit.old)")
    let start = try #require(Self.whole.firstRange(of: edit.old))
    let text = Self.whole.replacingCharacters(in: start, with: edit.new)
    let error = #expect(throws: ScenarioError.self) { try Scenario(json5: Array(text.utf8)) }
    let message = "\(try #require(error))"
    for word in edit.words { #expect(message.contains(word), "\(edit.new): \(message)") }
  }

  @Test func theWholeOneIsRead() throws {
    #expect(try Scenario(json5: Array(Self.whole.utf8)).plans.count == 2)
  }

  /// Cut off anywhere, a file is refused and never crashes; with a byte changed it is read or refused.
  @Test func damageIsSurvived() {
    let bytes = Array(Self.whole.utf8)
    for end in bytes.indices { #expect(throws: ScenarioError.self) { try Scenario(json5: bytes[..<end]) } }
    for index in bytes.indices {
      for byte in [0, 0x22, 0x7B, 0x5D, 0x2C, 0x5C, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[index] = byte
        _ = try? Scenario(json5: damaged)
      }
    }
  }

  @Test func whatIsTooMuchIsRefused() {
    let many = Array(repeating: UInt8(ascii: " "), count: Scenario.mostBytes + 1)
    let error = #expect(throws: ScenarioError.self) { try Scenario(json5: many) }
    #expect("\(error as Any)".contains("at most"))
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
