import KernelContract

/// A well-known model's real shape, to be filled with seeded random weights: cost depends on shape and format alone.
package struct Preset: Sendable {
  package let name: String
  package let description: ModelDescription

  /// The preset of that name, in any case.
  package static func named(_ name: String) throws(ModelError) -> Preset {
    let wanted = name.lowercased()
    guard let preset = all.first(where: { $0.name == wanted }) else {
      let known = all.map(\.name).joined(separator: " ")
      throw ModelError("preset '\(oneLine(name))': is unknown; known: \(known)")
    }
    return preset
  }

  /// The preset's weights, every matrix in `format` (or what fits its rows); `layers` cuts the model short.
  package func source(format: WeightFormat, seed: UInt64, layers: Int? = nil) throws(ModelError) -> PresetSource {
    let slice = if let layers { try description.sliced(layers: layers) } else { description }
    return PresetSource(name: name, description: slice, format: format, seed: seed)
  }
}
