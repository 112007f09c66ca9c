import Campaign
import Glibc

/// Ctrl-C: the first asks the command to end with what it has, the second ends it.
enum Interruption {
  static let wish = Cancellation()

  static var isRequested: Bool { wish.isCancelled }

  static func listen() {
    // Made before a handler may run: a handler must not be the first to touch it.
    _ = wish.isCancelled
    signal(SIGINT) { _ in
      Interruption.wish.cancel()
      signal(SIGINT, SIG_DFL)
    }
  }
}
