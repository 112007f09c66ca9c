import KernelContract

let isa = InstructionSet.avx2

/// Two registers a vector: 3 rows × 2 vectors are twelve sums of sixteen registers.
let tallTileRows = 3
typealias TallTile<E: PanelElement, let V: Int> = PanelTile<E, 3, V>
