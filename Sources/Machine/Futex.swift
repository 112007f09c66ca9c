import CMachine

/// Sleep on a word of memory until another thread of this process says that it changed.
package enum Futex {
  /// Returns at once where the word differs, and may return early: the caller looks again.
  package static func wait(_ word: UnsafeMutablePointer<UInt32>, while value: UInt32) {
    machine_futex_wait(word, value)
  }

  package static func wakeAll(_ word: UnsafeMutablePointer<UInt32>) { machine_futex_wake_all(word) }
}
