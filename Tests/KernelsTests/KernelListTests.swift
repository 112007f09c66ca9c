import KernelContract
import Kernels
import Testing

@Suite struct KernelListTests {
  @Test func namesAreUniqueAndHoldTheirParts() {
    let names = KernelList.listed.map(\.description)
    #expect(Set(names).count == names.count && Set(KernelList.listed).count == names.count)
    #expect(Set(KernelList.listed.map(\.operation)) == Set(KernelOperation.allCases))
    #expect(
      KernelIdentity(.matvec, weights: .q4_0, activations: .int8, isa: .avx512vnni).description
        == "matvec.q4_0.int8.avx512vnni")
    #expect(KernelIdentity(.norm, isa: .avx2).description == "norm.f32.avx2")
    for name in [
      "attention.f32.avx512vnni", "attention.bf16.amx", "cache_panels.bf16.amx", "gate_up.bf16.amx",
      "embedding.q4_k.f32.baseline", "rope_neox.f32.baseline", "argmax.f32.avx2", "peak.int8.amx",
    ] { #expect(names.contains(name), "\(name)") }
  }

  /// A member that no operation names would not be listed.
  @Test func tablesNameAllOfTheirMembers() {
    func members(_ table: Any) -> Int { Mirror(reflecting: table).children.count { $0.label != "isa" } }
    for isa in InstructionSet.allCases {
      #expect(members(KernelList.vectors(isa)) == VectorKernels.operations.count)
      #expect(members(KernelList.sampling(isa)) == SamplingKernels.operations.count)
      // Tiles have no rows and do not sample.
      #expect(
        KernelList.vectors(isa).isa == min(isa, .avx512vnni) && KernelList.sampling(isa).isa == min(isa, .avx512vnni))
    }
    #expect(
      Set(RowOperation.all().map(\.kernel))
        == Set(VectorKernels.operations).subtracting([.attention]).union([.embedding]))
  }

  @Test func whatASelectionTakesIsListed() {
    for isa in InstructionSet.allCases {
      for activations in ActivationMode.allCases {
        let selection = KernelSelection(of: isa, activations: activations)
        for tokens in [1, 16, 1024] {
          let taken = selection.identities(tokens: tokens)
          #expect(taken.isSubset(of: KernelList.listed) && taken.allSatisfy { $0.isa <= isa })
          #expect(taken.count { $0.operation == .attention } == 1)
        }
      }
    }
    let amx = KernelSelection(of: .amx).identities(tokens: 1024)
    #expect(
      amx.contains(KernelIdentity(.gateUp, activations: .bf16, isa: .amx))
        && amx.contains(KernelIdentity(.attention, activations: .bf16, isa: .amx)))
    #expect(!KernelSelection(of: .amx, activations: .int8).identities(tokens: 1024).contains { $0.isOnTiles })
  }

  /// Right rows pass; one element that is off, or a row that was left as it was, does not.
  @Test func wrongRowsAreFound() {
    let x = (0..<64).map { Float($0 - 31) / 16 }
    let y = (0..<64).map { Float($0 % 5) - 1.75 }
    for operation in RowOperation.all() {
      var row = x
      switch operation {
      case .norm: KernelList.vectors(.baseline).norm(x, y, RowCheck.epsilon, 64, &row)
      case .add: KernelList.vectors(.baseline).add(&row, y, 64)
      case .scale: KernelList.vectors(.baseline).scale(&row, RowCheck.factor, 64)
      case .swiglu: KernelList.vectors(.baseline).siluProduct(&row, y, 64)
      case .geglu: KernelList.vectors(.baseline).geluProduct(&row, y, 64)
      case .softcap: KernelList.vectors(.baseline).softcap(&row, RowCheck.cap, 64)
      case .rope: KernelList.vectors(.baseline).rotateAdjacent(&row, y, Array(y[32...]), 32)
      case .ropeNeox: KernelList.vectors(.baseline).rotateHalves(&row, y, Array(y[32...]), 32)
      case .roundBFloat16: KernelList.vectors(.baseline).roundToBFloat16(&row, 64)
      case .quantize, .storeKey, .storeValue, .embedding: break
      }
      let right = row.map(Double.init)
      #expect(RowCheck.deviation(of: right, operation, x: x, y: y) <= 1, "\(operation)")
      var wrong = right
      wrong[63] += 0.05
      #expect(RowCheck.deviation(of: wrong, operation, x: x, y: y) > 1, "\(operation)")
      #expect(RowCheck.deviation(of: right.dropLast(), operation, x: x, y: y) == .infinity)
      wrong[63] = .nan
      #expect(RowCheck.deviation(of: wrong, operation, x: x, y: y) == .infinity)
    }
  }
}
