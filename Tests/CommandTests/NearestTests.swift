import inferometer
import Quantities
import Testing

struct NearestTests {
  static let known = ["--model", "-m", "--n-prompt", "-p", "--threads", "-t", "--repetitions", "-npl", "-ctk", "-ctv"]

  @Test(arguments: [
    ("--modle", "--model"), ("--mode", "--model"), ("-model", "--model"), ("--thread", "--threads"),
    ("--repetition", "--repetitions"), ("--reps", nil), ("-nlp", "-npl"), ("--prompt", "--n-prompt"), ("--xyzzy", nil),
    ("--m", "-m"), ("--rep", "--repetitions"),
  ])
  func theLikeliestIsNamed(_ word: String, _ expected: String?) {
    #expect(nearest(word, among: Self.known) == expected)
  }

  @Test func aVeryLongWordIsLikeNone() {
    #expect(nearest(String(repeating: "-", count: 1 << 20), among: Self.known) == nil)
  }
}
