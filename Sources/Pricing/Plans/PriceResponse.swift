import Glibc

/// How much is bought at a price, as an elasticity has it: Q = Q₀ (P / P₀)^ε.
package struct PriceResponse: Hashable, Sendable {
  package var price: Double
  package var quantity: Double
  package var elasticity: Double

  package init(price: Double, quantity: Double, elasticity: Double) {
    self.price = price
    self.quantity = quantity
    self.elasticity = elasticity
  }

  package func quantity(at newPrice: Double) -> Double {
    elasticity == 0 || newPrice == price ? quantity : quantity * pow(newPrice / price, elasticity)
  }

  package func revenueChange(to newPrice: Double) -> Double {
    newPrice * quantity(at: newPrice) - price * quantity
  }

  package func profitChange(to newPrice: Double, marginalCost: Double) -> Double {
    (newPrice - marginalCost) * quantity(at: newPrice) - (price - marginalCost) * quantity
  }

  /// The price that earns most, c ε/(1 + ε); nil where every higher price earns more.
  package func bestPrice(marginalCost: Double) -> Double? {
    elasticity < -1 ? marginalCost * elasticity / (1 + elasticity) : nil
  }

  /// The price at which a capacity is just sold: P₀ (K / Q₀)^(1/ε); nil where no price changes what is bought.
  package func price(filling capacity: Double) -> Double? {
    elasticity < 0 ? price * pow(capacity / quantity, 1 / elasticity) : nil
  }

  /// The elasticity at which a new price earns as much as the old: ln((P₀ − c)/(P₁ − c)) / ln(P₁/P₀); nil where one of the
  /// prices is below the cost, or both are the same.
  package static func indifferentElasticity(from price: Double, to newPrice: Double, marginalCost: Double) -> Double? {
    guard price > marginalCost, newPrice > marginalCost, price != newPrice else { return nil }
    return log((price - marginalCost) / (newPrice - marginalCost))
      / log(newPrice / price)
  }
}

/// What more output tokens for the same result earn in the first order: the change in profit, by plan.
package struct Verbosity: Hashable, Sendable {
  package var inputTokens: Double
  package var outputTokens: Double
  /// Tasks, or users of a subscription.
  package var tasks: Double
  /// Of a million.
  package var inputPrice: Double
  package var outputPrice: Double
  package var inputCost: Double
  package var outputCost: Double

  package init(
    inputTokens: Double, outputTokens: Double, tasks: Double, inputPrice: Double, outputPrice: Double,
    inputCost: Double, outputCost: Double
  ) {
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.tasks = tasks
    self.inputPrice = inputPrice
    self.outputPrice = outputPrice
    self.inputCost = inputCost
    self.outputCost = outputCost
  }

  package var taskPrice: Double { (inputTokens * inputPrice + outputTokens * outputPrice) / 1e6 }
  package var taskCost: Double { (inputTokens * inputCost + outputTokens * outputCost) / 1e6 }
  private var taskMargin: Double { taskPrice - taskCost }

  /// Paid by the token: more is sold, to the fewer who buy at what a task then costs them.
  package func perToken(more share: Double, elasticity: Double) -> Double {
    let tokens = tasks * outputTokens * share / 1e6
    return tokens * (outputPrice - outputCost + elasticity * taskMargin * outputPrice / taskPrice)
  }

  /// The elasticity below which words that are paid for lose money: the lost customers weigh more.
  package var flippingElasticity: Double {
    -(outputPrice - outputCost) * taskPrice / (taskMargin * outputPrice)
  }

  /// Paid by the task: words cost only.
  package func perTask(more share: Double) -> Double { -tasks * outputTokens * share * outputCost / 1e6 }

  /// A subscription that is capped in tokens: users below the cap cost more; of those at it, some buy more at a price of a million.
  package func subscription(
    more share: Double, users: Double, atCap: Double, tasksBelow: Double, tasksAt: Double, takeUp: Double,
    overagePrice: Double
  ) -> Double {
    let tokens = outputTokens * share / 1e6
    return users * tokens
      * (-(1 - atCap) * tasksBelow * outputCost + atCap * takeUp * tasksAt * (overagePrice - outputCost))
  }

  /// The share of users at the cap from which on words earn money.
  package func flippingShareAtCap(
    tasksBelow: Double, tasksAt: Double, takeUp: Double, overagePrice: Double
  ) -> Double {
    let lost = tasksBelow * outputCost
    return lost / (lost + takeUp * tasksAt * (overagePrice - outputCost))
  }
}
