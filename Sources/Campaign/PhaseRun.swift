import EnergyModel
import Engine
import KernelContract
import Metering
import Records

/// One phase at one shape, measured once.
package struct PhaseRun: Sendable {
  package var shape: RunShape
  /// When it began, as records write it.
  package var time: String
  /// A whole prefill of one sequence each, one token of every sequence each, or a block of chosen tokens each.
  package var steps: [StepLatency]
  package var costs: PhaseCosts
  package var conditions: ObservedConditions
  /// Nil where no sensor was watched.
  package var energy: Result<MeteredEnergy, EnergyAbsence>?

  package init(
    shape: RunShape, time: String, steps: [StepLatency], costs: PhaseCosts, conditions: ObservedConditions,
    energy: Result<MeteredEnergy, EnergyAbsence>? = nil
  ) {
    self.shape = shape
    self.time = time
    self.steps = steps
    self.costs = costs
    self.conditions = conditions
    self.energy = energy
  }
}

/// What a phase computes and moves by its kernels' own declaration, and which kernels those are.
package struct PhaseCosts: Sendable, Equatable {
  package private(set) var account = OperationAccount()
  package private(set) var kernels: Set<KernelIdentity> = []
  /// Operations by what they cost in energy.
  package private(set) var operations: [EnergyTerm: Double] = [:]
  /// Bytes that each decode step reads and writes.
  private(set) var stepBytes: [Double] = []

  /// The steps that `shape` takes, prompts cut into batches and those into micro-batches.
  package init(_ shape: RunShape, on engine: Engine, batch: Int) {
    switch shape.phase {
    case .prefill:
      for batchStart in stride(from: 0, to: shape.promptTokens, by: batch) {
        let batchEnd = min(batchStart + batch, shape.promptTokens)
        for start in stride(from: batchStart, to: batchEnd, by: engine.options.microBatch) {
          let end = min(start + engine.options.microBatch, batchEnd)
          add(
            engine.operations(
              tokens: end - start, context: shape.contextTokens + start, logitRows: end == batchEnd ? 1 : 0),
            times: shape.sequences)
        }
      }
    case .decode:
      for step in 0..<shape.generatedTokens {
        let operations = engine.operations(
          tokens: 1, context: shape.contextTokens + step, sequences: shape.sequences, logitRows: shape.sequences)
        add(operations)
        stepBytes.append(operations.reduce(0) { $0 + Double($1.cost.bytesRead) + Double($1.cost.bytesWritten) })
      }
    case .sampling:
      // A row of logits for each token; comparing and drawing are no operations by definition.
      account.add(
        OperationCost(bytesRead: 4 * engine.description.vocabularySize), to: .sampling, calls: shape.generatedTokens)
    }
  }

  private mutating func add(_ operations: [PlannedOperation], times: Int = 1) {
    for operation in operations {
      account.add(operation.cost, to: operation.operationClass, calls: times)
      kernels.insert(operation.kernel)
      let flops = Double(operation.cost.flops * times)
      self.operations[EnergyTerm(operation.kernel), default: 0] += flops
    }
  }
}
