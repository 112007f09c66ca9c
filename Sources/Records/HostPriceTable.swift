/// Prices of hosts by machine, from a CSV that somebody keeps: the columns `machine` and `dollars_per_hour`, others beside them.
package struct HostPriceTable: Sendable {
  private let prices: [String: Double]
  package let path: String

  package init(_ path: String) throws(RecordError) {
    self.path = path
    var reader = try LineReader(path)
    var columns: (machine: Int, price: Int, count: Int)?
    var prices: [String: Double] = [:]
    while let line = try reader.nextLine() {
      let text = String(decoding: line.bytes, as: UTF8.self).filter { $0 != "\r" && $0 != "\u{FEFF}" }
      if text.allSatisfy(\.isWhitespace) { continue }
      func refuse(_ reason: String) -> RecordError { RecordError(file: path, line: line.number, reason: reason) }
      guard let fields = ForeignBench.csvFields(text) else { throw refuse("is no line of CSV: a quote is not closed") }
      guard let known = columns else {
        guard let machine = fields.firstIndex(of: "machine"), let price = fields.firstIndex(of: "dollars_per_hour")
        else {
          throw refuse("the first line must name the columns machine and dollars_per_hour")
        }
        columns = (machine, price, fields.count)
        continue
      }
      guard fields.count == known.count else {
        throw refuse("has \(fields.count) fields, and the first line \(known.count)")
      }
      guard let dollars = Double(fields[known.price]), dollars >= 0, dollars < 1e9 else {
        throw refuse("dollars_per_hour is '\(fields[known.price])'; give a number of dollars")
      }
      let name = fields[known.machine].lowercased()
      if prices.updateValue(dollars, forKey: name).map({ $0 != dollars }) ?? false {
        throw refuse("gives '\(fields[known.machine])' a second price")
      }
    }
    if columns == nil { throw RecordError(file: path, reason: "is empty") }
    self.prices = prices
  }

  /// The price of a machine by any of its names: its processor's, its slug, its fingerprint.
  package func dollarsPerHour(_ names: [String]) -> Double? { names.lazy.compactMap { prices[$0.lowercased()] }.first }
}
