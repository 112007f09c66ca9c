import CostCurves

/// What tasks ask of a host, by what is charged for: demands add up, and so do tasks.
package struct Work: Hashable, Sendable {
  /// Reading new tokens, as if nothing lay before them.
  package var input = Demand()
  /// What reading them takes more because cached tokens lie before them.
  package var behindCache = Demand()
  package var reasoning = Demand()
  package var output = Demand()

  package var inputTokens = 0.0
  package var cachedTokens = 0.0
  package var reasoningTokens = 0.0
  package var outputTokens = 0.0
  /// Prompts that were answered, each of which has a start-up; and all of them.
  package var answers = 0.0
  package var requests = 0.0

  package init() {}

  package static func + (a: Work, b: Work) -> Work { a.combined(b, +, +) }
  package static func - (a: Work, b: Work) -> Work { a.combined(b * -1, +, +) }
  package static func * (a: Work, factor: Double) -> Work {
    var product = a
    product.scale(by: factor)
    return product
  }

  /// Tokens that are charged for.
  package var tokens: Double { inputTokens + cachedTokens + reasoningTokens + outputTokens }

  private func combined(
    _ b: Work, _ demands: (Demand, Demand) -> Demand, _ counts: (Double, Double) -> Double
  ) -> Work {
    var sum = Work()
    sum.input = demands(input, b.input)
    sum.behindCache = demands(behindCache, b.behindCache)
    sum.reasoning = demands(reasoning, b.reasoning)
    sum.output = demands(output, b.output)
    sum.inputTokens = counts(inputTokens, b.inputTokens)
    sum.cachedTokens = counts(cachedTokens, b.cachedTokens)
    sum.reasoningTokens = counts(reasoningTokens, b.reasoningTokens)
    sum.outputTokens = counts(outputTokens, b.outputTokens)
    sum.answers = counts(answers, b.answers)
    sum.requests = counts(requests, b.requests)
    return sum
  }

  private mutating func scale(by factor: Double) {
    input = input * factor
    behindCache = behindCache * factor
    reasoning = reasoning * factor
    output = output * factor
    inputTokens *= factor
    cachedTokens *= factor
    reasoningTokens *= factor
    outputTokens *= factor
    answers *= factor
    requests *= factor
  }
}

/// One attempt at one task, in whole tokens.
package struct Attempt: Hashable, Sendable {
  package var input: Int
  package var output: Int
  package var reasoning = 0
  package var turns = 1
  package var added = 0
  package var hitShare = 0.0
  /// Where a log says how many tokens of the prompt were cached, instead of a share.
  package var cached: Int?

  package init(
    input: Int, output: Int, reasoning: Int = 0, turns: Int = 1, added: Int = 0, hitShare: Double = 0,
    cached: Int? = nil
  ) {
    self.input = input
    self.output = output
    self.reasoning = reasoning
    self.turns = turns
    self.added = added
    self.hitShare = hitShare
    self.cached = cached
  }
}

/// What the work of attempts is counted by: how the costs of both phases grow, and in how many sequences answers are decoded
/// at once.
package struct WorkBasis: Sendable {
  package var prefill: Growth
  package var decode: Growth
  package var sequences: Int
  /// Where the curves hold; nil counts no attempt as outside.
  package var domains: (prefill: Domain, decode: Domain)?
  /// What lies outside of them is counted as if it were on their edge.
  package var isClipped = false

  package init(prefill: Growth, decode: Growth, sequences: Int = 1) {
    self.prefill = prefill
    self.decode = decode
    self.sequences = sequences
  }

  package init(_ curves: TokenCurves, sequences: Int = 1, isClipped: Bool = false) {
    let decode = sequences > 1 ? curves.batch ?? curves.decode : curves.decode
    self.init(prefill: curves.prefill.growth, decode: decode.growth, sequences: sequences)
    // Steps of several sequences were timed at few contexts; those of one say where the law of the context holds.
    domains = (curves.prefill.domain, curves.decode.domain)
    self.isClipped = isClipped
  }

  /// The work of an attempt, and what of the record's domain it asks for.
  ///
  /// Turn k sends the first prompt, what was added in turns up to k and all answers before it. In the share of the later turns
  /// that find their prefix in the cache, what was added and one token more are read after the rest: the last token of an answer
  /// was never decoded. A prompt of one turn has its share of cached tokens, and at least one to read. The first token of an
  /// answer is chosen from the prefill's logits, so an answer of n tokens takes n − 1 steps and n choices.
  package func work(of attempt: Attempt, reach: inout Reach) -> Work {
    var work = Work()
    guard attempt.turns > 1 else {
      let prompt = attempt.input + attempt.added
      let cached = attempt.cached ?? Int((attempt.hitShare * Double(prompt)).rounded())
      read(prompt, cached: cached, share: 1, &work, &reach)
      answer(attempt, at: prompt, &work, &reach)
      return work
    }
    let said = attempt.output + attempt.reasoning
    for turn in 0..<attempt.turns {
      let prompt = attempt.input + attempt.added * (turn + 1) + said * turn
      if turn == 0 {
        read(prompt, cached: 0, share: 1, &work, &reach)
      } else {
        read(prompt, cached: prompt - attempt.added - 1, share: attempt.hitShare, &work, &reach)
        read(prompt, cached: 0, share: 1 - attempt.hitShare, &work, &reach)
      }
      answer(attempt, at: prompt, &work, &reach)
    }
    return work
  }

  /// A share of the reading of a prompt.
  private func read(_ prompt: Int, cached: Int, share: Double, _ work: inout Work, _ reach: inout Reach) {
    guard prompt > 0, share > 0 else { return }
    let cached = min(max(0, cached), prompt - 1)
    var place = Place(tokens: prompt - cached, context: cached)
    work.inputTokens += share * Double(place.tokens)
    work.cachedTokens += share * Double(cached)
    if let domains { reach.read(place, domains.prefill) }
    if isClipped, let domain = domains?.prefill {
      place.tokens = place.tokens.held(in: domain.promptTokens)
      place.context = place.context.held(in: domain.contextTokens)
    }
    let fresh = prefill.demand(of: Place(tokens: place.tokens))
    work.input = work.input + fresh * share
    guard place.context > 0 else { return }
    work.behindCache = work.behindCache + (prefill.demand(of: place) + fresh * -1) * share
  }

  private func answer(_ attempt: Attempt, at prompt: Int, _ work: inout Work, _ reach: inout Reach) {
    work.requests += 1
    let (reasoning, output) = (attempt.reasoning, attempt.output)
    guard reasoning + output > 0 else { return }
    let thought = max(0, reasoning - 1)
    let spoken = reasoning > 0 ? output : output - 1
    if thought > 0 { work.reasoning = work.reasoning + steps(from: prompt, count: thought) }
    if spoken > 0 { work.output = work.output + steps(from: prompt + thought, count: spoken) }
    work.reasoningTokens += Double(reasoning)
    work.outputTokens += Double(output)
    if thought + spoken > 0 {
      work.answers += 1
      if let domains { reach.decode(from: prompt, to: prompt + thought + spoken - 1, domains.decode) }
    }
  }

  /// One sequence's part of steps of all.
  private func steps(from first: Int, count: Int) -> Demand {
    let each = 1 / Double(sequences)
    guard isClipped, let range = domains?.decode.contextTokens else {
      return decode.steps(from: first, count: count, sequences: sequences) * each
    }
    func at(_ context: Int, _ count: Int) -> Demand {
      decode.steps(from: context, count: 1, sequences: sequences) * (each * Double(max(0, count)))
    }
    let (low, high) = (range.lowerBound, range.upperBound)
    let before = min(count, max(0, low - first))
    let after = min(count, max(0, first + count - 1 - high))
    let within = max(0, count - before - after)
    return at(low, before) + at(high, after)
      + decode.steps(from: max(first, low), count: within, sequences: sequences) * each
  }
}

extension Int {
  fileprivate func held(in range: ClosedRange<Int>) -> Int {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

/// Which places an attempt asks for, against how far a record reaches. What is shorter than the shortest that was measured is
/// within: it costs no more than that.
package struct Reach: Sendable {
  package private(set) var isOutside = false
  /// A cached prompt is asked for, and none was measured.
  package private(set) var lacksDepth = false
  package private(set) var longestPrompt = 0
  package private(set) var shortestPrompt = Int.max
  package private(set) var deepest = 0
  package private(set) var longestContext = 0

  package init() {}

  fileprivate mutating func read(_ place: Place, _ prefill: Domain) {
    if place.tokens > prefill.promptTokens.upperBound || place.context > prefill.contextTokens.upperBound {
      isOutside = true
    }
    if place.context > 0, prefill.contextTokens.upperBound == 0 { lacksDepth = true }
    longestPrompt = max(longestPrompt, place.tokens)
    shortestPrompt = min(shortestPrompt, place.tokens)
    deepest = max(deepest, place.context)
  }

  fileprivate mutating func decode(from first: Int, to last: Int, _ decode: Domain) {
    if last > decode.contextTokens.upperBound { isOutside = true }
    longestContext = max(longestContext, last)
  }

  /// Begins another attempt.
  package mutating func beginAttempt() { isOutside = false }
}
