/// From how many tokens on weights were unpacked once for all of them, by format; nil where they never were.
package struct ManyTokens: Codable, Sendable, Hashable, CustomStringConvertible {
  package var byFormat: [String: Int?]

  package init(_ byFormat: [String: Int?]) { self.byFormat = byFormat }

  /// Records of version 0.1 hold one number for all formats, and keep it.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let all = try? container.decode(Int.self) {
      byFormat = ["all": all]
    } else {
      byFormat = try container.decode([String: Int?].self)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if byFormat.count == 1, let all = byFormat["all"] { return try container.encode(all) }
    try container.encode(byFormat)
  }

  /// `Q4_0=33,Q8_0=never`, as `--tuning` takes it.
  package var description: String {
    byFormat.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.map(String.init) ?? "never")" }.joined(
      separator: ",")
  }

  /// `unpacked once for 12 tokens or more (Q4_0, Q6_K), never unpacked once (Q8_0)`.
  package var phrase: String {
    let groups = Dictionary(grouping: byFormat, by: \.value).sorted { ($0.key ?? .max) < ($1.key ?? .max) }
    return groups.map { tokens, formats in
      let names = formats.map(\.key).sorted().joined(separator: ", ")
      let place =
        tokens.map { "unpacked once for \($0) token\($0 == 1 ? "" : "s") or more" } ?? "never unpacked once"
      return groups.count == 1 && formats.count != 1 || names == "all" ? place : "\(place) (\(names))"
    }.joined(separator: ", ")
  }
}
