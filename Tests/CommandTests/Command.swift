import Foundation
import TestSupport

/// The built command, run as a user runs it.
enum Command {
  struct Result {
    /// The exit status, or 128 and the number of the signal that ended it.
    var status: Int32
    var output: String
    var errors: String

    var lines: [Substring] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() }
  }

  /// Beside the test bundle, where the build puts it.
  static let path: String = {
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: bundle).deletingLastPathComponent().appending(path: "inferometer").path
  }()

  static func run(_ arguments: String..., input: String? = nil, directory: String? = nil) throws -> Result {
    try run(arguments, input: input, directory: directory)
  }

  /// `cache` stands for the user's folder of caches; without it there is an empty one.
  static func run(
    _ arguments: [String], input: String? = nil, directory: String? = nil, cache: String? = nil
  ) throws -> Result {
    let running = try Running(arguments, input: input, directory: directory, cache: cache)
    return running.wait()
  }

  /// A command that has been started and not waited for. What it prints goes to files, so that no pipe can fill.
  final class Running {
    let process = Process()
    private let files = FakeTree()

    init(
      _ arguments: [String], input: String? = nil, output: FileHandle? = nil, directory: String? = nil,
      cache: String? = nil
    ) throws {
      process.executableURL = URL(filePath: Command.path)
      process.arguments = arguments
      process.environment = ProcessInfo.processInfo.environment.merging(
        ["XDG_CACHE_HOME": cache ?? files.root + "/cache", "XDG_STATE_HOME": cache ?? files.root + "/state"],
        uniquingKeysWith: { $1 })
      if let directory { process.currentDirectoryURL = URL(filePath: directory) }
      files.write("/input", input ?? "")
      for name in ["/output", "/errors"] { files.write(name, "") }
      process.standardInput = FileHandle(forReadingAtPath: files.root + "/input")
      process.standardOutput = output ?? FileHandle(forWritingAtPath: files.root + "/output")
      process.standardError = FileHandle(forWritingAtPath: files.root + "/errors")
      try process.run()
    }

    var output: String { text("/output") }

    func wait() -> Result {
      process.waitUntilExit()
      let status = process.terminationStatus
      return Result(
        status: process.terminationReason == .exit ? status : 128 + status, output: output, errors: text("/errors"))
    }

    /// Waits until something is true of it, or it ended, or a minute has passed.
    func wait(until isTrue: (Running) -> Bool) {
      let end = Date(timeIntervalSinceNow: 60)
      while process.isRunning, Date() < end, !isTrue(self) { usleep(10_000) }
    }

    private func text(_ name: String) -> String {
      String(decoding: FileManager.default.contents(atPath: files.root + name) ?? Data(), as: UTF8.self)
    }
  }
}

extension Command.Result {
  func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(output.utf8))
  }
}
