import Engine
import KernelContract
import Machine
import Model
import Records

/// One continuation of one prompt, token by token.
struct Generation {
  private let model: TextModel
  private let engine: Engine
  private let endTokens: Set<Int32>
  private let prompt: [Int32]
  private var sampler: Sampler
  private var detokenizer: Detokenizer
  private let energy: GenerationEnergy
  private(set) var result: GenerationResult

  init(
    _ model: TextModel, on engine: Engine, prompt: [Int32], warnings: [String], sampler: Sampler, ignoresEnd: Bool,
    energy: GenerationEnergy
  ) {
    self.energy = energy
    self.model = model
    self.engine = engine
    endTokens = ignoresEnd ? [] : model.tokenizer.endTokens
    self.prompt = prompt
    self.sampler = sampler
    detokenizer = model.tokenizer.detokenizer(continuing: true)
    result = GenerationResult(promptTokens: prompt, warnings: warnings, loadSeconds: model.loadSeconds)
  }

  /// Generates at most `limit` tokens, and hands over each piece of text as soon as it is a whole character. `limitReason` says why there
  /// may be no more.
  mutating func run(
    limit: Int, because limitReason: GenerationResult.StopReason, _ show: (String) throws -> Void
  ) throws {
    energy.begin()
    var last = Clock.nanoseconds()
    guard try readPrompt() else { return result.stopReason = .interrupted }
    result.prefillSeconds = Double(Clock.nanoseconds() - last) / 1e9
    result.add(energy.end(RunShape(phase: .prefill, promptTokens: prompt.count)))
    guard limit > 0 else { return result.stopReason = limitReason }
    var history = prompt
    energy.begin()
    while true {
      try checkLogits()
      let token = sampler.next(engine.logits(0), history: history)
      history.append(token)
      let now = Clock.nanoseconds()
      result.add(token, seconds: Double(now - last) / 1e9)
      last = now
      try emit(detokenizer.append(token), show)
      result.stopReason = stopReason(after: token) ?? (result.tokens.count == limit ? limitReason : nil)
      if result.stopReason != nil { break }
      result.add(engine.costs(tokens: 1, context: history.count - 1, logitRows: 1).values.reduce(.zero, +))
      try engine.decode([token])
    }
    // The first token was chosen from the prompt's logits.
    if result.tokens.count > 1 {
      result.add(
        energy.end(
          RunShape(phase: .decode, generatedTokens: result.tokens.count - 1, contextTokens: prompt.count)))
    }
    try emit(detokenizer.finish(), show)
  }

  private func stopReason(after token: Int32) -> GenerationResult.StopReason? {
    if endTokens.contains(token) { return .endOfText }
    return Interruption.isRequested ? .interrupted : nil
  }

  /// Throws unless every logit is a number and the largest is finite: what samples would take NaN for the smallest and +∞ for
  /// the largest. Two passes by the kernels that sample, next to nothing beside a step.
  private func checkLogits() throws {
    let logits = engine.logits(0)
    let kernels = engine.kernels.sampling
    guard let row = logits.baseAddress, logits[kernels.argmax(row, logits.count)].isFinite,
      kernels.sumAtLeast(row, nil, logits.count, -.infinity) == Double(logits.count)
    else { throw model.notFinite }
  }

  private mutating func emit(_ text: String, _ show: (String) throws -> Void) throws {
    guard !text.isEmpty else { return }
    result.text += text
    try show(text)
  }

  /// Reads the prompt in parts, so that Ctrl-C need not wait for a long one. False where it did not get to the end.
  private func readPrompt() throws -> Bool {
    let part = engine.options.microBatch
    for start in stride(from: 0, to: prompt.count, by: part) {
      if Interruption.isRequested { return false }
      try engine.prefill(Array(prompt[start..<min(start + part, prompt.count)]))
    }
    return true
  }
}
