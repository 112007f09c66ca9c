import KernelContract
import KernelsAMX
import KernelsAVX2
import KernelsAVX512
import KernelsAVX512VNNI
import KernelsBaseline
import Machine

/// Every kernel that is built, and what this machine may run of them. The one list that selection, tests and the command read.
package enum KernelList {
  /// Best last.
  package static let matrices: [MatrixKernel] = {
    var all: [MatrixKernel] = []
    KernelsBaseline.Table.matrices { all.append($0) }
    KernelsAVX2.Table.matrices { all.append($0) }
    KernelsAVX512.Table.matrices { all.append($0) }
    KernelsAVX512VNNI.Table.matrices { all.append($0) }
    KernelsAMX.Table.matrices { all.append($0) }
    return all
  }()

  /// The roofs of computing.
  package static let peaks: [PeakProbe] = {
    var all: [PeakProbe] = []
    KernelsBaseline.Table.peaks { all.append($0) }
    KernelsAVX2.Table.peaks { all.append($0) }
    KernelsAVX512.Table.peaks { all.append($0) }
    KernelsAVX512VNNI.Table.peaks { all.append($0) }
    KernelsAMX.Table.peaks { all.append($0) }
    return all
  }()

  /// The roofs of moving memory.
  package static let streams: [StreamProbe] = {
    var all: [StreamProbe] = []
    KernelsBaseline.Table.streams { all.append($0) }
    KernelsAVX2.Table.streams { all.append($0) }
    KernelsAVX512.Table.streams { all.append($0) }
    KernelsAVX512VNNI.Table.streams { all.append($0) }
    return all
  }()

  /// What runs here.
  package static var usablePeaks: [PeakProbe] { peaks.filter { isUsable($0.isa) } }
  /// The streams of the best instruction set that runs here and has them.
  package static var usableStreams: [StreamProbe] {
    let best = streams.map(\.isa).filter(isUsable).max()
    return streams.filter { $0.isa == best }
  }

  /// Everything that is built, under names that no two of them share.
  package static let listed: [KernelIdentity] =
    matrices.map(\.identity) + [gatedProduct.identity] + tiledAttention.identities
    // AMX takes these from the set below it.
    + InstructionSet.allCases.filter { $0 < .amx }.flatMap { vectors($0).identities + sampling($0).identities }
    + WeightFormat.allCases.map(RawRow.identity) + peaks.map(\.identity) + streams.map(\.identity)

  /// The roofs of computing of the products among some kernels.
  package static func peaks(of kernels: some Sequence<KernelIdentity>) -> [PeakProbe] {
    let products = kernels.filter(\.operation.isProduct)
    return peaks.filter { probe in products.contains { $0.activations == probe.type && $0.isa == probe.isa } }
  }

  private static func isUsable(_ isa: InstructionSet) -> Bool {
    InstructionSetStatus.all.contains { $0.isa == isa && $0.isUsable }
  }

  /// AMX adds matrix products only; the rest is AVX512VNNI's.
  package static func vectors(_ isa: InstructionSet) -> VectorKernels {
    switch isa {
    case .baseline: KernelsBaseline.Table.vectors
    case .avx2: KernelsAVX2.Table.vectors
    case .avx512: KernelsAVX512.Table.vectors
    case .avx512vnni, .amx: KernelsAVX512VNNI.Table.vectors
    }
  }

  /// What only AMX has.
  package static let tiledAttention: TiledAttention = KernelsAMX.Table.attention
  package static let gatedProduct: GatedProduct = KernelsAMX.Table.gated

  package static func sampling(_ isa: InstructionSet) -> SamplingKernels {
    switch isa {
    case .baseline: KernelsBaseline.Table.sampling
    case .avx2: KernelsAVX2.Table.sampling
    case .avx512: KernelsAVX512.Table.sampling
    case .avx512vnni, .amx: KernelsAVX512VNNI.Table.sampling
    }
  }
}

/// Three facts that are easily confused: every instruction set here is built; is it supported, and is it permitted?
package struct InstructionSetStatus: Sendable {
  package let isa: InstructionSet
  /// Features of the processor and the operating system that are missing; empty where it is supported.
  package let missing: [String]
  /// Whether the kernel grants it (AMX state must be asked for).
  package let permitted: Bool
  package var isUsable: Bool { missing.isEmpty && permitted }

  package static let all: [InstructionSetStatus] = InstructionSet.allCases.map { isa in
    let missing = isa.requiredFeatures.filter { !Processor.supports($0) }
    let permitted = isa != .amx || (missing.isEmpty && Processor.permitAMX())
    return InstructionSetStatus(isa: isa, missing: missing, permitted: permitted)
  }

  /// The best that this machine can run.
  package static var best: InstructionSet { all.last { $0.isUsable }!.isa }
}
