import KernelTiming
import Records
import Reporting

/// Tables of the kernel bench as they come, or one JSON list of all rows.
struct KernelBenchOutput {
  private let isJSON: Bool
  private(set) var isEmpty = true
  private(set) var wrongKernels = 0

  init(isJSON: Bool) { self.isJSON = isJSON }

  mutating func add(_ table: KernelBenchTable, coldMemory: ColdMemory) throws {
    wrongKernels += table.rows.count { $0.isWrong == true }
    if isJSON {
      var text = ""
      for row in table.rows {
        text += try (isEmpty ? "[\n" : ",\n") + JSONText.of(row).dropLast()
        isEmpty = false
      }
      try Console.print(text)
    } else {
      var page = ReportPage()
      if !isEmpty { page.add(.space) }
      page.add(table, coldMemory)
      isEmpty = false
      try Console.show(page)
    }
  }

  func end() throws {
    if isJSON { try Console.print(isEmpty ? "[]\n" : "\n]\n") }
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
