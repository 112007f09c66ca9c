import Analysis

/// Providers of genai-prices in the form of its `prices/new_data/v2`: dollars for a million tokens. It has no place for
/// intervals; provenance stands in `price_comments`.
enum GenAIPrices {
  static func json(_ prices: [SetupPrices]) -> String {
    let models = prices.map { setup in
      let fields = [
        ("input_mtok", setup.price(of: "input")), ("cache_read_mtok", setup.price(of: "cached_input")),
        ("output_mtok", setup.price(of: "output")),
      ].compactMap { key, price in price.map { "\"\(key)\": \($0)" } }
      let id = setup.exportName.jsonLiteral
      return """
            {
              "id": \(id),
              "match": { "equals": \(id) },
              "price_comments": \(setup.provenance.jsonLiteral),
              "prices": { \(fields.joined(separator: ", ")) }
            }
        """
    }
    return """
      [
        {
          "id": "inferometer",
          "name": "Inferometer",
          "api_pattern": "inferometer\\\\.invalid",
          "description": "Models that are served on hosts of one's own, at what they were measured to cost",
          "models": [
      \(models.joined(separator: ",\n"))
          ]
        }
      ]

      """
  }
}
