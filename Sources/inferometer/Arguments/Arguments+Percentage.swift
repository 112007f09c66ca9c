extension Arguments {
  /// `2` or `2%` as a share; nil where the option was not given.
  package func percentage(_ option: Option) throws(UsageError) -> Double? {
    guard let occurrence = last(option) else { return nil }
    let text = occurrence.value.hasSuffix("%") ? String(occurrence.value.dropLast()) : occurrence.value
    guard let value = Double(text), (0...1000).contains(value) else {
      throw occurrence.error("is not a percentage; give one from 0 to 1000")
    }
    return value / 100
  }
}
