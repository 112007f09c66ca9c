import Quantities

/// The members of one object of a scenario, taken one by one: what nobody took is unknown, and refused.
struct Fields {
  let path: String
  let line: Int
  private let members: [String: JSON5.Node]
  private var order: [String]
  /// Keys that were asked for, whether they stand there or not.
  private var known: [String] = []

  init(_ node: JSON5.Node, _ path: String) throws(ScenarioError) {
    guard case .object(let members) = node.value else {
      throw ScenarioError(
        path.isEmpty ? "the scenario" : path, line: node.line, "is \(node.value.word); give an object { … }")
    }
    self.path = path
    line = node.line
    order = members.map(\.key)
    self.members = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.node) })
  }

  func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func error(_ key: String, _ reason: String) -> ScenarioError {
    ScenarioError(name(key), line: members[key]?.line ?? line, reason)
  }

  mutating func node(_ key: String) -> JSON5.Node? {
    known.append(key)
    return members[key]
  }

  mutating func required(_ key: String) throws(ScenarioError) -> JSON5.Node {
    guard let node = node(key) else { throw error(key, "is missing; it has no default") }
    return node
  }

  mutating func fields(_ key: String) throws(ScenarioError) -> Fields? {
    guard let node = node(key) else { return nil }
    return try Fields(node, name(key))
  }

  mutating func text(_ key: String) throws(ScenarioError) -> String? {
    guard let node = node(key) else { return nil }
    guard case .string(let text) = node.value else { throw error(key, "is \(node.value.word); give a text in quotes") }
    guard !text.isEmpty else { throw error(key, "is an empty text") }
    return text
  }

  mutating func requiredText(_ key: String) throws(ScenarioError) -> String {
    guard let text = try text(key) else { throw error(key, "is missing; it has no default") }
    return text
  }

  mutating func whole(_ key: String, in range: ClosedRange<Int>) throws(ScenarioError) -> Int? {
    guard let node = node(key) else { return nil }
    guard case .number(let value, let isWhole) = node.value else {
      throw error(key, "is \(node.value.word); give a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    guard isWhole, let number = Int(exactly: value), range.contains(number) else {
      throw error(key, "is \(short(value)); give a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  mutating func number(_ key: String, in range: NumberRange) throws(ScenarioError) -> Double? {
    guard let node = node(key) else { return nil }
    return try number(node, name(key), range)
  }

  /// A number, or an object of one with its bounds and where it comes from.
  mutating func quantity(_ key: String, in range: NumberRange) throws(ScenarioError) -> Quantity? {
    guard let node = node(key) else { return nil }
    return try quantity(node, name(key), range)
  }

  mutating func quantity(_ key: String, in range: NumberRange, default value: Double) throws(ScenarioError) -> Quantity
  {
    try quantity(key, in: range) ?? Quantity(value)
  }

  mutating func requiredQuantity(_ key: String, in range: NumberRange) throws(ScenarioError) -> Quantity {
    guard let quantity = try quantity(key, in: range) else { throw error(key, "is missing; it has no default") }
    return quantity
  }

  private func number(_ node: JSON5.Node, _ name: String, _ range: NumberRange) throws(ScenarioError) -> Double {
    guard case .number(let value, _) = node.value else {
      throw ScenarioError(name, line: node.line, "is \(node.value.word); give \(range.words)")
    }
    guard range.contains(value) else {
      throw ScenarioError(name, line: node.line, "is \(short(value)); give \(range.words)")
    }
    return value
  }

  private func quantity(_ node: JSON5.Node, _ name: String, _ range: NumberRange) throws(ScenarioError) -> Quantity {
    guard case .object = node.value else { return Quantity(try number(node, name, range), path: name) }
    var fields = try Fields(node, name)
    let value = try number(try fields.required("value"), "\(name).value", range)
    let low = try fields.number("low", in: range)
    let high = try fields.number("high", in: range)
    guard (low == nil) == (high == nil) else {
      let (there, missing) = low == nil ? ("high", "low") : ("low", "high")
      throw ScenarioError(name, line: node.line, "has \(there) without \(missing); give both or neither")
    }
    if let low, let high, !(low <= value && value <= high) {
      throw ScenarioError(
        name, line: node.line,
        "has a value of \(short(value)) outside of \(short(low)) to \(short(high)); give low <= value <= high")
    }
    let label = try fields.label()
    try fields.refuseTheRest()
    return Quantity(value, low: low, high: high, kind: label.kind, source: label.source, date: label.date, path: name)
  }

  /// What every quantity may say of where it comes from.
  private mutating func label() throws(ScenarioError) -> (kind: Quantity.Kind, source: String?, date: String?) {
    let word = try text("kind") ?? Quantity.Kind.given.rawValue
    guard let kind = Quantity.Kind(rawValue: word) else {
      throw error(
        "kind",
        word == "measured"
          ? "is measured, which comes from records and cannot be written; give given or example"
          : "is '\(word)'; give given or example")
    }
    let date = try text("date")
    if let date, !isDate(date) { throw error("date", "is '\(date)'; write 2026, 2026-11 or 2026-11-27") }
    return (kind, try text("source"), date)
  }

  private func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return (1...3).contains(parts.count)
      && zip(parts, [4, 2, 2]).allSatisfy { $0.count == $1 && $0.utf8.allSatisfy { (48...57).contains($0) } }
  }

  /// Tokens, turns or tasks.
  mutating func count(_ key: String, in range: NumberRange) throws(ScenarioError) -> Count? {
    guard let node = node(key) else { return nil }
    let name = name(key)
    guard case .object(let members) = node.value, !members.contains(where: { $0.key == "value" }) else {
      let quantity = try quantity(node, name, range)
      for number in [quantity.value, quantity.low, quantity.high] where number != number.rounded() {
        throw error(key, "is \(short(number)); give a whole number")
      }
      return Count(quantity)
    }
    var fields = try Fields(node, name)
    let shape: Count.Shape
    if let column = try fields.text("column") {
      shape = .column(column)
    } else if let median = try fields.number("median", in: range.positive) {
      let p90 = try fields.number("p90", in: range.positive)
      guard let p90 else { throw fields.error("p90", "is missing; a median stands beside the 90th percentile") }
      guard p90 >= median else { throw fields.error("p90", "is \(short(p90)), below the median of \(short(median))") }
      shape = .lognormal(median: median, p90: p90)
    } else if fields.node("values") != nil {
      let values = try fields.numbers("values", in: range)
      let shares = try fields.numbers("shares", in: .share)
      guard !values.isEmpty, values.count == shares.count else {
        throw fields.error("shares", "are \(shares.count) for \(values.count) values; give one for each")
      }
      if let odd = values.first(where: { $0 != $0.rounded() }) {
        throw fields.error("values", "hold \(short(odd)); give whole numbers")
      }
      let sum = shares.reduce(0, +)
      guard (sum - 1).magnitude <= 1e-9 else {
        throw fields.error("shares", "add up to \(short(sum)); they must add up to 1")
      }
      shape = .values(values, shares: shares)
    } else {
      throw error(key, "has neither a value nor median and p90, values and shares, or column; give one of these")
    }
    let label = try fields.label()
    try fields.refuseTheRest()
    return Count(shape, kind: label.kind, source: label.source, path: name)
  }

  mutating func requiredCount(_ key: String, in range: NumberRange) throws(ScenarioError) -> Count {
    guard let count = try count(key, in: range) else { throw error(key, "is missing; it has no default") }
    return count
  }

  private mutating func numbers(_ key: String, in range: NumberRange) throws(ScenarioError) -> [Double] {
    let items = try list(key, atLeast: 1)
    var values: [Double] = []
    for (index, item) in items.enumerated() { values.append(try number(item, "\(name(key))[\(index)]", range)) }
    return values
  }

  mutating func list(_ key: String, atLeast least: Int, most: Int = 1_000_000) throws(ScenarioError) -> [JSON5.Node] {
    let node = try required(key)
    guard case .array(let items) = node.value else { throw error(key, "is \(node.value.word); give a list [ … ]") }
    guard items.count >= least else { throw error(key, "is an empty list; give at least one") }
    guard items.count <= most else { throw error(key, "has \(items.count) items; at most \(most) are read") }
    return items
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Choice.Type
  ) throws(ScenarioError) -> Choice? where Choice.RawValue == String {
    guard let word = try text(key) else { return nil }
    if let choice = Choice(rawValue: word) { return choice }
    throw error(key, "is '\(word)'; give \(Choice.allCases.map(\.rawValue).joined(separator: " or "))")
  }

  /// Keys that nobody asked for.
  func refuseTheRest() throws(ScenarioError) {
    guard let stranger = order.first(where: { !known.contains($0) }) else { return }
    let hint = nearest(stranger, among: known).map { "; did you mean \($0)?" }
    throw error(stranger, "is not a key here\(hint ?? "; known are \(known.joined(separator: ", "))")")
  }
}

/// Numbers that a key may have.
struct NumberRange: Sendable {
  var low: Double
  var high: Double
  var excludesLow = false
  var words: String

  func contains(_ value: Double) -> Bool {
    value.isFinite && (excludesLow ? value > low : value >= low) && value <= high
  }

  static let share = NumberRange(low: 0, high: 1, words: "a number from 0 to 1")
  static let positiveShare = NumberRange(low: 0, high: 1, excludesLow: true, words: "a number above 0 and at most 1")
  static let zeroOrMore = NumberRange(low: 0, high: 1e15, words: "a number of zero or more")
  static let above0 = NumberRange(low: 0, high: 1e15, excludesLow: true, words: "a number above zero")
  static let zeroOrLess = NumberRange(low: -100, high: 0, words: "a number from -100 to 0")
  static let oneOrMore = NumberRange(low: 1, high: 100, words: "a number from 1 to 100")
  static let tokens = NumberRange(low: 0, high: 16_777_216, words: "a whole number from 0 to 16777216")
  static let turns = NumberRange(low: 1, high: 10_000, words: "a whole number from 1 to 10000")

  /// The same without zero, of which there is no logarithm.
  var positive: NumberRange {
    NumberRange(
      low: low, high: high, excludesLow: low == 0,
      words: "a number above \(short(low == 0 ? 0 : low)), at most \(short(high))")
  }
}

/// As a person would write it.
func short(_ value: Double) -> String {
  value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
}

extension JSON5 {
  var word: String {
    switch self {
    case .object: "an object"
    case .array: "a list"
    case .string: "a text"
    case .number: "a number"
    case .bool: "true or false"
    case .null: "null"
    }
  }
}
