import CostCurves
import Statistics

/// What was measured of one subject of a record, as scenarios need it.
package struct MeasuredCosts: Sendable {
  /// By which the scenario calls the record.
  package var name: String
  /// Model, setup and machine, for a reader.
  package var label: String
  package var curves: TokenCurves
  package var threads: Int
  package var processors: Int
  /// Single steps of as many sequences, at one context: how long one takes in 95 of 100 cases.
  package var steps: [Wait]
  /// Whole prefills of one sequence.
  package var prefills: [Wait]
  package var energy: PhaseEnergy?
  /// Why there is no energy.
  package var energyAbsence: String?
  /// The command whose measurement reaches a longest prompt behind a deepest cache, a longest context and so many sequences.
  package var remedy: @Sendable (_ prompt: Int, _ cached: Int, _ context: Int, _ sequences: Int) -> String

  /// How long a wait is that was measured at a place.
  package struct Wait: Hashable, Sendable {
    package var place: Place
    package var p95Seconds: Double

    package init(place: Place, p95Seconds: Double) {
      self.place = place
      self.p95Seconds = p95Seconds
    }
  }

  /// What the phases draw while they run, in watts.
  package struct PhaseEnergy: Sendable {
    /// How it came about: `estimated (proxy, wall)`.
    package var label: String
    /// It is of the facility: nothing is added for cooling.
    package var isOfFacility: Bool
    package var prefillWatts: Estimate
    package var decodeWatts: Estimate
    /// What the host draws when nothing runs; nil where that is not known.
    package var idleWatts: Double?

    package init(
      label: String, isOfFacility: Bool, prefillWatts: Estimate, decodeWatts: Estimate, idleWatts: Double?
    ) {
      self.label = label
      self.isOfFacility = isOfFacility
      self.prefillWatts = prefillWatts
      self.decodeWatts = decodeWatts
      self.idleWatts = idleWatts
    }
  }

  package init(
    name: String, label: String, curves: TokenCurves, threads: Int, processors: Int, steps: [Wait], prefills: [Wait],
    energy: PhaseEnergy?, energyAbsence: String?, remedy: @escaping @Sendable (Int, Int, Int, Int) -> String
  ) {
    self.name = name
    self.label = label
    self.curves = curves
    self.threads = threads
    self.processors = processors
    self.steps = steps
    self.prefills = prefills
    self.energy = energy
    self.energyAbsence = energyAbsence
    self.remedy = remedy
  }

  /// Numbers of sequences that steps were measured of and that a curve answers for, ascending.
  var answerableSequences: [Int] {
    let several = Set(steps.map(\.place.sequences)).filter { curves.batch?.domain.sequences.contains($0) ?? false }
    return several.union([1]).sorted()
  }
}
