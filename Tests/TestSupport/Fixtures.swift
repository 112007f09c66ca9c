/// Paths of the files under `Tests/Fixtures`.
package enum Fixtures {
  package static func path(_ name: String, from source: String = #filePath) -> String {
    // <package>/Tests/TestSupport/Fixtures.swift
    source.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/") + "/Fixtures/"
      + name
  }

  package static let models = [
    "llama", "llama-frequency-factors", "llama-linear", "llama-yarn", "qwen2", "qwen2-yarn", "qwen3", "gemma3",
    "gemma3-softcap",
  ]

  package static func model(_ name: String) -> String { path("models/\(name).gguf") }
}
