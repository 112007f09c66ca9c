import KernelsBLAS

/// A product library of others, by the name that rooms above the kernels may use.
package typealias CBLAS = CBLASLibrary
