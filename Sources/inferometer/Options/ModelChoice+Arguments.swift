import Campaign
import KernelContract
import Model
import Quantities
import Records

extension Option {
  static let model = Option("-m", "--model", value: "FILE", help: "a model in a GGUF file")
  static let preset = Option(
    "--preset", value: "NAME",
    help: "the shape of a well-known model, with random weights: \(Preset.all.map(\.name).joined(separator: " "))")
  static let format = Option("--format", value: "TYPE", help: "weight format of a preset, such as Q8_0 (Q4_0)")
  static let layers = Option("--layers", value: "N", help: "only the first N layers of the model")
  static let seed = Option("--seed", value: "N", help: "seed of random weights and tokens (1)")
}

extension OptionGroup {
  static let model = OptionGroup("Model", [.model, .preset, .format, .layers, .seed])
}

extension ModelChoice {
  private static let formats = WeightFormat.allCases.map { ($0.rawValue, $0) }

  /// The model that the options name, or the standard one.
  init(_ arguments: Arguments) throws {
    try self.init(arguments, path: arguments.string(.model))
  }

  init(_ arguments: Arguments, path: String?) throws {
    let layers = try arguments.integer(.layers, in: 1...1024)
    if let path {
      for option in [Option.preset, .format] where arguments.contains(option) {
        throw UsageError(option, "has no meaning beside --model; leave one of them out")
      }
      if let layers {
        try Self.check(layers, of: path, having: reading { try FileSource(path: path).description.layerCount })
      }
      self.init(.file(path: path), layers: layers)
      return
    }
    let preset = try Self.preset(arguments.string(.preset))
    if let layers { try Self.check(layers, of: preset.name, having: preset.description.layerCount) }
    let format = try arguments.choice(.format, Self.formats) ?? .q4_0
    let seed = UInt64(try arguments.integer(.seed, in: 0...Int.max) ?? 1)
    self.init(.preset(name: preset.name, format: format, seed: seed), layers: layers)
  }

  /// A model by name and format, or a file.
  init(preset: String?, format: String?, path: String?) throws {
    if let path, preset == nil {
      self.init(.file(path: path))
      return
    }
    let shape = try Self.preset(preset)
    let word = format?.lowercased() ?? WeightFormat.q4_0.rawValue.lowercased()
    guard let known = Self.formats.first(where: { $0.0.lowercased() == word }) else {
      throw UsageError(.format, "'\(word)' is no format of weights")
    }
    self.init(.preset(name: shape.name, format: known.1, seed: 1))
  }

  /// What a record was of, where it is still to be found.
  init(of model: ModelIdentity) throws {
    let preset = model.source.hasPrefix("preset:") ? String(model.source.dropFirst(7)) : nil
    try self.init(preset: preset, format: model.format, path: preset == nil ? model.source : nil)
  }

  static func preset(_ name: String?) throws -> Preset {
    guard let name else {
      guard case .preset(let standard, _, _) = standard.origin else { throw UsageError(.model, "is needed") }
      return try Preset.named(standard)
    }
    let names = Preset.all.map(\.name)
    guard let preset = Preset.all.first(where: { $0.name == name.lowercased() }) else {
      let advice = nearest(name.lowercased(), among: names).map { "did you mean \($0)?" }
      throw UsageError(.preset, "'\(name)' is not known; \(advice ?? "give one of \(names.joined(separator: " "))")")
    }
    return preset
  }

  private static func check(_ layers: Int, of name: String, having count: Int) throws(UsageError) {
    if layers > count { throw UsageError(.layers, "\(name) has only \(count) layers; give at most \(count)") }
  }
}
