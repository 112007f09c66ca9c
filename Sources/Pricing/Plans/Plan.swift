/// What a customer pays for.
package enum Plan: Sendable {
  case perToken(TokenPrices)
  case perTask(dollars: Quantity, onlySuccessful: Bool)
  case subscription(Subscription)
}

/// Prices of tokens; those of a million where the name says so.
package struct TokenPrices: Sendable {
  package var inputPerMillion: Quantity
  package var cachedPerMillion: Quantity
  package var outputPerMillion: Quantity
  package var reasoningPerMillion: Quantity
  package var perRequest: Quantity
  /// What of the price is paid for work that may wait.
  package var batchFactor: Quantity

  package init(
    inputPerMillion: Quantity, cachedPerMillion: Quantity, outputPerMillion: Quantity, reasoningPerMillion: Quantity,
    perRequest: Quantity, batchFactor: Quantity
  ) {
    self.inputPerMillion = inputPerMillion
    self.cachedPerMillion = cachedPerMillion
    self.outputPerMillion = outputPerMillion
    self.reasoningPerMillion = reasoningPerMillion
    self.perRequest = perRequest
    self.batchFactor = batchFactor
  }
}

/// A fee for a month, within which use is free up to a cap; beyond it some users pay for more.
package struct Subscription: Sendable {
  package enum Cap: Sendable {
    case tasks(Quantity)
    case tokens(Quantity)

    package var quantity: Quantity {
      switch self {
      case .tasks(let quantity), .tokens(let quantity): quantity
      }
    }
  }

  package enum OveragePrice: Sendable {
    case perTask(Quantity)
    case perMillionTokens(Quantity)

    package var quantity: Quantity {
      switch self {
      case .perTask(let quantity), .perMillionTokens(let quantity): quantity
      }
    }
  }

  package var dollarsPerMonth: Quantity
  package var users: Quantity
  package var tasksPerUser: Count
  package var cap: Cap?
  package var overage: (price: OveragePrice, takeUp: Quantity)?

  package init(
    dollarsPerMonth: Quantity, users: Quantity, tasksPerUser: Count, cap: Cap? = nil,
    overage: (price: OveragePrice, takeUp: Quantity)? = nil
  ) {
    self.dollarsPerMonth = dollarsPerMonth
    self.users = users
    self.tasksPerUser = tasksPerUser
    self.cap = cap
    self.overage = overage
  }
}

/// A month of a user whose use is capped.
package struct CappedUse: Hashable, Sendable {
  package var feeDollars: Double
  package var dollarsPerTask: Double
  package var meanTasks: Double
  package var meanWithinCap: Double
  /// Of the use beyond the cap, the share that is bought, at that price a task.
  package var takeUp: Double
  package var overageDollarsPerTask: Double

  package init(
    feeDollars: Double, dollarsPerTask: Double, meanTasks: Double, meanWithinCap: Double, takeUp: Double,
    overageDollarsPerTask: Double
  ) {
    self.feeDollars = feeDollars
    self.dollarsPerTask = dollarsPerTask
    self.meanTasks = meanTasks
    self.meanWithinCap = meanWithinCap
    self.takeUp = takeUp
    self.overageDollarsPerTask = overageDollarsPerTask
  }

  /// Tasks that are bought beyond the cap.
  package var meanBought: Double { takeUp * max(0, meanTasks - meanWithinCap) }
  package var meanServed: Double { meanWithinCap + meanBought }
  package var revenue: Double { feeDollars + overageDollarsPerTask * meanBought }
  package var margin: Double { revenue - dollarsPerTask * meanServed }
  package var breakEvenTasks: Double { feeDollars / dollarsPerTask }
  /// The fee at which nothing is earned or lost.
  package var breakEvenFee: Double { feeDollars - margin }
}
