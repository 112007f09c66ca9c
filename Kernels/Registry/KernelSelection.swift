import KernelContract

/// How precisely activations enter matrix products.
package enum ActivationMode: String, CaseIterable, Codable, Sendable {
  /// int8, but bf16 on AMX for many tokens: both faster there and closer to Float.
  case auto
  case int8, bf16, f32
}

/// A request for an instruction set that this machine cannot run.
package struct KernelSelectionError: Error, CustomStringConvertible {
  package let description: String
}

/// The kernels of one session: which instruction set, and which kernel for a format and a number of tokens.
package struct KernelSelection: Sendable {
  package let isa: InstructionSet
  package let activations: ActivationMode
  package let tuning: KernelTuning
  package let vectors: VectorKernels
  package let sampling: SamplingKernels
  /// Where the activations may be bfloat16 and there are tiles.
  private let tiledAttention: TiledAttention?
  /// By the format's ordinal.
  private let choices: [Choice]

  private struct Choice {
    let few, many: MatrixKernel
    let manyTokens: Int
  }

  /// `cap` is the highest instruction set to use; nil for the best that runs here.
  package init(
    cap: InstructionSet? = nil, activations: ActivationMode = .auto, tuning: KernelTuning = .standard
  ) throws {
    if let cap, let status = InstructionSetStatus.all.first(where: { $0.isa == cap }), !status.isUsable {
      let reason =
        status.missing.isEmpty
        ? "the operating system does not grant its tile state" : "missing \(status.missing.joined(separator: ", "))"
      let usable = InstructionSetStatus.all.filter(\.isUsable).map(\.isa.rawValue).joined(separator: ", ")
      throw KernelSelectionError(
        description: "--isa \(cap.rawValue): this machine cannot run it (\(reason)); it can run \(usable)")
    }
    self.init(of: cap ?? InstructionSetStatus.best, activations: activations, tuning: tuning)
  }

  /// What a machine takes whose best instruction set is `isa`. It can be planned with on any machine.
  package init(of isa: InstructionSet, activations: ActivationMode = .auto, tuning: KernelTuning = .standard) {
    self.isa = isa
    self.activations = activations
    self.tuning = tuning
    vectors = KernelList.vectors(isa)
    sampling = KernelList.sampling(isa)
    tiledAttention = isa == .amx && (activations == .auto || activations == .bf16) ? KernelList.tiledAttention : nil
    // Every format has a kernel of each kind on every instruction set, for the baseline compiles them all; the best is last.
    let candidates = KernelList.matrices.filter { $0.isa <= isa }
    choices = WeightFormat.allCases.map { format in
      Choice(
        few: candidates.last { $0.format == format && Self.suitsFew($0, activations) }!,
        many: candidates.last { $0.format == format && Self.suitsMany($0, activations, isa) }!,
        manyTokens: tuning[format])
    }
  }

  private static func suitsFew(_ kernel: MatrixKernel, _ mode: ActivationMode) -> Bool {
    guard kernel.operation == .matvec else { return false }
    let wantsInt8 = (mode == .auto || mode == .int8) && kernel.format.blockLength > 1
    return kernel.activations == (wantsInt8 ? .int8 : .f32)
  }

  private static func suitsMany(_ kernel: MatrixKernel, _ mode: ActivationMode, _ isa: InstructionSet) -> Bool {
    let isQuantised = kernel.format.blockLength > 1
    return switch mode {
    case .bf16: kernel.operation == .matmul && kernel.activations != .int8
    case .auto where isa == .amx: kernel.activations == .bf16
    case .auto where isQuantised, .int8 where isQuantised: kernel.operation == .matmul && kernel.activations == .int8
    case .auto, .int8, .f32: kernel.operation == .matmul && kernel.activations == .f32
    }
  }

  package func matrix(_ format: WeightFormat, tokens: Int) -> MatrixKernel {
    let choice = choices[format.ordinal]
    return tokens < choice.manyTokens ? choice.few : choice.many
  }
  package func few(_ format: WeightFormat) -> MatrixKernel { choices[format.ordinal].few }
  package func many(_ format: WeightFormat) -> MatrixKernel { choices[format.ordinal].many }

  /// For a prompt of one sequence that is long enough to make panels of the cache.
  package func tiledAttention(tokens: Int, sequences: Int = 1) -> TiledAttention? {
    sequences == 1 && tokens >= TiledAttention.minimumTokens ? tiledAttention : nil
  }

  /// Both products of a gated feed-forward in one, where all three matrices take bfloat16.
  package func gated(_ gate: MatrixKernel, _ up: MatrixKernel, _ down: MatrixKernel) -> GatedProduct? {
    gate.activations == .bf16 && up.activations == .bf16 && down.activations == .bf16 ? KernelList.gatedProduct : nil
  }

  /// Whether Float activations are rounded to bfloat16 first, as `bf16` asks where no AMX tile does it.
  package var roundsActivations: Bool { activations == .bf16 }

  /// Every kernel that a step of `tokens` tokens of one sequence may take, and every one that then chooses a token.
  package func identities(tokens: Int) -> Set<KernelIdentity> {
    let products = WeightFormat.allCases.map { matrix($0, tokens: tokens) }
    var all = Set(products.map(\.identity) + vectors.identities + sampling.identities)
    all.formUnion(WeightFormat.allCases.map(RawRow.identity))
    all.formUnion(products.compactMap { gated($0, $0, $0)?.identity })
    if let tiled = tiledAttention(tokens: tokens) {
      all.remove(vectors.identity(.attention))
      all.formUnion(tiled.identities)
    }
    if !roundsActivations { all.remove(vectors.identity(.roundBFloat16)) }
    return all
  }
}
