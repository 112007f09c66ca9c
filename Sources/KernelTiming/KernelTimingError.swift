/// What was asked to be timed and cannot be, said in one line.
package struct KernelTimingError: Error, CustomStringConvertible, Equatable {
  package let description: String

  init(_ description: String) { self.description = description }
}
