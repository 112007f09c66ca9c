import KernelContract

let isa = InstructionSet.amx
