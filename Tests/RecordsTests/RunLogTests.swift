import Records
import TestSupport
import Testing

@Suite struct RunLogTests {
  @Test func returnsWhatWasWritten() throws {
    let tree = FakeTree()
    let path = tree.root + "/runs.jsonl"
    let runs = [sampleRun(), sampleRun(phase: .prefill, context: 0, repetition: 1, walls: [0.25])]
    let writer = try RunWriter(path)
    for run in runs { try writer.append(run) }
    try writer.synchronize()
    let log = try RunLog.read(path)
    #expect(log.records == runs)
    #expect(log.warnings == [])
    #expect(try text(of: path).split(separator: "\n").count == 2)
  }

  @Test func keysEndInTheUnit() throws {
    let json = String(decoding: try RecordCoding.encode(sampleRun()), as: UTF8.self)
    for key in ["\"wall_seconds\":0.004", "\"weight_bytes\":76000000", "\"bytes_read\":300", "\"head_room\":{"] {
      #expect(json.contains(key))
    }
    #expect(json.contains("\"energy_absent_reason\":\"no sensor\""))
    #expect(json.contains("\"steal_share\":0.001") && json.contains("\"others_share\":{\"absent\":\"not observed\"}"))
    #expect(!json.contains("energy_joules"))
  }

  /// Formats are spelt as they are; a record of version 0.1 has one number for all of them.
  @Test func manyTokensAreThoseOfFormats() throws {
    let json = String(decoding: try RecordCoding.encode(sampleRun()), as: UTF8.self)
    let object = #""many_tokens":{"Q4_0":5,"Q8_0":null}"#
    #expect(json.contains(object))
    let tree = FakeTree()
    let old = try RunLog.read(tree.file("old.jsonl", json.replacing(object, with: #""many_tokens":7"#) + "\n")).records
    #expect(old.map(\.configuration.manyTokens) == [ManyTokens(["all": 7])])
    #expect(old[0].configuration.manyTokens?.phrase == "unpacked once for 7 tokens or more")
    for wrong in ["-1", "\"7\"", #"{"Q4_0":-1}"#, #"{"Q4_0":4294967297}"#, #"{"Q4_0":"never"}"#] {
      let path = tree.file("wrong.jsonl", json.replacing(object, with: #""many_tokens":\#(wrong)"#) + "\n")
      #expect(throws: RecordError.self, "\(wrong)") { try RunLog.read(path) }
    }
    let tokens = ManyTokens(["Q4_0": 33, "Q6_K": 33, "Q8_0": nil, "F32": 1])
    #expect(tokens.description == "F32=1,Q4_0=33,Q6_K=33,Q8_0=never")
    #expect(
      tokens.phrase == "unpacked once for 1 token or more (F32), unpacked once for 33 tokens or more (Q4_0, Q6_K), "
        + "never unpacked once (Q8_0)")
    #expect(ManyTokens(["Q4_0": 12, "Q6_K": 12]).phrase == "unpacked once for 12 tokens or more")
  }

  @Test func keepsFinishedLinesBeforeATornOne() throws {
    let tree = FakeTree()
    let whole = String(decoding: try RecordCoding.encode(sampleRun()), as: UTF8.self)
    let path = tree.file("runs.jsonl", whole + "\n" + whole.prefix(whole.count / 2))
    let log = try RunLog.read(path)
    #expect(log.records == [sampleRun()])
    #expect(log.warnings.count == 1)
    #expect(log.warnings.first?.contains("runs.jsonl:2: the last line is cut off") == true)
  }

  /// At each possible place of a cut the finished line stays, and a writer that goes on leaves two good lines.
  @Test func goesOnAfterACutAnywhere() throws {
    let tree = FakeTree()
    let line = String(decoding: try RecordCoding.encode(sampleRun()), as: UTF8.self)
    for length in stride(from: 0, through: line.utf8.count, by: 37) {
      let path = tree.file(
        "runs-\(length).jsonl", line + "\n" + String(decoding: line.utf8.prefix(length), as: UTF8.self))
      do {
        let writer = try RunWriter(path)
        try writer.append(sampleRun(repetition: 1))
      }
      let log = try RunLog.read(path)
      #expect(log.records == [sampleRun(), sampleRun(repetition: 1)])
      #expect(log.warnings == [])
    }
  }

  @Test func keepsALastLineThatOnlyLacksItsNewline() throws {
    let tree = FakeTree()
    let line = String(decoding: try RecordCoding.encode(sampleRun()), as: UTF8.self)
    let path = tree.file("runs.jsonl", line)
    #expect(try RunLog.read(path).records == [sampleRun()])
    try RunWriter(path).append(sampleRun(repetition: 1))
    #expect(try RunLog.read(path).records == [sampleRun(), sampleRun(repetition: 1)])
  }

  @Test func oneWriterAtATime() throws {
    let tree = FakeTree()
    let path = tree.root + "/runs.jsonl"
    let first = try RunWriter(path)
    #expect(throws: RecordError(file: path, reason: "another process is writing to it")) { _ = try RunWriter(path) }
    try first.append(sampleRun())
  }

  @Test func toleratesUnknownFieldsAndBlankLines() throws {
    let tree = FakeTree()
    let json = String(decoding: try RecordCoding.encode(sampleRun()), as: UTF8.self)
    let path = tree.file(
      "runs.jsonl", "\n" + json.replacing("{\"canonical\"", with: "{\"aura\":[1,{}],\"canonical\"") + "\r\n \n")
    #expect(try RunLog.read(path).records == [sampleRun()])
  }

  @Test(arguments: [
    ("\"threads\":2", "\"threads\":-2", "configuration.threads is -2; expected 1 to 1048576"),
    ("\"threads\":2", "\"threads\":\"NaN\"", "configuration.threads is not a number"),
    ("\"threads\":2", "\"threads\":9e99", "not valid JSON, or a number that does not fit"),
    ("\"threads\":2,", "", "configuration.threads is missing"),
    ("\"threads\":2", "\"threads\":null", "configuration.threads is null"),
    (
      "\"generated_tokens\":3", "\"generated_tokens\":4294967297",
      "generated_tokens is 4294967297; expected 0 to 4294967296"
    ),
    ("\"generated_tokens\":3", "\"generated_tokens\":0", "generated_tokens is 0 in a decode run"),
    (
      "\"wall_seconds\":0.005", "\"wall_seconds\":-0.005", "samples[1].wall_seconds is -0.005; expected a time"
    ),
    ("\"wall_seconds\":0.005", "\"wall_seconds\":NaN", "not valid JSON, or a number that does not fit"),
    ("\"wall_seconds\":0.005", "\"wall_seconds\":\"0.005\"", "samples[1].wall_seconds is not a number"),
    ("\"wall_seconds\":0.005", "\"wall_seconds\":1e300", "samples[1].wall_seconds is 1e+300; expected a time"),
    ("\"flops\":600", "\"flops\":-1", "operations.matmul.flops is -1.0; expected 0 to 1e+24"),
    ("\"steal_share\":0.001", "\"steal_share\":-1", "conditions.steal_share is -1.0; expected 0 to 1e+24"),
    ("\"minor_faults\":4", "\"minor_faults\":-4", "conditions.minor_faults is -4; expected 0 to 1125899906842624"),
    ("\"minor_faults\":4", "\"minor_faults\":{\"absent\":4}", "conditions.minor_faults.absent is not a text"),
    ("\"phase\":\"decode\"", "\"phase\":\"dream\"", "phase is not an accepted value"),
    ("\"time\":\"2026", "\"time\":\"next", "time is not an RFC 3339 time in UTC"),
    (
      "inferometer.run", "somebody.else", "schema is \"somebody.else\", not \"inferometer.run\": not a run of this tool"
    ),
    (
      "\"schema_version\":1", "\"schema_version\":7",
      "written by a newer version (record format 7; this one reads up to 1)"
    ),
    ("\"schema_version\":1", "\"schema_version\":0", "schema_version is 0"),
    ("{\"canonical\"", "{\"canonical", "not valid JSON, or a number that does not fit"),
  ])
  func namesLineAndReason(of good: String, bad: String, reason: String) throws {
    let tree = FakeTree()
    let line = String(decoding: try RecordCoding.encode(sampleRun()), as: UTF8.self)
    #expect(line.contains(good))
    let edited = line.replacing(good, with: bad, maxReplacements: 1)
    let path = tree.file("runs.jsonl", "\(line)\n\(edited)\n\(line)\n")
    let error = try #require(throws: RecordError.self) { try RunLog.read(path) }
    #expect(error.file == path && error.line == 2)
    #expect(error.reason.hasPrefix(reason))
    #expect(!error.description.contains("\n"))
  }

  @Test(arguments: [
    ("not json", "not valid JSON, or a number that does not fit"),
    ("[]", "the record is not an object or a list, as expected there"),
    ("3", "the record is not an object or a list, as expected there"),
  ])
  func refusesWhatIsNotARun(line: String, reason: String) throws {
    let tree = FakeTree()
    let path = tree.file("runs.jsonl", line + "\n")
    let error = try #require(throws: RecordError.self) { try RunLog.read(path) }
    #expect(error.line == 1)
    #expect(error.reason == reason)
  }

  @Test func boundsTheLine() throws {
    let tree = FakeTree()
    let path = tree.file("runs.jsonl", "{}\n" + String(repeating: "[", count: 17 << 20))
    let error = try #require(throws: RecordError.self) { try RunLog.read(path) }
    #expect(error.line == 1, "the first line is refused before the second is read")
    let long = tree.file("long.jsonl", String(repeating: "[", count: 17 << 20))
    #expect(try #require(throws: RecordError.self) { try RunLog.read(long) }.reason.contains("longer than any run"))
    let deep = tree.file("deep.jsonl", String(repeating: "[", count: 1 << 20) + "\n")
    #expect(throws: RecordError.self) { try RunLog.read(deep) }
  }

  @Test func refusesWhatIsNotAFile() throws {
    let tree = FakeTree()
    #expect(throws: RecordError(file: tree.root, reason: "is a directory, not a file")) {
      try RunLog.read(tree.root)
    }
    #expect(throws: RecordError(file: "/dev/zero", reason: "is not a regular file")) { try RunLog.read("/dev/zero") }
    let missing = tree.root + "/none"
    #expect(throws: RecordError(file: missing, reason: "no such file or directory")) { try RunLog.read(missing) }
  }

  @Test func refusesToWriteWhatItWouldNotRead() throws {
    let tree = FakeTree()
    let path = tree.root + "/runs.jsonl"
    let writer = try RunWriter(path)
    #expect(throws: RecordError.self) { try writer.append(sampleRun(walls: [.nan, 1, 1])) }
    #expect(throws: RecordError.self) { try writer.append(sampleRun(walls: [])) }
    #expect(try text(of: path) == "")
  }
}
