import Foundation
import TestSupport
import Testing

@Suite struct EnergyCommandTests {
  private static let small = ["--preset", "smollm2-135m", "--layers", "1", "-p", "0", "-n", "4", "-r", "2"]

  @Test func benchHasAMethodAndAnIntervalOrAReason() throws {
    let result = try Command.run(["bench"] + Self.small + ["-o", "json"])
    let rows = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    let row = try #require(rows.first)
    let method = try #require(row["energy_method"] as? String)
    if row["power_valid"] as? Bool == true {
      #expect(method.hasPrefix("measured.") || method.hasPrefix("estimated.") || method.hasPrefix("calibrated."))
      let low = try #require(row["decode_joules_low"] as? Double)
      let high = try #require(row["decode_joules_high"] as? Double)
      let each = try #require(row["decode_joules_per_output_token"] as? Double)
      #expect(low <= each && each <= high && each > 0)
    } else {
      #expect(method == "absent" && row["total_energy_j"] == nil)
      #expect((row["energy_absent_reason"] as? String)?.isEmpty == false)
    }
  }

  @Test func generateSaysWhatATokenTook() throws {
    let result = try Command.run(["generate", "-m", Fixtures.model("llama"), "--prompt", "a", "-n", "3", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect(object?["prefill_energy"] is [String: Any] || object?["energy_absent_reason"] is String)
  }

  @Test(arguments: [
    ("time,watts\n2026-01-31T09:30:00,80\n", ":2: \"2026-01-31T09:30:00\" is not a time with its zone"),
    ("hello\n", ":1: \"hello\" has no time and watts"), ("", ": has fewer than two readings"),
  ]) func refusesALogThatIsNone(text: String, expected: String) throws {
    let tree = FakeTree(["/log.csv": text])
    let log = tree.root + "/log.csv"
    for verb in [["bench"] + Self.small, ["measure", "--results", tree.root], ["calibrate"]] {
      let result = try Command.run(verb + ["--meter-log", log])
      #expect(result.status == 65 && result.output.isEmpty)
      #expect(result.errors.hasPrefix("inferometer: \(log)\(expected)"), "\(result.errors)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: tree.root) == ["log.csv"])
  }

  @Test(arguments: [
    ["--pue", "0.5"], ["--pue", "nan"], ["--tdp", "-1"], ["--watts-per-vcpu", "x"], ["--host-threads", "0"],
  ]) func refusesValuesThatCannotBe(option: [String]) throws {
    for verb in ["bench", "measure", "generate"] {
      let result = try Command.run(
        [verb] + option + (verb == "generate" ? ["-m", Fixtures.model("llama"), "--prompt", "a"] : []))
      #expect(result.status == 64 && result.errors.hasPrefix("inferometer: \(option[0]): "), "\(result.errors)")
    }
  }
}
