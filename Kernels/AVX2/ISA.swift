import KernelContract

let isa = InstructionSet.avx2

/// Two registers a vector: six rows are twelve sums of sixteen registers; two hold the weights.
let tallTileRows = 6
let tileVectors = 1
typealias TallTile<E: PanelElement, let V: Int> = PanelTile<E, 6, V>

/// A token takes four registers of eight lanes: sums of pairs, and scaled ones.
let mostTokens = 3
typealias MostTokens<F: QuantFormat> = MatvecInt8<F, 1, 3>

/// Ten registers of sums: two ports of latency 4 need eight, and the pieces of a byte product take four more.
let peakChains = 5
typealias PeakChains<Lanes> = InlineArray<5, Lanes>
