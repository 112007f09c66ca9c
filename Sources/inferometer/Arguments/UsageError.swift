/// A command line that cannot be followed: which option, what is wrong with it, what to do.
package struct UsageError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ subject: String, _ problem: String) { description = "\(subject): \(problem)" }

  package init(_ option: Option, _ problem: String) { self.init(option.name, problem) }
}
