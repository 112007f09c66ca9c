import Metering

extension Option {
  static let slow = Option(
    "--slow", value: "PERCENT",
    help: "to check comparisons: make all that is timed take PERCENT longer, by a busy wait; never canonical"
  )
}

extension Arguments {
  func slowdown() throws(UsageError) -> Slowdown? { try percentage(.slow).map { Slowdown(share: $0) } }
}
