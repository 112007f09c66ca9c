import Foundation

/// A directory of small files that stands for `/`, removed when the value goes away.
package final class FakeTree {
  package let root: String

  package init(_ files: [String: String] = [:]) {
    var template = Array("/tmp/fake-tree-XXXXXX".utf8CString)
    root = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    // Readable by all, so that a test may look at it as an ordinary user.
    chmod(root, 0o755)
    for (path, content) in files { write(path, content) }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  package func write(_ path: String, _ content: String) { write(path, bytes: Array(content.utf8)) }

  package func write(_ path: String, bytes: [UInt8]) {
    makeDirectories(above: path)
    guard let file = fopen(root + path, "w") else { return }
    defer { fclose(file) }
    fwrite(bytes, 1, bytes.count, file)
  }

  package func link(_ path: String, to target: String) {
    makeDirectories(above: path)
    symlink(target, root + path)
  }

  package func makeDirectory(_ path: String) {
    makeDirectories(above: path)
    mkdir(root + path, 0o755)
  }

  package func makeQueue(_ path: String) {
    makeDirectories(above: path)
    mkfifo(root + path, 0o644)
  }

  package func remove(_ path: String) { unlink(root + path) }

  /// Only root may read it from now on.
  package func forbid(_ path: String) { chmod(root + path, 0) }

  private func makeDirectories(above path: String) {
    var directory = root
    for part in path.split(separator: "/").dropLast() {
      directory += "/\(part)"
      mkdir(directory, 0o755)
    }
  }
}

/// Runs the body with the file permissions of an ordinary user, also where the tests run as root.
package func asOrdinaryUser<Value>(_ body: () -> Value) -> Value {
  // The kernel keeps this identity per thread, and takes the right to read everything away with it.
  typealias SetFileUser = @convention(c) (UInt32) -> Int32
  guard let symbol = dlsym(nil, "setfsuid") else { return body() }
  let setFileUser = unsafeBitCast(symbol, to: SetFileUser.self)
  let nobody: UInt32 = 65534
  let previous = setFileUser(nobody)
  defer { _ = setFileUser(UInt32(bitPattern: previous)) }
  return body()
}

extension FakeTree {
  /// The path of a file that now has this text.
  package func file(_ name: String, _ text: String) -> String {
    write("/" + name, text)
    return "\(root)/\(name)"
  }
}

/// The text of a file.
package func text(of path: String) throws -> String {
  String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
}
