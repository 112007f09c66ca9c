import Glibc

/// The clocks of the kernel, in nanoseconds.
package enum Clock {
  /// Time that passed, free of adjustment by NTP.
  package static func nanoseconds() -> UInt64 { read(CLOCK_MONOTONIC_RAW) }

  /// Processor time of all threads of this process.
  package static func processCPUNanoseconds() -> UInt64 { read(CLOCK_PROCESS_CPUTIME_ID) }

  /// The time of day, in seconds since 1970 in UTC.
  package static func unixSeconds() -> Double { Double(read(CLOCK_REALTIME)) / 1e9 }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
