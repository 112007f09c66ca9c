/// Tasks of one kind: what each sends and asks for, and how often it must be tried.
package struct TaskType: Hashable, Sendable {
  package var name: String
  package var share: Quantity
  /// Tokens of the first prompt, with those that are found in a cache.
  package var input: Count
  /// Tokens of each answer, without those of reasoning.
  package var output: Count
  /// Tokens of reasoning before each answer.
  package var reasoning: Count
  package var turns: Count
  /// What each turn adds to the prompt besides the answers before it.
  package var added: Count?
  /// The share of the prefix that the cache has: of one prompt that share of its tokens; over turns the whole prefix, in that
  /// share of the turns after the first.
  package var hitShare: Quantity
  /// Of one attempt.
  package var success: Quantity
  package var mostAttempts: Int
  /// What a failed attempt takes, in attempts that succeed.
  package var failedFactor: Quantity

  package init(
    name: String, share: Quantity = Quantity(1), input: Count, output: Count, reasoning: Count = Count(Quantity(0)),
    turns: Count = Count(Quantity(1)), added: Count? = nil, hitShare: Quantity = Quantity(0),
    success: Quantity = Quantity(1), mostAttempts: Int = 1, failedFactor: Quantity = Quantity(1)
  ) {
    self.name = name
    self.share = share
    self.input = input
    self.output = output
    self.reasoning = reasoning
    self.turns = turns
    self.added = added
    self.hitShare = hitShare
    self.success = success
    self.mostAttempts = mostAttempts
    self.failedFactor = failedFactor
  }

  var counts: [Count] { [input, output, reasoning, turns] + (added.map { [$0] } ?? []) }
}

/// Attempts until a success, or until no more are made: P = 1 − (1 − p)^m of the tasks succeed, after P/p attempts each.
package struct Attempts: Hashable, Sendable {
  package var success: Double
  package var most: Int

  package init(success: Double, most: Int) {
    self.success = success
    self.most = most
  }

  /// The share of tasks that succeed in the end.
  package var successShare: Double { 1 - power(1 - success, most) }
  package var perTask: Double { successShare / success }
  package var failedPerTask: Double { perTask - successShare }

  /// What a task costs, of what an attempt costs that succeeds and one that fails.
  package func perTask(success cost: Double, failure: Double) -> Double {
    successShare * cost + failedPerTask * failure
  }

  /// c + c_failed (1 − p)/p, whatever the most is: failures are paid for by the successes.
  package func perSuccess(success cost: Double, failure: Double) -> Double {
    cost + failure * (1 - success) / success
  }

  /// By squaring, so that it is the same on every machine.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
