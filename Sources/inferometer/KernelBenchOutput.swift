import KernelTiming
import Records

/// Tables of the kernel bench as they come, or one JSON list of all rows.
struct KernelBenchOutput {
  private let isJSON: Bool
  private let machineFingerprint: String
  private let isCanonical: Bool
  private(set) var isEmpty = true
  private(set) var wrongKernels = 0

  init(isJSON: Bool, machineFingerprint: String, isCanonical: Bool) {
    self.isJSON = isJSON
    self.machineFingerprint = machineFingerprint
    self.isCanonical = isCanonical
  }

  mutating func add(_ table: KernelBenchTable, coldMemory: ColdMemory) throws {
    wrongKernels += table.rows.count { $0.isWrong }
    var text = ""
    if isJSON {
      for row in table.rows {
        text +=
          try (isEmpty ? "[\n" : ",\n")
          + JSONText.of(
            KernelBenchRecord(
              row: row, machineFingerprint: machineFingerprint, canonical: isCanonical && !row.isWrong)
          ).dropLast()
        isEmpty = false
      }
    } else {
      text = (isEmpty ? "" : "\n") + KernelBenchText(table, coldMemory).text
      isEmpty = false
    }
    try Console.print(text)
  }

  func end() throws {
    if isJSON { try Console.print(isEmpty ? "[]\n" : "\n]\n") }
  }
}

/// A row and where it comes from.
private struct KernelBenchRecord: Encodable {
  let row: KernelBenchRow
  let machineFingerprint: String
  /// Whether machines can be compared by it.
  let canonical: Bool

  private enum Keys: CodingKey { case toolVersion, machineFingerprint, canonical }

  func encode(to encoder: any Encoder) throws {
    try row.encode(to: encoder)
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(Version.current, forKey: .toolVersion)
    try container.encode(machineFingerprint, forKey: .machineFingerprint)
    try container.encode(canonical, forKey: .canonical)
  }
}

/// What the kernel bench is doing, as one line for people who wait.
enum KernelBenchProgress {
  static func show(_ event: KernelBenchEvent) {
    switch event {
    case .measuringRoofs(let threads): Console.progress("measuring how fast \(threads) threads read memory")
    case .preparing(let problem): Console.progress("preparing \(text(problem))")
    case .timing(let problem, let contenders): Console.progress("timing \(text(problem)), \(contenders) kernels")
    }
  }

  private static func text(_ problem: KernelProblem) -> String {
    problem.size + (problem.format.map { " \($0)" } ?? "")
  }
}
