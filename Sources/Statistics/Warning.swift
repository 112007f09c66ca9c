/// Something a reader of a figure has to know: a code for programs, and a sentence that names the remedy.
package struct Warning: Codable, Hashable, Sendable, CustomStringConvertible {
  package var code: String
  package var message: String

  package init(code: String, message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}

extension Warning {
  package static func tooFewSamples(have: Int, need: Int, level: Double) -> Warning {
    Warning(
      code: "too-few-samples",
      message: "\(have) sample\(have == 1 ? "" : "s"): an interval at level \(level) needs at least \(need)")
  }
}
