import Analysis
import Statistics
import Testing

@Suite struct ClosureTests {
  /// Ten products of 2 ms and one norm of 1 ms make 21 ms; a whole of 30 ms leaves 9.
  @Test func whatIsLeftOverIsNamed() throws {
    let closure = Closure(
      "a step", of: "a model", tokens: 1, context: 0,
      [Closure.Timing("matmul", calls: 10, .exact(0.002)), Closure.Timing("norm", calls: 1, .exact(0.001))],
      measured: .exact(0.030), absence: nil)
    #expect((closure.kernelSeconds.value - 0.021).magnitude < 1e-15)
    #expect(closure.parts.map(\.operationClass) == ["matmul", "norm"])
    #expect((closure.parts[0].share - 20.0 / 21).magnitude < 1e-12)
    #expect((try #require(closure.restShare) - 0.3).magnitude < 1e-12)
    let alone = Closure(
      "a step", of: "a model", tokens: 1, context: 0, [Closure.Timing("norm", calls: 1, .exact(0.001))], measured: nil,
      absence: "none")
    #expect(alone.restShare == nil && alone.measuredAbsentReason == "none")
  }
}
