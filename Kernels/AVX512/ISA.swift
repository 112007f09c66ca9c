import KernelContract

let isa = InstructionSet.avx512

/// 14 rows × 2 vectors are 28 sums of 32 registers; two hold the weights, the activations are broadcast from memory.
let tallTileRows = 14
let tileVectors = 2
typealias TallTile<E: PanelElement, let V: Int> = PanelTile<E, 14, V>

/// A token takes three registers: sums of pairs, exact sums and scaled ones.
let mostTokens = 8
typealias MostTokens<F: QuantFormat> = MatvecInt8<F, 1, 8>

/// Two ports of latency 4 need eight sums.
let peakChains = 12
typealias PeakChains<Lanes> = InlineArray<12, Lanes>
