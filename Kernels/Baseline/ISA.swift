import KernelContract

let isa = InstructionSet.baseline

/// SSE2: a vector is four registers of sixteen; two rows of sums leave room for the weights.
let tallTileRows = 2
let tileVectors = 1
typealias TallTile<E: PanelElement, let V: Int> = PanelTile<E, 2, V>
