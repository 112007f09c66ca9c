import Quantities
import Records
import Statistics
import TestSupport
import Testing

@Suite struct RunEnergyTests {
  @Test func bearsTheTelemetrysNames() throws {
    let run = runWithEnergy(.decode)
    let bytes = try RecordCoding.encode(run)
    let json = String(decoding: bytes, as: UTF8.self)
    for key in [
      "power_metric_schema_version\":2", "power_valid\":true", "avg_power_w\":1.5", "total_energy_j\":{",
      "decode_joules_per_output_token\":{", "method\":\"estimated.transferred", "boundary\":\"wall",
      "attribution\":\"cpu_share_average", "window_s\":2", "n_samples\":0", "host_fingerprint\":\"f00d",
      "coefficient_set\":{\"id\":\"table/class\"", "unit\":\"J", "coverage\":0.95", "idle\":\"included",
      "idle_subtracted_energy_j\":{", "tier\":\"D", "sensors\":[]", "warnings\":[]",
    ] { #expect(json.contains("\"" + key), "\(key)") }
    #expect(!json.contains("prefill_joules_per_input_token") && !json.contains("energy_absent"))
    #expect(try RecordCoding.decode(RunRecord.self, from: bytes) == run)
  }

  /// Records of before unit, coverage and idle were written, and of before sampling was a phase.
  @Test func readsWhatEarlierVersionsWrote() throws {
    let run = runWithEnergy(.decode)
    var json = String(decoding: try RecordCoding.encode(run), as: UTF8.self)
    for field in ["\"coverage\":0.95,", "\"idle\":\"included\",", ",\"unit\":\"J\""] {
      #expect(json.contains(field), "\(field)")
      json = json.replacing(field, with: "")
    }
    let old = try RecordCoding.decode(RunRecord.self, from: Array(json.utf8))
    #expect(old.energy?.coverage == nil && old.energy?.totalEnergyJ == run.energy?.totalEnergyJ && old.defect == nil)
  }

  @Test func sharesItsJoulesAmongTheTokens() throws {
    let energy = sampleEnergy(.prefill, joules: 6)
    #expect(energy.prefillJoulesPerInputToken?.value == 2 && energy.decodeJoulesPerOutputToken == nil)
    #expect(energy.joulesPerToken?.interval == Interval(low: 1, high: 3, level: 0.95))
    #expect(runWithEnergy(.decode).energyJoules == 3)
    #expect(sampleEnergy(.sampling).samplingJoulesPerOutputToken?.value == 1)
    #expect(sampleEnergy(.sampling).decodeJoulesPerOutputToken == nil)
  }

  @Test func neverCallsAnEstimateMeasured() {
    for method in [RunEnergy.Method.calibrated, .transferred, .generic, .init(rawValue: "guessed")] {
      let energy = sampleEnergy(method: method)
      #expect(!energy.method.isMeasured && energy.label.hasPrefix("estimated (") && !energy.label.contains("measured"))
    }
    #expect(sampleEnergy(method: .init(rawValue: "measured.rapl")).label == "measured (RAPL, wall)")
    #expect(sampleEnergy(method: .init(rawValue: "measured.by_ear")).label == "measured (measured.by_ear, wall)")
  }

  @Test func refusesEnergyThatCannotBe() {
    func defect(_ change: (inout RunEnergy) -> Void) -> String? {
      var run = runWithEnergy(.decode)
      if var energy = run.energy {
        change(&energy)
        run.energy = energy
      }
      return run.defect
    }
    #expect(defect { _ in } == nil)
    #expect(
      defect {
        $0.totalEnergyJ.value = 0; $0.totalEnergyJ.interval?.low = 0
      }?.contains("runs on nothing") == true)
    #expect(defect { $0.totalEnergyJ.value = -1 } != nil)
    #expect(defect { $0.totalEnergyJ.interval = nil } != nil)
    #expect(defect { $0.totalEnergyJ.interval?.low = 4 } != nil)
    #expect(defect { $0.decodeJoulesPerOutputToken?.value = .infinity } != nil)
    #expect(defect { $0.windowS = 0 } != nil)
  }
}
