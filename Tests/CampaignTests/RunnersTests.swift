import Campaign
import Engine
import Records
import Testing

@Suite struct RunnersTests {
  @Test func runsWithTheSameNeedsShareAnEngine() throws {
    let runners = Runners(try Fixture.workbench())
    let needs = EngineNeeds(Fixture.settings, contextLength: 32)
    let first = try runners.runner(for: needs)
    #expect(try runners.runner(for: needs) === first)
    var others = [needs, needs, needs]
    others[0].settings.threads = 2
    others[1].sequences = 2
    others[2].contextLength = 16
    for other in others {
      let runner = try runners.runner(for: other)
      #expect(runner !== first && runner.engine.model === first.engine.model)
      #expect(runner.engine.options.threads == other.settings.threads)
      #expect(runner.engine.options.sequences == other.sequences)
      #expect(runner.engine.options.contextLength == other.contextLength)
    }
  }

  @Test func aSliceIsAModelOfItsOwn() throws {
    let runners = Runners(try Fixture.workbench())
    let whole = try runners.runner(for: EngineNeeds(Fixture.settings, contextLength: 32))
    let slice = try runners.runner(for: EngineNeeds(Fixture.settings, layers: 1, contextLength: 32))
    #expect(whole.engine.description.layerCount > 1 && slice.engine.description.layerCount == 1)
    let again = try runners.runner(for: EngineNeeds(Fixture.settings, layers: 1, sequences: 2, contextLength: 32))
    #expect(again.engine.model === slice.engine.model)
  }

  @Test func aRunIsWhatItsShapeSays() throws {
    let runner = try Fixture.runner(sequences: 2)
    for shape in [
      RunShape(phase: .prefill, promptTokens: 9, contextTokens: 3, sequences: 2),
      RunShape(phase: .decode, generatedTokens: 4, contextTokens: 12, sequences: 2),
      RunShape(phase: .sampling, generatedTokens: 40),
    ] { #expect(try runner.run(shape).shape == shape) }
  }
}
