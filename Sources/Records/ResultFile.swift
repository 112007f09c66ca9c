import Glibc

/// What a path holds that can be compared: runs, the rows of a bench, or those of a bench of kernels.
package enum ResultFile: Sendable {
  case runs(RunLog)
  case rows(LlamaBenchLog)
  case kernels(KernelBenchLog)

  /// A results directory, a `runs.jsonl`, or what `bench` or `kernels` printed as JSON.
  package static func read(_ path: String) throws(RecordError) -> ResultFile {
    var status = stat()
    if stat(path, &status) != 0 { throw .system(path) }
    if status.st_mode & S_IFMT == S_IFDIR {
      let directory = try ResultsDirectory(existing: path)
      return exists(directory.kernels) ? try read(directory.kernels) : .runs(try RunLog.read(directory.runs))
    }
    var reader = try LineReader(path)
    var bytes: [UInt8] = []
    while let line = try reader.nextLine() {
      // The first line tells: only a run names its schema there.
      if bytes.isEmpty, let header = try? RecordCoding.decode(Header.self, from: line.bytes), header.schema != nil {
        return .runs(try RunLog.read(path))
      }
      bytes += line.bytes + [0x0A]
      if bytes.count > LineReader.longestLine {
        throw RecordError(file: path, reason: "is longer than any output of bench (16 MiB)")
      }
    }
    return KernelBenchLog.isOne(bytes)
      ? .kernels(try KernelBenchLog(bytes, file: path)) : .rows(try LlamaBenchLog(bytes, file: path))
  }

  /// The machine that is written down in a results directory, or in that in which a file of runs lies; nil where none is, or it
  /// cannot be read.
  package static func machine(beside path: String) -> MachineCard? {
    let isDirectory = (try? ResultsDirectory(existing: path)) != nil
    let folder =
      isDirectory
      ? path : path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    guard let directory = try? ResultsDirectory(existing: folder.isEmpty ? "." : folder), directory.hasMachine else {
      return nil
    }
    return (try? directory.readMachine()).map { MachineCard($0) }
  }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private struct Header: Decodable {
    var schema: String?
  }
}
