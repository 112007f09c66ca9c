import Statistics
import Testing

@Suite struct SymmetricMatrixTests {
  @Test func findsTheRootOfAMatrix() {
    // [[4, 2], [2, 10]] = LLᵀ with L = [[2, 0], [1, 3]].
    #expect(cholesky([[4, 2], [2, 10]]) == [[2, 0], [1, 3]])
    #expect(cholesky([[1, 1], [1, 1]]) == [[1, 0], [1, 0]])
  }

  @Test func findsEigenvaluesThatAreKnown() {
    let two = symmetricEigenvalues([[2, 1], [1, 2]]).sorted()
    #expect(abs(two[0] - 1) < 1e-12 && abs(two[1] - 3) < 1e-12)
    // The second difference on five points: 2 − 2 cos(kπ/6).
    let second = (0..<5).map { row in (0..<5).map { $0 == row ? 2.0 : abs($0 - row) == 1 ? -1 : 0 } }
    let expected = [2 - 3.0.squareRoot(), 1, 2, 3, 2 + 3.0.squareRoot()]
    for (found, known) in zip(symmetricEigenvalues(second).sorted(), expected) { #expect(abs(found - known) < 1e-12) }
  }
}
