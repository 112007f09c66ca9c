import Records
import TestSupport
import Testing

/// Files as other benches print them, shortened.
@Suite struct ForeignBenchTests {
  private func read(_ text: String) throws -> (ForeignBench, [LlamaBenchLog.Row]) {
    let tree = FakeTree(["/file": text])
    let bench = try ForeignBench(tree.root + "/file")
    let lines = try bench.rows.map { try $0.line(from: "file", format: bench.format.rawValue) + [0x0A] }
    return (bench, try LlamaBenchLog(Array(lines.joined()), file: "file").rows)
  }

  private static let json =
    #"{"build_commit":"abc","cpu_info":"a, \"b\"","model_filename":"m.gguf","model_type":"llama 7B Q4_0","model_size":4000,"#
    + #""model_n_params":7000,"n_threads":4,"n_prompt":512,"n_gen":0,"avg_ns":2000,"avg_ts":256,"samples_ns":[1900,2100]}"#

  @Test func jsonInEitherForm() throws {
    for text in [Self.json + "\n" + Self.json, "[\n\(Self.json),\n\(Self.json)\n]\n"] {
      let (bench, rows) = try read(text)
      #expect(bench.format == .llamaBench && rows.count == 2)
      #expect(rows[0].samplesNs == [1900, 2100] && rows[0].test.promptTokens == 512 && rows[0].cpuInfo == "a, \"b\"")
      #expect(rows[0].settings["imported_from"] == "file" && rows[0].settings["n_threads"] == "4")
    }
  }

  /// CSV and SQL have means only: a row has one time.
  @Test func csvAndSQL() throws {
    let csv = #"""
      build_commit,cpu_info,model_filename,model_type,model_size,model_n_params,n_threads,n_prompt,n_gen,avg_ns,stddev_ns
      "abc","a, ""b""","m.gguf","llama 7B Q4_0","4000","7000","4","0","128","2500","10"
      """#
    let sql = """
      CREATE TABLE IF NOT EXISTS test (
        build_commit TEXT,
        n_prompt INTEGER
      );

      INSERT INTO test (build_commit, cpu_info, model_filename, model_type, model_size, model_n_params, n_prompt, n_gen, avg_ns) \
      VALUES ('abc', 'it''s (a, b)', 'm.gguf', 'llama 7B Q4_0', '4000', '7000', '0', '128', '2500');
      """
    for (text, format, processor) in [(csv, ForeignBench.Format.csv, "a, \"b\""), (sql, .sql, "it's (a, b)")] {
      let (bench, rows) = try read(text)
      #expect(bench.format == format && rows.count == 1)
      #expect(rows[0].samplesNs == [2500] && rows[0].test.generatedTokens == 128 && rows[0].cpuInfo == processor)
    }
  }

  /// A line has a prompt and a generation: of four sequences behind their prompts, or of one behind what the cache holds.
  @Test func batchedAndSweepBench() throws {
    let batched =
      #"{"n_threads":2,"is_pp_shared":0,"pp":128,"tg":32,"pl":4,"n_kv":640,"t_pp":0.5,"t_tg":0.25,"speed":1}"#
    let table = """
      main: n_kv_max = 2048

      |    PP |     TG |    B |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |      T s |    S t/s |
      |-------|--------|------|--------|----------|----------|----------|----------|----------|----------|
      |   128 |     32 |    4 |    640 |    0.500 |  1024.00 |    0.250 |   512.00 |    0.750 |   853.33 |
      """
    for text in [batched, table] {
      let (bench, rows) = try read(text)
      #expect(bench.format == .batchedBench && rows.map(\.test.name) == ["pp128", "tg32 @ d128"])
      #expect(rows.allSatisfy { $0.test.sequences == 4 } && rows.map(\.samplesNs) == [[5e8], [2.5e8]])
    }
    let sweep = """
      |    PP |     TG |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |
      |-------|--------|--------|----------|----------|----------|----------|
      |   512 |    128 |   1024 |    2.000 |   256.00 |    4.000 |    32.00 |
      """
    let (bench, rows) = try read(sweep)
    #expect(bench.format == .sweepBench && rows.map(\.test.name) == ["pp512 @ d1024", "tg128 @ d1024"])
  }

  @Test func spareCores() throws {
    let text =
      #"{"srv":"aws/a","cpu":"EPYC","ncpu":4,"model_filename":"/models/llama-7b.gguf","model_size":4000,"model_n_params":7000,"n_prompt":0,"n_gen":16,"n_threads":4,"avg_ts":10,"samples_ns":[1600000000]}"#
    let (bench, rows) = try read(text)
    #expect(bench.format == .spareCores && rows[0].cpuInfo == "EPYC" && rows[0].modelType == "llama-7b.gguf")
  }

  @Test(arguments: [
    "", "hello\n", "{\"a\":1}\n", "[{}]", "[1]", "{", "| a | b |\n| 1 | 2 |\n", "n_prompt,n_gen\n1\n",
    "INSERT INTO test (a) VALUES ('1', '2');\n", "INSERT INTO test\n", "\u{1f}\u{8b}",
    #"{"pp":1e300,"tg":-1,"t_pp":-1,"t_tg":0}"#,
    "| PP | TG | N_KV | T_PP s | T_TG s |\n| 1 | 2 |\n", "n_prompt,\"n_gen\n",
  ])
  func whatIsNoBenchIsRefused(text: String) throws {
    let tree = FakeTree(["/file": text])
    #expect(throws: RecordError.self) { try ForeignBench(tree.root + "/file") }
  }
}
