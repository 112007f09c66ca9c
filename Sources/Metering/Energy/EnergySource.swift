import Machine

/// One look at a source: joules that it has counted since some moment, or watts at this one.
package struct EnergySample: Equatable, Sendable {
  /// When it was taken, on the clock of the timekeeper.
  package var seconds: Double
  /// Absent where the source could not be read, or said something that cannot be.
  package var value: Finding<Double>

  package init(seconds: Double, value: Finding<Double>) {
    self.seconds = seconds
    self.value = value
  }
}

/// What must be known of a source to make joules of its samples.
package struct EnergyFacts: Equatable, Sendable {
  package var name: String
  package var quantity: Sensor.Quantity
  /// Where a counter starts again from zero, in joules.
  package var wrapJoules: Double?
  /// The most power that its part is allowed to draw; three times as much is not a measurement.
  package var limitWatts: Double
  /// How often its value changes.
  package var refreshSeconds: Double
  /// Half the width of a 95 % interval of its calibration, as a share of the value.
  package var relativeUncertainty: Double

  package init(
    name: String, quantity: Sensor.Quantity, wrapJoules: Double? = nil, limitWatts: Double = 500,
    refreshSeconds: Double, relativeUncertainty: Double
  ) {
    self.name = name
    self.quantity = quantity
    self.wrapJoules = wrapJoules
    self.limitWatts = limitWatts
    self.refreshSeconds = refreshSeconds
    self.relativeUncertainty = relativeUncertainty
  }

  var ceilingWatts: Double { 3 * limitWatts }
}

/// Where samples of energy or power come from.
package protocol EnergySource: Sendable {
  var facts: EnergyFacts { get }
  /// Takes what is there to be had now.
  func poll()
  /// What was taken, in the order of time.
  var samples: [EnergySample] { get }
  /// Lets go of what no window that begins at this time needs.
  func forget(before seconds: Double)
}

/// Why a stretch of time has no energy: a code for programs and a line for people.
package struct EnergyAbsence: Error, Equatable, Sendable {
  package enum Code: String, Sendable, CaseIterable {
    case noTime = "no_time"
    case windowTooShort = "window_too_short"
    case sensorGap = "sensor_gap"
    case counterReset = "counter_reset"
    case possibleWrap = "possible_wrap"
    case implausible
    case logElsewhere = "log_elsewhere"
  }

  package var code: Code
  package var reason: String

  package init(_ code: Code, _ reason: String) {
    self.code = code
    self.reason = reason
  }
}
