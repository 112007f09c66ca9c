import FoundationEssentials

/// The two spellings of time that records use, both in UTC.
package enum Timestamp {
  /// RFC 3339 with seconds, such as `2026-01-31T09:30:00Z`.
  package static func utc(_ date: Date = Date()) -> String { date.formatted(.iso8601) }

  /// The day alone, such as `2026-01-31`.
  package static func day(_ date: Date = Date()) -> String { date.formatted(.iso8601.year().month().day()) }

  /// Whether a text is an RFC 3339 date and time in UTC as `utc` writes it.
  /// Seconds since 1970; nil where it is no time.
  package static func seconds(of text: String) -> Double? {
    (try? Date(text, strategy: .iso8601))?.timeIntervalSince1970
  }

  static func isValid(_ text: String) -> Bool { (try? Date(text, strategy: .iso8601)) != nil }
}
