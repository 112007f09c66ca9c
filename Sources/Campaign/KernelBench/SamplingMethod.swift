import Engine

/// The ways to choose a token that are timed, each alone, with settings that people use.
package enum SamplingMethod: String, CaseIterable, Codable, Sendable {
  case greedy
  case topK = "top-k 40"
  case topP = "top-p 0.95"
  case minP = "min-p 0.05"
  case typical = "typical 0.95"
  case full

  package var settings: SamplerSettings {
    var settings = SamplerSettings()
    switch self {
    case .greedy: settings.temperature = 0
    case .topK: settings.topK = 40
    case .topP: settings.topP = 0.95
    case .minP: settings.minP = 0.05
    case .typical: settings.typicalP = 0.95
    case .full: break
    }
    return settings
  }
}
