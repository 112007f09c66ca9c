import Foundation
import TestSupport
import Testing

/// What happens to the command's streams and signals, rather than what it computes.
struct StreamTests {
  /// A model that can go on for a million tokens.
  static func endless() -> FakeTree {
    var writer = TinyModel.llama()
    writer["llama.context_length"] = .uint32(1 << 20)
    writer["tokenizer.ggml.pre"] = .text("gpt-2")
    writer["tokenizer.ggml.tokens"] = .strings("abcdefghijkl".map { String($0) })
    writer["tokenizer.ggml.merges"] = .strings([])
    let files = FakeTree()
    files.write("/endless.gguf", bytes: writer.bytes())
    return files
  }

  @Test func ctrlCEndsAGenerationWithWhatItHas() throws {
    let files = Self.endless()
    let running = try Command.Running([
      "generate", "-m", files.root + "/endless.gguf", "--prompt", "abc", "-n", "1000000", "--ignore-eos",
    ])
    running.wait { $0.output.count > 20 }
    running.process.interrupt()
    let result = running.wait()
    #expect(result.status == 130)
    #expect(result.output.count > 20 && result.output.hasSuffix("\n"))
    #expect(result.errors.contains("output  "))
  }

  @Test func ctrlCEndsABenchWithTheRowsItHas() throws {
    let running = try Command.Running([
      "bench", "-m", Fixtures.model("llama"), "-p", "4", "-n", "8,40000", "-d", "0", "-r", "2", "-t", "1", "-o",
      "jsonl",
    ])
    running.wait { $0.output.count(where: { $0 == "\n" }) >= 1 }
    running.process.interrupt()
    let result = running.wait()
    #expect(result.status == 130)
    #expect(!result.lines.isEmpty && result.lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
    #expect(result.errors.contains("interrupted"))
  }

  @Test func aClosedPipeEndsItQuietly() throws {
    let files = Self.endless()
    // Opened as closed on exec, so that no other test's command holds the end that nobody reads.
    files.makeQueue("/queue")
    let reader = open(files.root + "/queue", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    let writer = open(files.root + "/queue", O_WRONLY | O_CLOEXEC)
    try #require(reader >= 0 && writer >= 0)
    close(reader)
    let running = try Command.Running(
      ["generate", "-m", files.root + "/endless.gguf", "--prompt", "abc", "-n", "1000000", "--ignore-eos"],
      output: FileHandle(fileDescriptor: writer, closeOnDealloc: true))
    let result = running.wait()
    #expect(result.status == 128 + SIGPIPE)
    #expect(result.errors.isEmpty)
  }

  @Test func aFullDiskIsAnError() throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let result = try Command.Running(["kernels"], output: full).wait()
    #expect(result.status == 1)
    #expect(result.errors == "inferometer: standard output: no space left on device\n")
  }

  @Test func nothingIsSaidOnStandardErrorWhereNobodyLooks() throws {
    let result = try Command.run("bench", "-m", Fixtures.model("llama"), "-p", "4", "-n", "0", "-r", "1", "-o", "csv")
    #expect(result.errors.isEmpty)
  }
}
