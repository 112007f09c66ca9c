import Machine

/// Joules of a window from the samples of one source. What cannot be known is an error, never a guess.
package enum EnergyIntegral {
  /// Longer holes between readings of power are not bridged, as in the telemetry schema whose field names records use.
  static let longestHole = 3.0
  /// In this time any processor that is on uses energy that its counter shows.
  private static let longestStandstill = 0.1

  package static func joules(
    _ samples: [EnergySample], from start: Double, to end: Double, _ facts: EnergyFacts
  ) throws(EnergyAbsence) -> Double {
    guard end - start >= 2 * facts.refreshSeconds else { throw tooShort(facts) }
    let joules: Double
    switch facts.quantity {
    case .energy: joules = try counted(samples, start, end, facts)
    case .power: joules = try integrated(samples, start, end, facts)
    }
    guard joules > 0 else {
      if end - start < longestStandstill { throw tooShort(facts) }
      throw EnergyAbsence(.implausible, "\(facts.name): stood still while the processors worked")
    }
    return joules
  }

  private static func tooShort(_ facts: EnergyFacts) -> EnergyAbsence {
    EnergyAbsence(
      .windowTooShort, "\(facts.name): changes every \(facts.refreshSeconds) s or so, too seldom for runs this short")
  }

  // MARK: - Counters

  private static func counted(
    _ samples: [EnergySample], _ start: Double, _ end: Double, _ facts: EnergyFacts
  ) throws(EnergyAbsence) -> Double {
    // From the last reading at or before the start to the first at or after the end.
    let first = samples.lastIndex { $0.seconds <= start } ?? 0
    let last = samples.firstIndex { $0.seconds >= end } ?? samples.count - 1
    guard first < last, let before = samples.first, before.seconds <= start, samples[last].seconds >= end else {
      throw EnergyAbsence(.sensorGap, "\(facts.name): was not read at both ends of the window")
    }
    var joules = 0.0
    for (a, b) in zip(samples[first..<last], samples[(first + 1)...last]) {
      let overlap = min(b.seconds, end) - max(a.seconds, start)
      // Between two readings the counter is taken to grow evenly.
      let share = b.seconds > a.seconds ? overlap / (b.seconds - a.seconds) : 0
      joules += try growth(a, b, facts) * max(0, share)
    }
    return joules
  }

  private static func growth(
    _ a: EnergySample, _ b: EnergySample, _ facts: EnergyFacts
  ) throws(EnergyAbsence) -> Double {
    guard let old = a.value.value, let new = b.value.value else {
      throw EnergyAbsence(.sensorGap, "\(facts.name): \(a.value.reason ?? b.value.reason ?? "was not read")")
    }
    let seconds = b.seconds - a.seconds
    if let range = facts.wrapJoules, seconds * facts.limitWatts > range / 2 {
      throw EnergyAbsence(
        .possibleWrap, "\(facts.name): was not read for \(seconds) s, in which it may have wrapped more than once")
    }
    var growth = new - old
    if growth < 0 {
      guard let range = facts.wrapJoules else {
        throw EnergyAbsence(.counterReset, "\(facts.name): went back from \(old) to \(new) J")
      }
      growth += range
    }
    guard growth >= 0, growth <= facts.ceilingWatts * (seconds + facts.refreshSeconds) else {
      if new < old { throw EnergyAbsence(.counterReset, "\(facts.name): was set back from \(old) to \(new) J") }
      throw EnergyAbsence(.implausible, "\(facts.name): grew by \(growth) J in \(seconds) s")
    }
    return growth
  }

  // MARK: - Power

  /// Trapezoids between plausible readings, the edges of the window interpolated.
  private static func integrated(
    _ samples: [EnergySample], _ start: Double, _ end: Double, _ facts: EnergyFacts
  ) throws(EnergyAbsence) -> Double {
    let readings = samples.compactMap { sample in
      sample.value.value.flatMap { $0 > 0 && $0 <= facts.ceilingWatts ? (seconds: sample.seconds, watts: $0) : nil }
    }
    guard let first = readings.lastIndex(where: { $0.seconds <= start }),
      let last = readings.firstIndex(where: { $0.seconds >= end })
    else { throw uncovered(samples, readings.count, facts) }
    var joules = 0.0
    for (a, b) in zip(readings[first..<last], readings[(first + 1)...last]) {
      let seconds = b.seconds - a.seconds
      guard seconds <= max(longestHole, 3 * facts.refreshSeconds) else {
        throw EnergyAbsence(.sensorGap, "\(facts.name): has a hole of \((seconds * 10).rounded() / 10) s")
      }
      let low = max(a.seconds, start)
      let high = min(b.seconds, end)
      guard seconds > 0, high > low else { continue }
      let middle = ((low + high) / 2 - a.seconds) / seconds
      joules += (a.watts + (b.watts - a.watts) * middle) * (high - low)
    }
    return joules
  }

  private static func uncovered(_ samples: [EnergySample], _ plausible: Int, _ facts: EnergyFacts) -> EnergyAbsence {
    if let reason = samples.lazy.compactMap(\.value.reason).last {
      return EnergyAbsence(.sensorGap, "\(facts.name): \(reason)")
    }
    if plausible < samples.count, let odd = samples.lazy.compactMap(\.value.value).last {
      return EnergyAbsence(.implausible, "\(facts.name): \(odd) W is not a plausible power of a computer")
    }
    return EnergyAbsence(
      .logElsewhere,
      "\(facts.name): has no reading at both ends of the window: is it still being written, and are its times and zone right?"
    )
  }
}
