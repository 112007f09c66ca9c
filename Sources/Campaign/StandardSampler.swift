import Engine
import Records

/// The way to choose tokens that is timed: the filters that llama.cpp's programs apply by default, with their numbers.
///
/// Source: llama.cpp, `common_params_sampling` in common/common.h. Its penalties are off by default.
package enum StandardSampler {
  package static let settings: SamplerSettings = {
    var settings = SamplerSettings()
    settings.topK = 40
    settings.topP = 0.95
    settings.minP = 0.05
    settings.temperature = 0.8
    return settings
  }()

  package static func identity(vocabularySize: Int) -> SamplerIdentity {
    let settings = settings
    return SamplerIdentity(
      settings: "top-k \(settings.topK), top-p \(settings.topP), min-p \(settings.minP), "
        + "temperature \(settings.temperature)",
      vocabularySize: vocabularySize)
  }
}
