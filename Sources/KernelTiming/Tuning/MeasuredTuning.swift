import KernelContract
import Kernels
import Records

/// A tuning with the times that it rests on.
package struct MeasuredTuning: Codable, Sendable, Equatable {
  /// When the last of it was measured, RFC 3339 in UTC.
  package var time: String
  package var isa: InstructionSet
  /// Of the formats that were timed.
  package var tuning: KernelTuning
  package var timings: [Timing]

  package init(time: String, isa: InstructionSet, tuning: KernelTuning, timings: [Timing]) {
    self.time = time
    self.isa = isa
    self.tuning = tuning
    self.timings = timings
  }

  /// The best time of a product, by the kernel for few tokens and by the one for many.
  package struct Timing: Codable, Sendable, Equatable {
    package var format: WeightFormat
    package var tokens: Int
    package var fewSeconds: Double
    package var manySeconds: Double

    package init(format: WeightFormat, tokens: Int, fewSeconds: Double, manySeconds: Double) {
      self.format = format
      self.tokens = tokens
      self.fewSeconds = fewSeconds
      self.manySeconds = manySeconds
    }
  }

  private static let kind = "tuning"

  /// Nil where nothing was measured, or not with the instructions that this machine now grants.
  package static func load(from cache: MachineCache) throws(RecordError) -> MeasuredTuning? {
    guard let measured = try cache.load(kind, as: MeasuredTuning.self) else { return nil }
    return measured.isa == InstructionSetStatus.best ? measured : nil
  }

  /// With what is newer.
  package func updated(by newer: MeasuredTuning) -> MeasuredTuning {
    var result = newer
    for format in tuning.formats where !newer.tuning.formats.contains(format) { result.tuning[format] = tuning[format] }
    result.timings += timings.filter { !newer.tuning.formats.contains($0.format) }
    return result
  }

  package func store(in cache: MachineCache) throws(RecordError) { try cache.store(self, as: Self.kind) }
}
