import Quantities
import Records
import Statistics

/// What a campaign tells whoever shows its progress.
package enum CampaignEvent: Sendable {
  /// Work that is not a run has begun.
  case preparing(Preparation)
  /// A run is about to begin.
  case running(Progress)
  case finished(RunRecord)
  /// Something that a reader of the results has to know.
  case noted(Warning)

  package enum Preparation: Sendable, Hashable {
    case load
    case roofs
    case calibration
    /// The caches of sequences that decode together are filled.
    case fill
    case warmUp
    /// Sleeping until the next window begins.
    case nextWindow
  }

  package struct Progress: Sendable, Hashable {
    package var shape: RunShape
    package var repetition: Int
    /// The number of the run, from 1.
    package var index: Int
    /// How many there will be; grows smaller when points are dropped.
    package var count: Int
    /// Nil while nothing is known of the speed.
    package var remaining: Seconds?
  }
}

package typealias CampaignObserver = (CampaignEvent) -> Void
