import KernelContract

let isa = InstructionSet.avx512vnni

/// 14 rows × 2 vectors are 28 sums of 32 registers; two hold the weights, the activations are broadcast from memory.
let tallTileRows = 14
let tileVectors = 2
typealias TallTile<E: PanelElement, let V: Int> = PanelTile<E, 14, V>

/// A token takes two registers, its exact sums and its scaled ones; the rest holds weights and scales.
let mostTokens = 12
typealias MostTokens<F: QuantFormat> = MatvecInt8<F, 1, 12>

/// Two ports of latency 5 need ten sums.
let peakChains = 12
typealias PeakChains<Lanes> = InlineArray<12, Lanes>
