/// One thing that decides how far a timing on this machine can be trusted.
package struct Check: Codable, Equatable, Sendable {
  package enum State: String, Codable, Sendable { case ok, warn, unknown }

  package let name: String
  package let state: State
  /// What was found, or why it is not known.
  package let finding: String
  /// The one thing that would help most; nil where nothing is wrong.
  package let action: String?

  private init(_ name: String, _ state: State, _ finding: String, action: String? = nil) {
    self.name = name
    self.state = state
    self.finding = finding
    self.action = action
  }

  static func ok(_ name: String, _ finding: String) -> Check { Check(name, .ok, finding) }

  static func warn(_ name: String, _ finding: String, action: String) -> Check {
    Check(name, .warn, finding, action: action)
  }

  static func unknown(_ name: String, _ reason: String?, action: String? = nil) -> Check {
    Check(name, .unknown, reason ?? "not stated", action: action)
  }

  /// All of them, of the machine whose `/proc` and `/sys` lie below the root.
  package static func all(root: String = "/") -> [Check] {
    let machine = MachineDescription.read(root: root)
    let files = SystemFiles(root: root)
    return [
      governor(machine), turbo(machine), thermal(files, machine), siblings(machine), quota(machine), nodes(machine),
      hugePages(machine), memoryPressure(files), load(machine), steal(files, machine), neighbours(machine),
      energy(machine),
    ]
  }
}
