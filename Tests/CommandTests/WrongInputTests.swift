import TestSupport
import Testing

struct WrongInputTests {
  static let model = Fixtures.model("llama")

  /// Nothing on standard output, one line on standard error, and a status that says whose fault it is.
  func expectRefusal(_ arguments: [String], _ status: Int32, _ parts: [String], input: String? = nil) throws {
    let result = try Command.run(arguments, input: input)
    #expect(result.status == status, "\(arguments): \(result.errors)")
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("inferometer: ") && result.errors.hasSuffix("\n"), "\(result.errors)")
    #expect(result.errors.split(separator: "\n", omittingEmptySubsequences: false).count == 2, "\(result.errors)")
    #expect(result.errors.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 }, "\(result.errors)")
    for part in parts { #expect(result.errors.contains(part), "\(result.errors)") }
  }

  @Test(arguments: [
    (["bnech"], ["'bnech'", "did you mean bench?"]),
    (["model.gguf"], ["measure -m model.gguf"]),
    (["--modell", "x"], ["--modell", "--model"]),
    (["bench", "--modle", "x"], ["--modle", "--model"]),
    (["bench", "-p", "1-"], ["-p", "'1-'"]),
    (["bench", "-p", "0", "-n", "0"], ["-p", "-n"]),
    (["bench", "-t", "0"], ["-t", "out of range"]),
    (["bench", "-r", "0"], ["-r"]),
    (["bench", "-pg", "512"], ["-pg", "512,128"]),
    (["bench", "-ctk", "f16,f17"], ["-ctk", "'f17'", "q8_0"]),
    (["bench", "-o", "xml"], ["-o", "md", "jsonl"]),
    (["bench", "-npl", "0"], ["-npl"]),
    (["bench", "--isa", "sse"], ["--isa", "avx2"]),
    (["bench", "--preset", "smollm-135m"], ["--preset", "smollm2-135m"]),
    (["bench", "--preset", "smollm2-135m", "--layers", "31"], ["--layers", "30"]),
    (["bench", "-m", model, "--layers", "1000"], ["--layers"]),
    (["bench", "-m", model, "--preset", "smollm2-135m"], ["--preset", "--model"]),
    (["bench", "extra"], ["'extra'"]),
    (["generate", "--prompt", "x"], ["--model", "-m FILE.gguf"]),
    (["generate", "-m", model], ["--prompt", "--file"]),
    (["generate", "-m", model, "--prompt", "x", "--file", "y"], ["--file"]),
    (["generate", "-m", model, "--prompt", "x", "-n", "-1"], ["-n"]),
    (["generate", "-m", model, "--prompt", "x", "-n", "16777216"], ["context", "-n"]),
    (["score", "-m", model], ["--text", "--file"]),
    (["score", "-m", model, "--text", "x", "--top", "0"], ["--top"]),
    (["score", "-m", model, "--text", "x", "--activations", "f64"], ["--activations", "bf16"]),
    (["kernels", "--op", "gemm"], ["--op", "matmul"]),
    (["kernels", "--op", "peak", "--bench"], ["--op", "'peak'", "attention", "norm"]),
    (["kernels", "--op", "norm", "--shape", "1x40x64"], ["--shape", "'1x40x64'", "512x4096"]),
    (["kernels", "--op", "rope", "--shape", "1x33"], ["--shape", "'1x33'", "pairs"]),
    (["kernels", "--op", "embedding", "--format", "q4_0", "--shape", "1x33"], ["--shape", "Q4_0", "32"]),
    (["kernels", "--shape", "512x4096"], ["--shape", "'512x4096'", "1x4096x14336"]),
    (["kernels", "--shape", "1x0x32"], ["--shape", "'1x0x32'"]),
    (["kernels", "--shape", "1x99999999999999999999x32"], ["--shape", "16777216"]),
    (["kernels", "--shape", "16777216x16777216x16777216", "--format", "f32"], ["16777216x16777216x16777216", "MiB"]),
    (["kernels", "--shape", "1x16x100", "--format", "q4_0,f16"], ["--shape", "Q4_0", "32"]),
    (["kernels", "--shape", "1x16x32", "--preset", "qwen3-8b"], ["--shape", "--preset"]),
    (["kernels", "-m", model, "--format", "q4_0"], ["--format", "--model"]),
    (["kernels", "--preset", "qwen3-9b"], ["--preset", "did you mean"]),
    (["kernels", "--heads", "7x2x64"], ["--heads", "'7x2x64'", "multiple"]),
    (["kernels", "--tokens", "0"], ["--tokens", "out of range"]),
    (["kernels", "--seconds", "0"], ["--seconds", "out of range"]),
    (["kernels", "--against", "gotoblas"], ["--against", "openblas, blis, mkl"]),
    (["kernels", "--against", "/nonexistent/libblas.so"], ["--against", "/nonexistent/libblas.so", "no such file"]),
    (["kernels", "--against", "/"], ["--against", "is not a file"]),
    (["kernels", "--op", "matvec", "--isa", "amx", "--shape", "1x16x32"], ["--isa"]),
    (["machine", "--slow"], ["--slow"]),
    (["price"], ["--seconds-per-input-token"]),
    (["price", "--seconds-per-input-token", "1", "--seconds-per-output-token", "0"], ["--seconds-per-output-token"]),
    (["price", "--utilisation", "0"], ["--utilisation"]),
    (["price", "--price-per-hour", "-1"], ["--price-per-hour"]),
    (["price", "--mix", "chat,tea"], ["--mix", "'tea'"]),
    (["price", "--task", "5"], ["--task"]),
    (["report"], ["DIR"]),
    (["report", "x", "-o", "page.pdf"], ["--output", "page.pdf"]),
    (["rank"], ["DIR"]),
    (["rank", "x", "--token", "5 apples"], ["--token"]),
    (["measure", "--budget", "never"], ["--budget"]),
    (["measure", "--contexts", "0-"], ["--contexts"]),
    (["measure", "--until", "3 %"], ["--until", "$/M output"]),
    (["measure", "--until", "ratio ± 3 %", "--processes", "2"], ["--processes", "--until"]),
    (["predict", "--prior", "x", "--shape", "y", "--preset", "z"], ["--shape", "--preset"]),
    (["measure", "--resume", "x", "--budget", "5"], ["--budget", "--resume"]),
    (["help", "meashure"], ["'meashure'", "measure"]),
  ])
  func usageErrors(_ arguments: [String], _ parts: [String]) throws { try expectRefusal(arguments, 64, parts) }

  @Test(arguments: ["bench", "score", "generate", "measure"])
  func filesThatAreNoModels(_ verb: String) throws {
    let files = FakeTree(["/empty.gguf": "", "/text.gguf": "this is not a model\n"])
    files.makeDirectory("/directory.gguf")
    files.makeQueue("/queue.gguf")
    files.link("/loop.gguf", to: "loop.gguf")
    let more: [String: [String]] = [
      "score": ["--text", "x"], "generate": ["--prompt", "x"], "measure": ["--results", files.root + "/results"],
    ]
    for name in ["empty", "text", "directory", "queue", "loop", "missing"] {
      let path = "\(files.root)/\(name).gguf"
      try expectRefusal([verb, "-m", path] + (more[verb] ?? []), 65, [path])
    }
  }

  @Test func filesWithoutTensorsOrATokenizer() throws {
    var writer = TinyModel.llama()
    writer.tensors.removeAll { $0.name == "blk.0.attn_q.weight" }
    let files = FakeTree()
    files.write("/broken.gguf", bytes: writer.bytes())
    try expectRefusal(
      ["bench", "-m", files.root + "/broken.gguf", "-p", "1", "-n", "0"], 65, ["broken.gguf", "blk.0.attn_q.weight"])
    var named = TinyModel.llama()
    named["tokenizer.ggml.pre"] = .text("\u{1b}[31mred\nnext")
    files.write("/named.gguf", bytes: named.bytes())
    try expectRefusal(["score", "-m", files.root + "/named.gguf", "--text", "x"], 65, ["named.gguf", "pre"])
  }

  @Test func textThatCannotBeRead() throws {
    try expectRefusal(["score", "-m", Self.model, "--file", "/nonexistent"], 65, ["/nonexistent"])
    try expectRefusal(["generate", "-m", Self.model, "--file", "/"], 65, ["/: "])
  }

  @Test func anEmptyTextHasNoScore() throws {
    let result = try Command.run("score", "-m", Fixtures.model("qwen2"), "--text", "")
    #expect(result.status == 65)
  }

  @Test func resultsThatCannotBeRead() throws {
    let files = FakeTree(["/empty/runs.jsonl": "", "/broken/runs.jsonl": "{}\n"])
    for (name, part) in [("missing", "missing"), ("empty", "runs.jsonl"), ("broken", "runs.jsonl:1")] {
      try expectRefusal(["report", "\(files.root)/\(name)"], 65, [part])
      try expectRefusal(["price", "\(files.root)/\(name)"], 65, [part])
      try expectRefusal(["measure", "--resume", "\(files.root)/\(name)"], 65, [name])
    }
  }

  @Test func aResultsPlaceThatCannotBeWrittenIsAnErrorBeforeMeasuring() throws {
    let files = FakeTree(["/file": "x"])
    try expectRefusal(["measure", "-m", Self.model, "--results", files.root + "/file"], 1, [files.root + "/file"])
    try expectRefusal(["measure", "-m", Self.model, "--results", "/proc/results"], 1, ["/proc/results"])
  }
}
