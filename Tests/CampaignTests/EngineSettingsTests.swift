import Campaign
import Kernels
import Testing

@Suite struct EngineSettingsTests {
  @Test func whatWasMeasuredIsTheToolsOwnChoice() {
    var settings = EngineSettings.standard(on: Fixture.machine)
    #expect(settings.isStandard(on: Fixture.machine) && settings.canTakeMeasuredTuning)
    settings.tuning = TuningChoice(KernelTuning(all: 5), .measured)
    #expect(settings.isStandard(on: Fixture.machine))
    #expect(settings.options(contextLength: 1, sequences: 1).tuning[.q4_K] == 5)
    settings.tuning?.origin = .given
    #expect(!settings.isStandard(on: Fixture.machine))
    settings.isaCap = .baseline
    #expect(!settings.canTakeMeasuredTuning)
  }
}
