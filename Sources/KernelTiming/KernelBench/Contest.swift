import KernelContract

/// One way to solve a problem: a kernel on the bench's threads, or somebody else's library.
package struct Contender {
  /// A kernel's identity, a way to sample with its instruction set, or a library's name.
  package let name: String
  /// What the library says of itself.
  package let version: String?
  package let isa: InstructionSet?
  package let activations: ActivationFormat
  /// Makes the calls of these numbers, which say what is read: number modulo copies.
  package let run: TurnTimer.Body
  /// Makes a call and returns the largest error found as a share of its bound: above 1 the result is wrong.
  package let check: () -> Double
  /// Whether threads of its own may spin on after a call.
  package let leavesThreads: Bool

  package init(
    name: String, version: String? = nil, isa: InstructionSet?, activations: ActivationFormat,
    leavesThreads: Bool = false, run: @escaping TurnTimer.Body, check: @escaping () -> Double
  ) {
    self.name = name
    self.version = version
    self.isa = isa
    self.activations = activations
    self.leavesThreads = leavesThreads
    self.run = run
    self.check = check
  }

  init(_ kernel: KernelIdentity, run: @escaping TurnTimer.Body, check: @escaping () -> Double) {
    self.init(name: kernel.description, isa: kernel.isa, activations: kernel.activations, run: run, check: check)
  }
}

/// A problem, those who solve it, and what they share.
package struct Contest {
  package let problem: KernelProblem
  package let contenders: [Contender]

  package init(problem: KernelProblem, contenders: [Contender]) {
    self.problem = problem
    self.contenders = contenders
  }
}
