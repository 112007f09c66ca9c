import CostCurves
import Testing

@Suite struct FamilyTests {
  @Test(arguments: Family.allCases) func factorsMatchTheirNumber(family: Family) {
    for factors in [family.value(at: 3), family.slope(at: 3), family.sum(from: 3, count: 2)] {
      #expect(factors.count == family.coefficientCount)
    }
  }

  /// At 3: 1, x, x² and 0, 1, 2x. Over 3 4 5 6: four, 18, and 9 + 16 + 25 + 36 = 86.
  @Test func quadraticByHand() {
    #expect(Family.quadratic.value(at: 3) == [1, 3, 9])
    #expect(Family.quadratic.slope(at: 3) == [0, 1, 6])
    #expect(Family.quadratic.sum(from: 3, count: 4) == [4, 18, 86])
  }

  /// Whole numbers below 2^53 are exact.
  @Test(arguments: [(0, 0), (0, 1), (5, 1), (7, 100), (1000, 333)])
  func sumIsTheSumOfValues(first: Int, count: Int) {
    let sum = (first..<first + count).reduce([0.0, 0, 0]) { sum, x in
      zip(sum, Family.quadratic.value(at: Double(x))).map(+)
    }
    #expect(Family.quadratic.sum(from: Double(first), count: Double(count)) == sum)
  }
}
