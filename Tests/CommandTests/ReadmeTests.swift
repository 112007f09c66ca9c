import Foundation
import TestSupport
import Testing

/// A newcomer types what README says. The test command is what runs this; the others are run here.
@Suite struct ReadmeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func commands() throws -> [String] {
    let text = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    return text.components(separatedBy: "```sh\n").dropFirst().flatMap { block in
      (block.components(separatedBy: "```").first ?? "").split(separator: "\n").map(String.init)
    }
  }

  @Test func commandsRun() throws {
    let commands = try Self.commands()
    #expect(commands.contains("swift test -c release"))
    #expect(commands.contains("swift run -c release inferometer"))
    let product = "swift run -c release inferometer"
    let folder = FakeTree()
    for command in commands where command.hasPrefix(product) {
      var words = command.dropFirst(product.count).split(separator: " ").map(String.init)
      // The default measures for a minute; here the shortest that still fits curves.
      if words.isEmpty { words = ["measure", "--budget", "3", "--contexts", "0,16,32,64", "-npl", "2"] }
      let result = try Command.run(words, directory: folder.root)
      #expect(result.status == 0, "\(command): \(result.errors)")
    }
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.root + "/Results")
    #expect(made.count == 1)
  }

  /// Every verb and option that README names exists.
  @Test func verbsExist() throws {
    let text = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    for verb in VerbTests.verbs { #expect(text.contains("| `\(verb)` |")) }
  }
}
