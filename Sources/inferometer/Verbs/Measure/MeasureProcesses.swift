import Campaign
import Glibc
import Records
import Statistics

extension Child {
  /// Has one process of a measurement make its runs; returns what a reader of the results has to know.
  static func measure(_ part: MeasurePart, of processes: Int, in directory: ResultsDirectory) throws -> [Warning] {
    let seconds = max(0, part.seconds)
    Console.progress("process \(part.process + 1) of \(processes)  \(seconds.fixed(0)) s")
    let words = ["--resume", directory.path, "--process", "\(part.process)", "--budget", "\(seconds)"]
    let output = try Self.output(["measure"] + words, named: "process \(part.process + 1)")
    // What an interrupted one says may be cut off.
    if Interruption.isRequested { return [] }
    return try output.split(separator: 0x0A).map { try RecordCoding.decode(Warning.self, from: Array($0)) }
  }
}

/// The process that started this one, and for which alone this one works.
enum Parent {
  private static let identifier = getppid()

  /// Asks this process to end when its parent has, because nobody waits for what it would write.
  static func watch() {
    if getppid() != identifier { Interruption.wish.cancel() }
  }
}
