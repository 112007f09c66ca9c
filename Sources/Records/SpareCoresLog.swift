/// Rows of llama-bench on cloud servers, and what is known of the servers, as Spare Cores' data are passed on: one JSON object a
/// line.
package enum SpareCoresLog {
  /// A row of llama-bench with the server that it was measured on.
  package struct Row: Decodable, Sendable {
    package var srv: String
    package var cpu: String?
    package var modelFilename: String
    package var modelSize: Double
    package var modelNParams: Double
    package var nPrompt: Int
    package var nGen: Int
    package var nThreads: Int
    package var avgTs: Double
  }

  package struct Server: Decodable, Sendable {
    package var srv: String
    package var arch: String?
    package var vendor: String?
    package var cpu: String?
    package var cpus: Double
    package var threadsPerCore: Double?
    package var sockets: Double?
    package var hypervisor: String?
    package var isa: [String]?
    package var l3Bytes: Double?
    package var l3Instances: Double?
    package var memoryMb: Double?
    package var ggmlBackend: String?
    package var stressNg1: Double?
    package var stressNgAll: Double?
    package var readMbS: [String: Double]?

    private enum CodingKeys: String, CodingKey {
      case srv, arch, vendor, cpu, cpus, threadsPerCore, sockets, hypervisor, isa, l3Bytes, l3Instances, memoryMb,
        ggmlBackend
      case stressNg1 = "stressNg_1"
      case stressNgAll, readMbS
    }
  }

  package static func rows(_ path: String) throws(RecordError) -> [Row] {
    try lines(path).map { line, row throws(RecordError) in
      let row: Row = row
      let lengths = 0...1 << 24
      guard lengths.contains(row.nPrompt), lengths.contains(row.nGen), row.nPrompt + row.nGen > 0, row.avgTs > 0,
        row.avgTs < 1e12, row.modelSize > 0, row.modelSize < 1e15, row.modelNParams > 0, row.modelNParams < 1e15,
        (1...1 << 20).contains(row.nThreads)
      else {
        throw RecordError(file: path, reason: "line \(line): a count or a speed that no test can have; remove the line")
      }
      return row
    }
  }

  package static func servers(_ path: String) throws(RecordError) -> [Server] {
    try lines(path).map { line, server throws(RecordError) in
      let server: Server = server
      guard server.cpus >= 1, server.cpus < 1e6 else {
        throw RecordError(file: path, reason: "line \(line): cpus is \(server.cpus); expected 1 or more")
      }
      return server
    }
  }

  private static func lines<Value: Decodable>(_ path: String) throws(RecordError) -> [(Int, Value)] {
    var reader = try LineReader(path)
    var values: [(Int, Value)] = []
    var number = 0
    while let line = try reader.nextLine() {
      number += 1
      if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
      if number == 1, line.bytes.starts(with: [0x1F, 0x8B]) {
        throw RecordError(file: path, reason: "is compressed: unpack it with gunzip first")
      }
      do {
        values.append((number, try RecordCoding.decode(Value.self, from: line.bytes)))
      } catch {
        throw RecordError(
          file: path, reason: "line \(number): \(RecordCoding.reason(of: error)); expected a JSON object a line")
      }
    }
    if values.isEmpty { throw RecordError(file: path, reason: "has no line") }
    return values
  }
}
