import KernelContract
import Model
import Quantities
import Records

extension ModelChoice {
  /// What records call the model that was opened.
  package func identity(of source: any TensorSource) -> ModelIdentity {
    let model = source.description
    let whole = try? whole()
    let name = layers.map { "\(model.name) (first \($0) layer\($0 == 1 ? "" : "s"))" } ?? model.name
    let place: String
    let format: String
    switch origin {
    case .file(let path):
      place = path
      format = (source as? FileSource)?.file.formatName ?? source.commonestFormat
    case .preset(_, let asked, _):
      place = "preset:\(model.name)"
      format = asked.rawValue
    }
    return ModelIdentity(
      name: name, architecture: model.architecture, source: place, format: format, parameters: model.parameterCount,
      weightBytes: Bytes(Double(source.weightBytes)), layers: model.layerGroups,
      sliceOf: whole.map { whole in
        ModelIdentity.WholeModel(
          name: whole.description.name, parameters: whole.description.parameterCount,
          weightBytes: Bytes(Double(whole.weightBytes)), layers: whole.description.layerGroups)
      })
  }
}

extension ModelDescription {
  /// Layers that see all of the context, and those that see a window of it.
  fileprivate var layerGroups: [ModelIdentity.LayerGroup] {
    let sliding = (0..<layerCount).count { isSliding(layer: $0) }
    return [
      ModelIdentity.LayerGroup(count: layerCount - sliding),
      ModelIdentity.LayerGroup(count: sliding, window: slidingWindow),
    ].filter { $0.count > 0 }
  }
}

extension GGUFFile {
  /// What llama.cpp calls `general.file_type`; nil where the file names none that this engine can read.
  ///
  /// Source: llama.cpp, `llama_ftype` in llama.h and `llama_model_ftype_name`.
  fileprivate var formatName: String? {
    guard let number = try? metadata.optionalInteger("general.file_type") else { return nil }
    return switch number {
    case 0: "all F32"
    case 1: "F16"
    case 2: "Q4_0"
    case 3: "Q4_1"
    case 7: "Q8_0"
    case 8: "Q5_0"
    case 9: "Q5_1"
    case 10: "Q2_K - Medium"
    case 11: "Q3_K - Small"
    case 12: "Q3_K - Medium"
    case 13: "Q3_K - Large"
    case 14: "Q4_K - Small"
    case 15: "Q4_K - Medium"
    case 16: "Q5_K - Small"
    case 17: "Q5_K - Medium"
    case 18: "Q6_K"
    case 21: "Q2_K - Small"
    case 25: "IQ4_NL - 4.5 bpw"
    case 30: "IQ4_XS - 4.25 bpw"
    case 32: "BF16"
    case 38: "MXFP4 MoE"
    default: nil
    }
  }
}

extension TensorSource {
  /// The format that most bytes of the weights are in.
  fileprivate var commonestFormat: String {
    let bytes = tensors.reduce(into: [WeightFormat: Int]()) { $0[$1.format, default: 0] += $1.byteCount }
    return bytes.max { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }?.key.rawValue ?? "unknown"
  }
}
