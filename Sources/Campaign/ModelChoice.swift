import KernelContract
import Model

/// Which model to run: a GGUF file, or a preset's shape with seeded random weights.
package struct ModelChoice: Codable, Sendable, Hashable {
  package enum Origin: Codable, Sendable, Hashable {
    case file(path: String)
    case preset(name: String, format: WeightFormat, seed: UInt64)
  }

  package var origin: Origin
  /// How many of the first layers, at full width; nil for all.
  package var layers: Int?
  /// The layers stand for the whole model, whose cost is extrapolated from several such numbers.
  package var isSlice: Bool?

  package init(_ origin: Origin, layers: Int? = nil, isSlice: Bool? = nil) {
    self.origin = origin
    self.layers = layers
    self.isSlice = isSlice
  }

  /// The model that a slice stands for; nil for one that stands for itself.
  func whole() throws -> (any TensorSource)? { isSlice == true ? try ModelChoice(origin).open() : nil }

  /// What is measured when nothing was asked for.
  package static let standard = ModelChoice(.preset(name: "smollm2-135m", format: .q4_0, seed: 1))

  /// Opens the file or the preset and checks it; no weight is read yet.
  package func open() throws -> any TensorSource {
    switch origin {
    case .file(let path):
      try FileSource(path: path, layers: layers)
    case .preset(let name, let format, let seed):
      try Preset.named(name).source(format: format, seed: seed, layers: layers)
    }
  }
}
