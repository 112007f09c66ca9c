import Machine
import Metering
import Records

/// What the rows of a table have in common.
package struct KernelBenchConditions: Sendable {
  package let title: String
  package let threads: Int
  /// Whether what is read comes from memory or from the last call's caches.
  package let isCold: Bool
  /// Bytes that these threads read in a second, measured just before.
  package let readRoof: Finding<Double>
  package let slowdown: Slowdown?

  package init(
    title: String, threads: Int, isCold: Bool, readRoof: Finding<Double>, slowdown: Slowdown? = nil
  ) {
    self.title = title
    self.threads = threads
    self.isCold = isCold
    self.readRoof = readRoof
    self.slowdown = slowdown
  }
}

/// Rows of one size or family under the same conditions, as soon as all are there.
package struct KernelBenchTable: Sendable {
  package let conditions: KernelBenchConditions
  package var rows: [KernelRecord]
}

/// What the kernel bench is about to do.
package enum KernelBenchEvent: Sendable {
  case measuringRoofs(threads: Int)
  /// Memory is filled and results are compared with their definition.
  case preparing(KernelProblem)
  case timing(KernelProblem, contenders: Int)
}
