import Metering

extension Option {
  static let slow = Option(
    "--slow", value: "PERCENT",
    help: "check of comparisons: wait, busy, after all that is timed until it has taken so much longer; never canonical"
  )
}

extension Arguments {
  func slowdown() throws(UsageError) -> Slowdown? { try percentage(.slow).map { Slowdown(share: $0) } }
}
