/// Something that a campaign was asked and cannot do, said in one line.
package struct CampaignError: Error, CustomStringConvertible, Equatable {
  package enum Cause: Sendable {
    /// What was asked for cannot be.
    case request
    /// What this machine cannot do.
    case machine
    /// A file of an earlier campaign does not fit.
    case data
  }

  package let cause: Cause
  package let description: String

  package init(_ cause: Cause, _ description: String) {
    self.cause = cause
    self.description = description
  }
}
