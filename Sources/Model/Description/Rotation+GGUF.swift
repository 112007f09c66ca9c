extension ModelDescription.Rotation {
  init(
    _ read: Hyperparameters, architecture: Architecture, file: GGUFFile, headSize: Int, contextLength: Int,
    hasSlidingLayers: Bool
  ) throws(GGUFError) {
    let bases = 1.0.nextUp...1e12
    pairing = architecture.pairing
    dimensions = try read.integer("rope.dimension_count", in: 1...headSize, default: headSize)
    guard dimensions % 2 == 0 else {
      throw read.metadata.failure(
        read.key("rope.dimension_count"), "makes \(dimensions) rotated elements; they go in pairs")
    }
    base = try read.float("rope.freq_base", in: bases, default: 10000)
    slidingBase = hasSlidingLayers ? try read.float("rope.freq_base_swa", in: bases, default: 10000) : nil
    scaling = try Scaling(read, contextLength: contextLength)
    if architecture == .llama, let factors = try Self.frequencyFactors(file, count: dimensions / 2) {
      switch scaling {
      case .none: scaling = .perFrequency(factors: factors)
      case .linear(let factor): scaling = .perFrequency(factors: factors.map { $0 * Float(factor) })
      default: throw file.failure(tensor: Self.factorsName, "cannot be combined with yarn scaling")
      }
    }
  }

  static let factorsName = "rope_freqs.weight"

  private static func frequencyFactors(_ file: GGUFFile, count: Int) throws(GGUFError) -> [Float]? {
    guard let tensor = file.tensor(factorsName) else { return nil }
    guard tensor.format == .f32, tensor.byteCount == count * 4 else {
      throw file.failure(
        tensor: factorsName,
        "is \(tensor.format.rawValue) of shape \(tensor.dimensions); F32 of shape [\(count)] is needed")
    }
    let bytes = file.bytes(of: tensor)
    let factors = (0..<count).map { index in
      Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
    }
    if let index = factors.firstIndex(where: { !($0 >= 1e-6 && $0 <= 1e6) }) {
      throw file.failure(tensor: factorsName, "has the factor \(factors[index]) at \(index); 1e-6 to 1e6 is supported")
    }
    return factors
  }
}

extension ModelDescription.Rotation.Scaling {
  init(_ read: Hyperparameters, contextLength: Int) throws(GGUFError) {
    let factors = 1e-6...1e6
    let typeKey = read.key("rope.scaling.type")
    let type = try read.metadata.optionalString(typeKey) ?? "linear"
    if type == "none" {
      self = .none
      return
    }
    // Files of 2023 have the factor as `rope.scale_linear`; 0 stands for none.
    let name = read.metadata[read.key("rope.scaling.factor")] == nil ? "rope.scale_linear" : "rope.scaling.factor"
    let given = try read.metadata.optionalFloat(read.key(name)) ?? 0
    // Stretching has no meaning below 1, and YaRN's magnitude 1 + ln(factor)/10 none either.
    let factor = try given == 0 ? 1 : read.float(name, in: 1...1e6)
    let magnitude = try read.float("rope.scaling.attn_factor", in: factors, default: 1)
    switch type {
    case "linear":
      guard magnitude == 1 else {
        throw read.metadata.failure(read.key("rope.scaling.attn_factor"), "is \(magnitude); only yarn supports it")
      }
      self = factor == 1 ? .none : .linear(factor: factor)
    case "yarn" where factor == 1 && magnitude == 1: self = .none
    case "yarn":
      self = .yarn(
        factor: factor,
        originalContext: try read.integer(
          "rope.scaling.original_context_length", in: 1...Limit.context, default: contextLength),
        attentionFactor: magnitude,
        betaFast: try read.float("rope.scaling.yarn_beta_fast", in: factors, default: 32),
        betaSlow: try read.float("rope.scaling.yarn_beta_slow", in: factors, default: 1))
    default:
      throw read.metadata.failure(typeKey, "is '\(oneLine(type))', which is not supported; supported: none linear yarn")
    }
  }
}
