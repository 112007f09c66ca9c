import CostCurves
import Records
import Statistics

/// A token or a prompt as the sum of the kernels that it calls, each timed alone, beside what it takes as a whole. What is left
/// over lies between the kernels: threads that meet, preparing activations, and caches that each finds as the last one left them.
package struct Closure: Codable, Sendable {
  /// Which model and setup: `SmolLM2-135M Q4_1, 2 threads`.
  package var subject: String
  package var name: String
  package var tokens: Int
  package var contextTokens: Int
  /// By class of operation, the most first.
  package var parts: [Part]
  package var kernelSeconds: Estimate
  /// As a whole, undisturbed; nil where no record has it.
  package var measuredSeconds: Estimate?
  package var measuredAbsentReason: String?
  /// What the measured whole takes more than its kernels, as a share of it.
  package var restShare: Double?

  package struct Part: Codable, Sendable {
    package var operationClass: String
    package var calls: Int
    package var seconds: Estimate
    package var share: Double
    /// What all its calls compute and move; nil where that was not written down.
    package var flops: Double?
    package var bytes: Double?
  }

  /// One kernel's timing, how often it is called, its class, and what a call computes and moves.
  package struct Timing: Sendable {
    package var operationClass: String
    package var calls: Int
    package var seconds: Estimate
    package var flops: Double?
    package var bytes: Double?

    package init(_ operationClass: String, calls: Int, _ seconds: Estimate, flops: Double? = nil, bytes: Double? = nil)
    {
      self.operationClass = operationClass
      self.calls = calls
      self.seconds = seconds
      self.flops = flops
      self.bytes = bytes
    }
  }

  package init(
    _ name: String, of subject: String, tokens: Int, context: Int, _ timings: [Timing], measured: Estimate?,
    absence: String?
  ) {
    self.subject = subject
    self.name = name
    self.tokens = tokens
    contextTokens = context
    func sum(_ timings: [Timing]) -> Estimate {
      timings.reduce(Estimate.exact(0)) { $0.plus($1.seconds.scaled(by: Double($1.calls))) }
    }
    let whole = sum(timings)
    kernelSeconds = whole
    parts = Dictionary(grouping: timings, by: \.operationClass).map { operationClass, timings in
      let seconds = sum(timings)
      func total(_ amount: (Timing) -> Double?) -> Double? {
        timings.reduce(0.0) { total, timing in
          total.flatMap { sum in amount(timing).map { sum + $0 * Double(timing.calls) } }
        }
      }
      return Part(
        operationClass: operationClass, calls: timings.reduce(0) { $0 + $1.calls }, seconds: seconds,
        share: seconds.value / whole.value, flops: total(\.flops), bytes: total(\.bytes))
    }.sorted { ($0.seconds.value, $1.operationClass) > ($1.seconds.value, $0.operationClass) }
    measuredSeconds = measured
    measuredAbsentReason = measured == nil ? absence : nil
    restShare = measured.map { 1 - whole.value / $0.value }
  }
}

extension Closure {
  package static let fileName = "closure.json"

  /// What sums are kept beside a record under; nil in a record without.
  static func kept(in directory: ResultsDirectory) throws(RecordError) -> [Closure] {
    guard let json = try? directory.contents(of: fileName) else { return [] }
    do {
      return try RecordCoding.decode([Closure].self, from: json)
    } catch {
      throw RecordError(file: "\(directory.path)/\(fileName)", reason: RecordCoding.reason(of: error))
    }
  }

  package static func keep(_ closures: [Closure], in directory: ResultsDirectory) throws {
    try directory.write(
      String(decoding: try RecordCoding.encode(closures, pretty: true), as: UTF8.self) + "\n", to: fileName)
  }
}

extension SubjectSummary {
  /// By which sums of kernels know the subject that they are of.
  package var closureName: String { "\(model.name) \(model.format), \(configuration.threads) threads" }
}
