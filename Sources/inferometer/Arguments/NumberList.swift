/// llama-bench's spelling of many numbers: `1,2,4`, `1-8`, `128-512+128`, `1-64*2`.
package struct NumberList: Equatable {
  package let values: [Int]

  package struct Malformed: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  /// More tests than anybody waits for; a range that ends later is a slip.
  private static let most = 10_000

  package init(_ text: String) throws(Malformed) {
    var values: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      values += try Self.range(part)
      if values.count > Self.most { throw Malformed(description: "is more than \(Self.most) numbers; name fewer") }
    }
    self.values = values
  }

  private static func range(_ text: Substring) throws(Malformed) -> [Int] {
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let first = try number(ends[0], text)
    guard ends.count == 2 else { return [first] }
    let sign = ends[1].firstIndex { $0 == "+" || $0 == "*" }
    let last = try number(ends[1][..<(sign ?? ends[1].endIndex)], text)
    let step = if let sign { try number(ends[1][ends[1].index(after: sign)...], text) } else { 1 }
    let multiplies = sign.map { ends[1][$0] == "*" } ?? false
    guard first <= last else {
      throw Malformed(description: "is a range that ends before it begins; write \(last)-\(first)")
    }
    guard step > (multiplies ? 1 : 0), !multiplies || first > 0 else {
      throw Malformed(description: "is a range that never ends; add at least 1, or multiply from 1 on by at least 2")
    }
    var values: [Int] = []
    var value = first
    while value <= last, values.count <= most {
      values.append(value)
      let (next, overflow) =
        multiplies ? value.multipliedReportingOverflow(by: step) : value.addingReportingOverflow(step)
      if overflow { break }
      value = next
    }
    return values
  }

  private static func number(_ text: Substring, _ whole: Substring) throws(Malformed) -> Int {
    guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let value = Int(text)
    else {
      throw Malformed(
        description: "is not a list of whole numbers; write 128, 128,256, 128-512+128 or 1-64*2")
    }
    return value
  }
}
