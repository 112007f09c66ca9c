/// How the tokens of a use divide into input and output.
package struct Mix: Hashable, Sendable {
  package let name: String
  package let inputShare: Double

  package init(name: String, inputShare: Double) throws(PricingError) {
    guard 0 <= inputShare, inputShare <= 1 else { throw .inputShare(inputShare) }
    self.init(name, inputShare)
  }

  private init(_ name: String, _ inputShare: Double) {
    self.name = name
    self.inputShare = inputShare
  }

  package var outputShare: Double { 1 - inputShare }

  /// The blends that ChimeraForge's cost reports use, under the same names, so that figures compare.
  package static let named = [
    Mix("rag", 0.95), Mix("summarise", 0.85), Mix("chat", 0.67), Mix("balanced", 0.5), Mix("codegen", 0.25),
  ]
}
