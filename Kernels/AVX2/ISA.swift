import KernelContract

let isa = InstructionSet.avx2

/// Two registers a vector: six rows are twelve sums of sixteen registers; two hold the weights.
let tallTileRows = 6
let tileVectors = 1
typealias TallTile<E: PanelElement, let V: Int> = PanelTile<E, 6, V>
