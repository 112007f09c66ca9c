extension ModelIdentity {
  /// What llama-bench calls the model type: architecture, size, weight format, such as `llama 135M Q4_0`.
  package var typeName: String { "\(architecture) \(sizeName) \(format)" }

  private var sizeName: String {
    let count = Double(parameters)
    if count < 1e6 { return "\((count / 1e3).fixed(0))K" }
    if count < 999.5e6 { return "\((count / 1e6).fixed(0))M" }
    return "\((count / 1e9).fixed(count < 9.95e9 ? 1 : 0))B"
  }
}
