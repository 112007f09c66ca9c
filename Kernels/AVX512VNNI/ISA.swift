import KernelContract

let isa = InstructionSet.avx512vnni

/// 14 rows × 2 vectors are 28 sums of 32 registers; two hold the weights, the activations are broadcast from memory.
let tallTileRows = 14
let tileVectors = 2
typealias TallTile<E: PanelElement, let V: Int> = PanelTile<E, 14, V>
typealias FloatTile = TallTile<Float32Element, 2>

/// Twelve exact sums and twelve in Float of 32 registers; fewer than ten would wait for the latency of five on two ports.
let byteTileGroups = 2
let byteTileTokens = 6
typealias WideByteTile<F: QuantFormat> = ByteTile<F, 2, 6>
typealias SingleByteTile<F: QuantFormat> = ByteTile<F, 2, 1>

/// Two ports of latency 5 need ten sums.
let peakChains = 12
typealias PeakChains<Lanes> = InlineArray<12, Lanes>
