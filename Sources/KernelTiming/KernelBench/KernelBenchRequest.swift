import Engine
import KernelContract
import Kernels
import Metering

/// What the kernel bench is to time.
package struct KernelBenchRequest: Sendable {
  package var problems: [KernelProblem]
  /// Every kernel that the filters leave, rather than the one that the engine would take.
  package var takesAll = false
  /// Filter: only this kind of matrix kernel.
  package var operation: KernelOperation?
  /// Filter: only these instruction sets.
  package var sets: [InstructionSet]?
  package var activations = ActivationMode.auto
  /// By which the engine chooses.
  package var tuning = KernelTuning.standard
  package var libraries: [CBLAS] = []
  package var threads: [Int]
  /// Whether what is read comes from memory (true) or from caches, in turn; nil for what it does in decode.
  package var isCold: [Bool]?
  /// Time for each row.
  package var secondsEach = standardSeconds
  package var pin = true
  package var measuresRoofs = true
  /// For checking comparisons.
  package var slowdown: Slowdown?

  /// Whether machines can be compared by what is found, like the records of runs.
  var isCanonical: Bool { slowdown == nil && secondsEach >= Self.standardSeconds }

  private static let standardSeconds = 1.0

  package init(_ problems: [KernelProblem], threads: [Int]) {
    self.problems = problems
    self.threads = threads
  }

  /// Whether a problem may have several rows.
  var isComparison: Bool { takesAll || !libraries.isEmpty }

  /// The matrix kernels that solve a product here.
  func matrices(_ format: WeightFormat, tokens: Int) throws -> [MatrixKernel] {
    guard takesAll else { return [try selection.matrix(format, tokens: tokens)] }
    return KernelList.matrices.filter { kernel in
      kernel.format == format && usableSets.contains(kernel.isa) && (operation.map { $0 == kernel.operation } ?? true)
    }
  }

  /// Attention's kernels: one for each set of vectors, and tiles.
  func attention(tokens: Int) throws -> [AttentionKernel] {
    let selection = try selection
    guard takesAll else {
      return [selection.tiledAttention(tokens: tokens).map { .tiles($0) } ?? .rows(selection.vectors)]
    }
    return usableSets.map { $0 < .amx ? .rows(KernelList.vectors($0)) : .tiles(KernelList.tiledAttention) }
  }

  /// The sets whose vectors take rows or sample, which tiles do not.
  func vectorSets() throws -> [InstructionSet] {
    guard takesAll else { return [try selection.vectors.isa] }
    return usableSets.filter { $0 < .amx }
  }

  private var selection: KernelSelection {
    get throws { try KernelSelection(activations: activations, tuning: tuning) }
  }

  /// The sets that were asked for, or all, as far as this machine runs them.
  private var usableSets: [InstructionSet] {
    InstructionSetStatus.all.filter { $0.isUsable && (sets?.contains($0.isa) ?? true) }.map(\.isa)
  }
}
