import Glibc

/// Model files that tests may use where they are present; the folder is `INFEROMETER_MODELS` or
/// `~/.cache/inferometer-models`. Use: `@Test(.enabled(if: RealModels.smolLM2 != nil))`.
package enum RealModels {
  package static var smolLM2: String? { path("SmolLM2-135M-Instruct.Q4_1.gguf") }
  package static var gemma3: String? { path("gemma-3-270m-q4_k_m.gguf") }

  private static func path(_ name: String) -> String? {
    guard let folder = variable("INFEROMETER_MODELS") ?? variable("HOME").map({ $0 + "/.cache/inferometer-models" })
    else { return nil }
    let path = folder + "/" + name
    return access(path, R_OK) == 0 ? path : nil
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
