import Campaign
import Engine
import Machine
import Model
import Records
import Testing

@Suite struct WorkbenchTests {
  @Test func sharesTheWeightsOfItsEngines() throws {
    let bench = try Fixture.workbench()
    let first = try bench.engine(Fixture.settings, contextLength: 16)
    var settings = Fixture.settings
    settings.keyFormat = .q8_0
    let second = try bench.engine(settings, contextLength: 8, sequences: 3)
    #expect(first.model === second.model)
    #expect(first.pool === second.pool)
    #expect(second.options.sequences == 3)
    settings.threads = 2
    #expect(try bench.engine(settings, contextLength: 8).pool !== first.pool)
  }

  @Test func refusesMoreThanTheMemoryHolds() throws {
    let bench = try Fixture.workbench()
    #expect(throws: CampaignError.self) { try bench.engine(Fixture.settings, contextLength: 1 << 40) }
    #expect(throws: CampaignError.self) { try bench.engine(Fixture.settings, contextLength: .max, sequences: .max) }
    #expect(throws: CampaignError.self) { try bench.engine(Fixture.settings, contextLength: 0) }
  }

  @Test func namesAFileAndAPreset() throws {
    let file = try Fixture.choice.open()
    let identity = Fixture.choice.identity(of: file)
    #expect(identity.name == "llama")
    #expect(identity.source == file.origin)
    #expect(identity.parameters == file.description.parameterCount)
    #expect(identity.weightBytes.value == Double(file.weightBytes))

    let slice = ModelChoice(.preset(name: "SmolLM2-135M", format: .q8_0, seed: 3), layers: 2)
    let named = slice.identity(of: try slice.open())
    #expect(named.name == "smollm2-135m (first 2 layers)")
    #expect(named.source == "preset:smollm2-135m")
    #expect(named.format == "Q8_0")
    #expect(named.parameters < 134_515_008)
  }

  @Test func refusesAPresetThatNobodyKnows() {
    #expect(throws: ModelError.self) { try ModelChoice(.preset(name: "gpt-9", format: .f16, seed: 0)).open() }
  }
}
