import Analysis

/// Entries of LiteLLM's `model_prices_and_context_window.json`: dollars for a single token. LiteLLM reads the prices and the
/// longest lengths; intervals and provenance are in `metadata`, which it keeps and does not use.
enum LiteLLMEntries {
  static func json(_ prices: [SetupPrices]) -> String {
    let entries = prices.map { setup in
      var lines: [String] = []
      func each(_ key: String, _ perMillion: Double?) {
        if let perMillion { lines.append("\(key.jsonLiteral): \(perMillion / 1e6)") }
      }
      each("input_cost_per_token", setup.price(of: "input"))
      each("cache_read_input_token_cost", setup.price(of: "cached_input"))
      each("output_cost_per_token", setup.price(of: "output"))
      if let longest = setup.longestPromptTokens { lines.append("\"max_input_tokens\": \(longest)") }
      if let longest = setup.longestContextTokens { lines.append("\"max_output_tokens\": \(longest)") }
      // An OpenAI-compatible server is what a model of one's own is served by.
      lines += ["\"litellm_provider\": \"openai\"", "\"mode\": \"chat\""]
      var metadata = ["\"provenance\": \(setup.provenance.jsonLiteral)"]
      for price in setup.tokenPrices {
        if let low = price.low, let high = price.high {
          metadata.append("\"\(price.kind)_dollars_per_million_95\": [\(low), \(high)]")
        }
      }
      lines.append("\"metadata\": {\(metadata.joined(separator: ", "))}")
      return "  \(setup.exportName.jsonLiteral): {\n    \(lines.joined(separator: ",\n    "))\n  }"
    }
    return "{\n\(entries.joined(separator: ",\n"))\n}\n"
  }
}
