import KernelContract

let isa = InstructionSet.baseline

/// SSE2: a vector is four registers of sixteen; two rows of sums leave room for the weights.
let tallTileRows = 2
let tileVectors = 1
typealias TallTile<E: PanelElement, let V: Int> = PanelTile<E, 2, V>
typealias FloatTile = TallTile<Float32Element, 1>

/// There are no registers to hold sums of more.
let byteTileGroups = 1
let byteTileTokens = 2
typealias WideByteTile<F: QuantFormat> = ByteTile<F, 1, 2>
typealias SingleByteTile<F: QuantFormat> = ByteTile<F, 1, 1>

/// Eight registers of sums: the additions need as many, and the rest hold what is multiplied.
let peakChains = 2
typealias PeakChains<Lanes> = InlineArray<2, Lanes>
