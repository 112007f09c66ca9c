import Foundation
import TestSupport
import Testing

struct TextVerbTests {
  struct Generation: Decodable {
    var promptTokens: [Int32]
    var tokens: [Int32]
    var text: String
    var stopReason: String
    var tokenSeconds: [Double]
    var timeToFirstTokenSeconds: Double
    var flopsPerOutputToken: Double?
    var bytesPerOutputToken: Double?
  }

  struct Score: Decodable {
    var tokens: [Int32]
    var nll: [Double]
    var meanNll: Double?
    var top: [[Double]]?
  }

  @Test(arguments: Fixtures.models)
  func everyArchitectureGenerates(_ name: String) throws {
    let result = try Command.run(
      "generate", "-m", Fixtures.model(name), "--prompt", "Hello", "-n", "12", "--ignore-eos", "--json")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let generation = try result.json(Generation.self)
    #expect(generation.tokens.count == 12)
    #expect(generation.tokenSeconds.count == 12)
    #expect(generation.stopReason == "length")
    #expect(generation.tokenSeconds.first == generation.timeToFirstTokenSeconds)
    #expect(generation.flopsPerOutputToken ?? 0 > 0 && generation.bytesPerOutputToken ?? 0 > 0)
  }

  @Test func theTextIsThatOfTheJSON() throws {
    let arguments = ["generate", "-m", Fixtures.model("qwen3"), "--prompt", "Hello", "-n", "16", "--ignore-eos"]
    let json = try Command.run(arguments + ["--json"]).json(Generation.self)
    let text = try Command.run(arguments)
    #expect(text.output == json.text + "\n")
    #expect(text.errors.contains("16 tokens, the first after"))
  }

  @Test func promptsComeFromFilesAndStandardInput() throws {
    let files = FakeTree(["/prompt": "Hello\n"])
    let start = ["generate", "-m", Fixtures.model("llama"), "-n", "1", "--json"]
    let option = try Command.run(start + ["--prompt", "Hello\n"]).json(Generation.self)
    let file = try Command.run(start + ["--file", files.root + "/prompt"]).json(Generation.self)
    let input = try Command.run(start + ["--prompt", "-"], input: "Hello\n").json(Generation.self)
    #expect(file.promptTokens == option.promptTokens)
    #expect(input.promptTokens == option.promptTokens)
  }

  @Test func seedsRepeatADraw() throws {
    func tokens(_ more: String...) throws -> [Int32] {
      try Command.run(
        ["generate", "-m", Fixtures.model("llama"), "--prompt", "Hello", "-n", "24", "--ignore-eos", "--json"] + more
      ).json(Generation.self).tokens
    }
    let greedy = try tokens()
    #expect(try tokens("--temperature", "0") == greedy)
    // One token to draw from is the likeliest.
    #expect(try tokens("--temperature", "5", "--top-k", "1") == greedy)
    let drawn = try tokens("--temperature", "5", "--seed", "7")
    #expect(try tokens("--temp", "5", "-s", "7") == drawn)
    // 24 draws that are far from certain; both seeds agree on all of them about never.
    #expect(try tokens("--temperature", "5", "--seed", "8") != drawn)
    #expect(try tokens("--repeat-penalty", "1000", "--repeat-last-n", "-1", "--presence-penalty", "100") != greedy)
  }

  @Test func whatCannotMatterIsNoted() throws {
    let result = try Command.run(
      "generate", "-m", Fixtures.model("llama"), "--prompt", "Hello", "-n", "1", "--top-p", "0.5", "--json")
    #expect(result.errors == "inferometer: --top-p: has no effect at temperature 0; add --temperature 0.8, say\n")
  }

  @Test func controlTokensAreReadOnlyOnRequest() throws {
    let start = ["score", "-m", Fixtures.model("llama"), "--text", "<|end|>", "--json"]
    let plain = try Command.run(start).json(Score.self)
    let special = try Command.run(start + ["--special"]).json(Score.self)
    #expect(special.tokens.count < plain.tokens.count)
  }

  @Test(arguments: Fixtures.models)
  func everyArchitectureScores(_ name: String) throws {
    let result = try Command.run(
      "score", "-m", Fixtures.model(name), "--text", "Hello  there\n", "--top", "301", "--json", "--activations", "f32")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let score = try result.json(Score.self)
    #expect(score.nll.count == score.tokens.count - 1)
    let mean = score.nll.reduce(0, +) / Double(score.nll.count)
    #expect(abs((score.meanNll ?? 0) - mean) < 1e-12)
    let top = try #require(score.top)
    #expect(top.map { $0[1] } == top.map { $0[1] }.sorted(by: >))
    // All probabilities of the vocabulary are listed; they sum to 1 but for rounding.
    if top.count < 301 || Set(top.map { $0[0] }).count == 301 {
      #expect(abs(top.reduce(0) { $0 + exp($1[1]) } - 1) < 1e-9)
    }
  }

  @Test func textIsTakenByteForByte() throws {
    let files = FakeTree()
    files.write("/text", bytes: [0x20, 0x20, 0x41, 0x0D, 0x0A, 0x09, 0x0A])
    let file = try Command.run(
      "score", "-m", Fixtures.model("llama"), "--file", files.root + "/text", "--json"
    ).json(Score.self)
    let option = try Command.run(
      "score", "-m", Fixtures.model("llama"), "--text", "  A\r\n\t\n", "--json"
    ).json(Score.self)
    #expect(file.tokens == option.tokens)
    #expect(file.tokens.count >= 7)
  }

  @Test func scoresAreWordsWithoutJSON() throws {
    let result = try Command.run("score", "-m", Fixtures.model("gemma3"), "--text", "Hello", "--top", "3")
    #expect(result.output.contains("mean nll"))
    #expect(result.output.contains("probability"))
  }
}
