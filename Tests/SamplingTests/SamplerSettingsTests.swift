import Engine
import Foundation
import Kernels
import Testing

@Suite struct SamplerSettingsTests {
  @Test func defaultsAreNeutralAndValid() throws {
    #expect(try SamplerSettings().validated() == SamplerSettings())
    #expect(try SamplerSettings.greedy.validated().temperature == 0)
  }

  @Test func survivesJSON() throws {
    let settings = settings { ($0.topK, $0.topP, $0.seed, $0.repeatLastN) = (40, 0.95, .max, -1) }
    #expect(try JSONDecoder().decode(SamplerSettings.self, from: JSONEncoder().encode(settings)) == settings)
  }

  private static let wrong: [(option: String, settings: SamplerSettings)] = [
    ("--temperature -0.1", settings { $0.temperature = -0.1 }),
    ("--temperature nan", settings { $0.temperature = .nan }),
    ("--temperature inf", settings { $0.temperature = .infinity }), ("--top-k -1", settings { $0.topK = -1 }),
    ("--top-p 1.5", settings { $0.topP = 1.5 }), ("--top-p nan", settings { $0.topP = .nan }),
    ("--min-p -0.5", settings { $0.minP = -0.5 }), ("--typical-p 2.0", settings { $0.typicalP = 2 }),
    ("--repeat-penalty 0.0", settings { $0.repeatPenalty = 0 }),
    ("--repeat-last-n -2", settings { $0.repeatLastN = -2 }),
    ("--presence-penalty nan", settings { $0.presencePenalty = .nan }),
    ("--frequency-penalty inf", settings { $0.frequencyPenalty = .infinity }),
  ]

  @Test(arguments: wrong.indices)
  func aWrongOneIsNamed(index: Int) throws {
    let (option, settings) = Self.wrong[index]
    let error = try #require(throws: SamplerSettingsError.self) { try settings.validated() }
    #expect(error.description.hasPrefix("\(option): it must be "))
    #expect(!error.description.contains("\n"))
    #expect(throws: SamplerSettingsError.self) {
      try Sampler(settings, kernels: KernelSelection().sampling, vocabularySize: 10)
    }
  }

  @Test func anEmptyVocabularyIsRefused() {
    #expect(throws: SamplerSettingsError.self) {
      try Sampler(SamplerSettings(), kernels: KernelSelection().sampling, vocabularySize: 0)
    }
  }
}
