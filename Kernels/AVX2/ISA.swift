import KernelContract

let isa = InstructionSet.avx2

/// Two registers a vector: six rows are twelve sums of sixteen registers; two hold the weights.
let tallTileRows = 6
let tileVectors = 1
typealias TallTile<E: PanelElement, let V: Int> = PanelTile<E, 6, V>
typealias FloatTile = TallTile<Float32Element, 1>

/// Eight registers of sums of pairs and three for what is multiplied; sums in Float are loaded and stored once a block.
let byteTileGroups = 1
let byteTileTokens = 4
typealias WideByteTile<F: QuantFormat> = ByteTile<F, 1, 4>
typealias SingleByteTile<F: QuantFormat> = ByteTile<F, 1, 1>

/// Ten registers of sums: two ports of latency 4 need eight, and the pieces of a byte product take four more.
let peakChains = 5
typealias PeakChains<Lanes> = InlineArray<5, Lanes>
