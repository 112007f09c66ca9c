import KernelContract

let isa = InstructionSet.avx512

/// 14 rows × 2 vectors are 28 sums of 32 registers; two hold the weights, the activations are broadcast from memory.
let tallTileRows = 14
let tileVectors = 2
typealias TallTile<E: PanelElement, let V: Int> = PanelTile<E, 14, V>
