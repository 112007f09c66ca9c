import Analysis
import Campaign
import CostCurves
import KernelContract
import KernelTiming
import Kernels
import Machine
import Model
import Records
import Statistics

/// Prices a model by the kernels that it calls, and sets the sum beside what a record says of the whole.
struct PredictFromKernels {
  /// Of the model and setup.
  let name: String
  let source: any TensorSource
  let question: Question
  let threads: Int
  let tuning: KernelTuning
  /// The record's curves, where there is one.
  let subject: SubjectSummary?
  let secondsEach: Double

  /// The kernels of the prompt, pass by pass, and those of the step.
  func closures() throws -> [Closure] {
    let machine = MachineDescription.read()
    let cache = CacheFormat(rawValue: subject?.configuration.keyType ?? "f16") ?? .f16
    let part = min(question.promptTokens, subject?.configuration.microBatch ?? 512)
    let steps = StepParts(source, tokens: 1, context: question.contextTokens, cache: cache)
    // Passes of a prompt differ by what lies before them: the first, the last and the count between stand for all.
    let passes = stride(from: 0, to: question.promptTokens, by: part).map { first in
      StepParts(
        source, tokens: min(part, question.promptTokens - first), context: question.cachedTokens + first, cache: cache)
    }
    var problems: [KernelProblem] = []
    for parts in passes + [steps] { problems += parts.parts.map(\.problem) }
    var request = KernelBenchRequest(problems.distinct, threads: [threads])
    request.secondsEach = secondsEach
    request.tuning = tuning
    request.measuresRoofs = false
    Interruption.listen()
    var rows: [KernelRecord] = []
    let bench = KernelBench(
      request, on: machine, toolVersion: Version.current, cancellation: Interruption.wish,
      observer: { event in
        if case .timing(let problem, _) = event { Console.progress("timing \(problem.size)") }
      })
    guard try bench.run({ rows += $0.rows }) else { throw Failure(.interrupted) }
    var times: [KernelProblem: KernelRecord] = [:]
    for problem in problems.distinct {
      guard let row = rows.first(where: { $0.size == problem.size && $0.format == problem.format }), row.seconds != nil
      else {
        throw Failure(.failure, "\(problem.size): no kernel computes it rightly here")
      }
      times[problem] = row
    }
    func closure(_ name: String, _ all: [StepParts], tokens: Int, context: Int, _ curve: FittedCurve?, _ place: Place)
      -> Closure
    {
      let timings = all.flatMap(\.parts).compactMap { part -> Closure.Timing? in
        times[part.problem].flatMap { row in
          row.seconds.map {
            Closure.Timing(
              part.operationClass.rawValue, calls: part.calls, $0, flops: row.flops.map(Double.init),
              bytes: row.bytes.map(Double.init))
          }
        }
      }
      var measured: Estimate?
      var absence = "no record was named"
      if let subject {
        absence = "\(subject.model.name) has no undisturbed curve there"
        measured = try? curve?.curve.predict(at: place, reach: Prediction.reach)
      }
      return Closure(
        name, of: self.name, tokens: tokens, context: context, timings, measured: measured, absence: absence)
    }
    return [
      closure(
        "Prompt of \(question.promptTokens)", passes, tokens: question.promptTokens, context: question.cachedTokens,
        subject?.undisturbedPrefillCurve, Place(tokens: question.promptTokens, context: question.cachedTokens)),
      closure(
        "Step at context \(question.contextTokens)", [steps], tokens: 1, context: question.contextTokens,
        subject?.undisturbedDecodeCurve, Place(context: question.contextTokens)),
    ]
  }
}
