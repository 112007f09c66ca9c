import Glibc
import Metering

/// Ctrl-C: the first asks the command to end with what it has, the second ends it.
enum Interruption {
  static let wish = Cancellation()

  static var isRequested: Bool { wish.isCancelled }

  static func listen() {
    // Made before a handler may run: a handler must not be the first to touch it.
    _ = wish.isCancelled
    // A parent may have blocked the signal, as the threads of a test runner do; the mask is inherited.
    for number in [SIGINT, SIGTERM] { Signals.unblock(number) }
    signal(SIGINT) { _ in
      Interruption.wish.cancel()
      signal(SIGINT, SIG_DFL)
    }
  }
}

enum Signals {
  /// A parent's thread may have had the signal blocked, and its children inherit that.
  static func unblock(_ number: Int32) {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }
}
