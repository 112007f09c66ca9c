import Glibc

/// This command again, in a process of its own.
enum Child {
  /// Runs to the end; the status is that of the exit, or 128 and the number of the signal that ended it. A wish to stop is
  /// handed on.
  private static func run(_ words: [String]) throws -> (output: [UInt8], errors: String, status: Int32) {
    let output = try Pipe()
    let errors = try Pipe()
    let identifier = try spawn(words, output: output.writer, errors: errors.writer)
    _ = close(output.writer)
    _ = close(errors.writer)
    defer {
      _ = close(output.reader)
      _ = close(errors.reader)
    }
    let (text, message) = drain(output.reader, errors.reader, of: identifier)
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return (text, String(decoding: message, as: UTF8.self), signal == 0 ? status >> 8 & 0xFF : 128 + signal)
  }

  /// What this command prints in a process of its own: nothing when it was asked to stop, its own words where it fails.
  static func output(_ words: [String], named name: String) throws -> [UInt8] {
    let result = try run(words)
    if Interruption.isRequested { return [] }
    guard result.status == 0 else {
      let prefix = "inferometer: "
      let line = result.errors.split(separator: "\n").last.map(String.init) ?? "ended with status \(result.status)"
      throw Failure(
        ExitCode(rawValue: result.status) ?? .failure,
        "'\(name)': \(line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : line)")
    }
    return result.output
  }

  private struct Pipe {
    let reader: Int32
    let writer: Int32

    init() throws {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw systemFailure("a pipe", errno) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      (reader, writer) = (ends[0], ends[1])
    }
  }

  private static func spawn(_ words: [String], output: Int32, errors: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    // Signals that this process blocks or ignores would stay so in the child.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var arguments = (["inferometer"] + words).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var identifier: pid_t = 0
    let code = posix_spawn(&identifier, "/proc/self/exe", &actions, &attributes, &arguments, environ)
    guard code == 0 else { throw systemFailure("a process of its own", code) }
    return identifier
  }

  /// Reads both ends as they fill: a child that finds one full while the other is read would wait for ever.
  private static func drain(
    _ output: Int32, _ errors: Int32, of identifier: pid_t
  ) -> (output: [UInt8], errors: [UInt8]) {
    var open = [output, errors]
    var bytes: [Int32: [UInt8]] = [:]
    var part = [UInt8](repeating: 0, count: 1 << 16)
    var isTold = false
    while !open.isEmpty {
      if Interruption.isRequested, !isTold {
        isTold = true
        kill(identifier, SIGINT)
      }
      var ends = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&ends, nfds_t(ends.count), 100) > 0 else { continue }
      for end in ends where end.revents != 0 {
        let count = read(end.fd, &part, part.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { open.removeAll { $0 == end.fd } } else { bytes[end.fd, default: []] += part[..<count] }
      }
    }
    return (bytes[output] ?? [], bytes[errors] ?? [])
  }

  private static func systemFailure(_ what: String, _ code: Int32) -> Failure {
    Failure(.failure, "\(what): \(String(cString: strerror(code)).lowercased())")
  }
}
