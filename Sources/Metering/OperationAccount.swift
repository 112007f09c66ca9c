import KernelContract
import Quantities

/// The sum of what operations cost by definition, by class.
package struct OperationAccount: Equatable, Sendable {
  package struct Entry: Equatable, Sendable {
    package var calls = 0
    // Real numbers: sums over long runs exceed 64 bits. Exact up to 2^53.
    package var flops: Flops = 0
    package var bytesRead: Bytes = 0
    package var bytesWritten: Bytes = 0

    package init() {}

    package static func += (a: inout Entry, b: Entry) {
      a.calls += b.calls
      a.flops += b.flops
      a.bytesRead += b.bytesRead
      a.bytesWritten += b.bytesWritten
    }
  }

  /// Holds all classes from the start, so that adding allocates nothing.
  private var entries = Dictionary(uniqueKeysWithValues: OperationClass.allCases.map { ($0, Entry()) })

  package init() {}

  package subscript(operation: OperationClass) -> Entry { entries[operation, default: Entry()] }

  /// The classes that were called, in the order of their declaration.
  package var classes: [OperationClass] { OperationClass.allCases.filter { self[$0].calls > 0 } }

  package var total: Entry { OperationClass.allCases.reduce(into: Entry()) { $0 += self[$1] } }

  /// Adds calls of equal cost.
  package mutating func add(_ cost: OperationCost, to operation: OperationClass, calls: Int = 1) {
    let times = Double(calls)
    var entry = Entry()
    entry.calls = calls
    entry.flops = Flops(Double(cost.flops) * times)
    entry.bytesRead = Bytes(Double(cost.bytesRead) * times)
    entry.bytesWritten = Bytes(Double(cost.bytesWritten) * times)
    entries[operation, default: Entry()] += entry
  }

  package static func += (a: inout OperationAccount, b: OperationAccount) {
    for operation in b.classes { a.entries[operation, default: Entry()] += b[operation] }
  }
}
