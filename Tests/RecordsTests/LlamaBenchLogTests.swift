import Records
import Testing

/// Rows as builds of llama-bench wrote them over the years, and what nobody should believe.
@Suite struct LlamaBenchLogTests {
  /// What every build has written of a model, a test and its times.
  private static let core = """
    "model_filename": "m.gguf", "model_type": "llama 1B Q4_0", "model_size": 700, "model_n_params": 1000, \
    "n_prompt": 512, "n_gen": 0, "samples_ns": [ 1000, 2000 ]
    """

  private func row(_ json: String) throws -> LlamaBenchLog.Row {
    let rows = try LlamaBenchLog(Array(json.utf8), file: "b.json").rows
    return try #require(rows.count == 1 ? rows.first : nil)
  }

  @Test func whatOldBuildsLackIsNotStatedAndNoDepthIsZero() throws {
    let row = try row("{\(Self.core)}")
    #expect(row.test == .init(promptTokens: 512, generatedTokens: 0, depth: 0, sequences: 1))
    #expect(row.samplesNs == [1000, 2000] && row.samplesProcess == nil)
    #expect(row.buildCommit == nil && row.cpuInfo == nil && row.settings.isEmpty)
    let null = try self.row("{\(Self.core), \"n_depth\": null, \"cpu_info\": null, \"n_ubatch\": null}")
    #expect(null.test.depth == 0 && null.cpuInfo == nil && null.settings.isEmpty)
    #expect(try self.row("{\(Self.core), \"n_depth\": 4096}").test.depth == 4096)
  }

  /// Names and values of 2023-08, 2024-06, 2024-11 and 2026, each with what only its time had.
  @Test(
    arguments: [
      (
        #""cuda": true, "blas": false, "f16_kv": true, "mul_mat_q": true, "tensor_split": "0.00""#,
        ["cuda": "1", "blas": "0", "f16_kv": "1", "mul_mat_q": "1", "tensor_split": "0.00"]
      ),
      (
        #""rpc": "", "n_ubatch": 512, "flash_attn": false, "split_mode": "layer", "numa": "none""#,
        ["rpc": "", "n_ubatch": "512", "flash_attn": "0", "split_mode": "layer", "numa": "none"]
      ),
      (
        #""backends": "CUDA,BLAS", "cpu_mask": "0x0", "poll": 50, "type_k": "f16", "gpu_info": "RTX""#,
        ["backends": "CUDA,BLAS", "cpu_mask": "0x0", "poll": "50", "type_k": "f16", "gpu_info": "RTX"]
      ),
      (
        #""flash_attn": -1, "load_mode": "mmap", "model_alias": "a", "n_batch": "2048", "x": 0.5, "y": [1, null, {"b": "c"}]"#,
        [
          "flash_attn": "-1", "load_mode": "mmap", "model_alias": "a", "n_batch": "2048", "x": "0.5",
          "y": "[1, null, {b: c}]",
        ]
      ),
    ] as [(String, [String: String])])
  func everythingElseThatWasSetIsKept(_ members: String, _ expected: [String: String]) throws {
    #expect(try row("{\(members), \(Self.core)}").settings == expected)
  }

  @Test func figuresAndIdentitiesAreNoSettings() throws {
    let row = try row(
      """
      [{\(Self.core), "build_commit": "a1", "build_number": 7, "cpu_info": "Xeon", "pl": 4, "test_time": "2026", "avg_ns": 5,
      "stddev_ns": 1, "avg_ts": 2.5, "stddev_ts": 0.1, "samples_ts": [ 1.5 ], "low_ts": 1, "flops": 3, "processes": 2,
      "samples_process": [ 0, 1 ], "energy_method": "measured.wall", "avg_power_w": 80, "n_threads": 2}]
      """)
    #expect(row.settings == ["n_threads": "2"])
    #expect(row.buildCommit == "a1" && row.cpuInfo == "Xeon" && row.test.sequences == 4)
    #expect(row.samplesProcess == [0, 1])
  }

  @Test func aByteOrderMarkIsNoPartOfARow() throws {
    for text in ["{\(Self.core)}", "[{\(Self.core)}]"] {
      #expect(try row("\u{FEFF}\(text)").samplesNs == [1000, 2000])
    }
  }

  private func complaint(_ json: [UInt8]) -> String {
    do {
      return "read as \(try LlamaBenchLog(json, file: "b.json").rows)"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    ("\"n_prompt\": 512", "\"n_prompt\": \"512\"", "n_prompt is not a number"),
    ("\"n_prompt\": 512", "\"n_prompt\": null", "n_prompt is null"),
    ("\"n_prompt\": 512", "\"n_prompt\": 512.5", "n_prompt is not an accepted value: a number that does not fit"),
    ("\"n_prompt\": 512, ", "", "n_prompt is missing"),
    ("\"n_gen\": 0", "\"n_gen\": -1", "n_gen is -1; expected 0 to 4294967296"),
    ("\"n_gen\": 0", "\"n_gen\": NaN", "not valid JSON"),
    ("\"n_gen\": 0", "\"n_gen\": 0, \"n_depth\": -1", "n_depth is -1"),
    ("\"n_gen\": 0", "\"n_gen\": 0, \"n_depth\": \"0\"", "n_depth is not a number"),
    ("\"n_gen\": 0", "\"n_gen\": 0, \"pl\": 0", "pl is 0; expected 1"),
    ("\"n_gen\": 0", "\"n_gen\": 0, \"n_gen\": 0", "has n_gen twice"),
    ("\"n_gen\": 0", "\"n_gen\": 0, \"n\\u005fgen\": 4", "has n_gen twice"),
    ("\"n_gen\": 0", "\"n_gen\": 0, \"x\": 1e999", "x is not an accepted value: a number that does not fit"),
    ("\"model_size\": 700", "\"model_size\": -1", "model_size is -1"),
    ("\"model_filename\": \"m.gguf\", ", "", "model_filename is missing"),
    ("[ 1000, 2000 ]", "[ 1000, \"2000\" ]", "samples_ns[1] is not a number"),
    ("[ 1000, 2000 ]", "[ 1000, null ]", "samples_ns[1] is null"),
    ("[ 1000, 2000 ]", "[ 1000, -1 ]", "samples_ns holds -1"), ("[ 1000, 2000 ]", "[ 1000, 0 ]", "samples_ns holds 0"),
    ("[ 1000, 2000 ]", "1000", "samples_ns is not an object or a list"),
    ("[ 1000, 2000 ]", "[]", "samples_ns is empty"),
    (", \"samples_ns\": [ 1000, 2000 ]", "", "samples_ns is missing"),
    ("2000 ]", "2000", "not valid JSON"),
    ("2000 ]}", "2000", "is cut off: a list in it does not end"),
    ("\"n_gen\": 0, \"samples_ns\": [ 1000, 2000 ]}", "\"n_gen\": 0", "is cut off: an object in it does not end"),
    ("\"n_gen\": 0, \"samples_ns\": [ 1000, 2000 ]}", "\"n_g", "is cut off within a text"),
  ])
  func whatIsNeededIsReadWholeOrNamed(_ text: String, _ other: String, _ expected: String) {
    let json = "{\(Self.core)}".replacing(text, with: other)
    #expect(complaint(Array(json.utf8)).contains(expected), "\(complaint(Array(json.utf8)))")
    #expect(complaint(Array("[\(json)]".utf8)).contains("b.json: "))
  }

  @Test func otherFormsAreNamed() {
    let utf16 = "[{\(Self.core)}]".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(complaint([0xFF, 0xFE] + utf16) == "b.json: is text in UTF-16; save it as UTF-8")
    #expect(complaint(Array("[{\(Self.core)},".utf8)) == "b.json: is cut off: a list in it does not end")
    #expect(complaint(Array("build_commit,n_gen\n\"a1\",\"0\"\n".utf8)).hasPrefix("b.json:1: not valid JSON"))
  }
}
