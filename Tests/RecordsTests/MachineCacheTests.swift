import Records
import TestSupport
import Testing

@Suite struct MachineCacheTests {
  private struct Value: Codable, Equatable {
    var manyTokens = 7
  }

  private static func cache(_ tree: FakeTree, version: String = "1", fingerprint: String = "f00d") -> MachineCache {
    MachineCache(
      in: MachineFiles(
        environment: { $0 == "XDG_CACHE_HOME" ? tree.root + "/caches" : nil }, fingerprint: fingerprint),
      toolVersion: version)
  }

  @Test func returnsWhatWasStored() throws {
    let tree = FakeTree()
    #expect(try Self.cache(tree).load("tuning", as: Value.self) == nil)
    try Self.cache(tree).store(Value(), as: "tuning")
    #expect(try Self.cache(tree).load("tuning", as: Value.self) == Value())
    #expect(Self.cache(tree).refusal(of: "tuning", "").file == tree.root + "/caches/inferometer/tuning-f00d.json")
    // Another machine has a file of its own, another kind too.
    #expect(try Self.cache(tree, fingerprint: "beef").load("tuning", as: Value.self) == nil)
    #expect(try Self.cache(tree).load("roofs", as: Value.self) == nil)
  }

  @Test func refusesWhatAnotherVersionStored() throws {
    let tree = FakeTree()
    try Self.cache(tree).store(Value(), as: "tuning")
    let error = #expect(throws: RecordError.self) {
      try Self.cache(tree, version: "2").load("tuning", as: Value.self)
    }
    #expect(error?.reason.contains("version 1") == true)
  }

  private static func entry(schema: String = "inferometer.cache", kind: String = "tuning", machine: String = "f00d")
    -> String
  {
    #"{"schema":"\#(schema)","schema_version":1,"kind":"\#(kind)","tool_version":"1","#
      + #""machine_fingerprint":"\#(machine)","value":{"many_tokens":3}}"#
  }

  @Test(arguments: [
    "", "{", "null", "[]", "\u{0}\u{0}", "{\"value\":{\"many_tokens\":3}}", entry(schema: "other"),
    entry(kind: "roofs"), entry(machine: "beef"), entry().replacing("3}", with: "\"3\"}"),
    entry().replacing("3}", with: "1e400}"), String(repeating: "[", count: 100_000),
  ])
  func refusesWhatIsNoEntryOfThisMachine(text: String) {
    let tree = FakeTree(["/caches/inferometer/tuning-f00d.json": text])
    let error = #expect(throws: RecordError.self) { try Self.cache(tree).load("tuning", as: Value.self) }
    #expect(error?.file == tree.root + "/caches/inferometer/tuning-f00d.json")
    #expect(error?.reason.contains("ignored") == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test func aWellFormedEntryIsTaken() throws {
    let tree = FakeTree(["/caches/inferometer/tuning-f00d.json": Self.entry()])
    #expect(try Self.cache(tree).load("tuning", as: Value.self) == Value(manyTokens: 3))
  }

  @Test func aPipeIsNotWaitedFor() {
    let tree = FakeTree()
    tree.makeQueue("/caches/inferometer/tuning-f00d.json")
    #expect(throws: RecordError.self) { try Self.cache(tree).load("tuning", as: Value.self) }
  }

  @Test func whereItCannotWriteItSaysSo() {
    // A file where the directory should be.
    let tree = FakeTree(["/caches": ""])
    let error = #expect(throws: RecordError.self) { try Self.cache(tree).store(Value(), as: "tuning") }
    #expect(error?.reason.hasSuffix("XDG_CACHE_HOME names another place for it") == true)
  }

  @Test(
    arguments: [
      (["XDG_CACHE_HOME": "/a", "HOME": "/b"], "/a/inferometer"), (["HOME": "/b"], "/b/.cache/inferometer"),
      (["XDG_CACHE_HOME": "relative", "HOME": "/b"], "/b/.cache/inferometer"),
      (["XDG_CACHE_HOME": "", "HOME": ""], nil), ([:], nil),
    ] as [([String: String], String?)])
  func liesWhereTheEnvironmentSays(environment: [String: String], expected: String?) {
    let files = MachineFiles(environment: { environment[$0] }, fingerprint: "f00d")
    #expect(files.directory == expected)
    if expected == nil { #expect(throws: RecordError.self) { try files.write(Value(), as: "tuning") } }
  }
}
