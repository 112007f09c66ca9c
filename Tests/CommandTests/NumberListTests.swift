import Testing
import inferometer

struct NumberListTests {
  @Test(arguments: [
    ("512", [512]), ("0", [0]), ("1,2,4", [1, 2, 4]), ("1-4", [1, 2, 3, 4]), ("5-5", [5]),
    // 128, 128 + 128, … up to the last that is not past 600
    ("128-600+128", [128, 256, 384, 512]), ("0-10+5", [0, 5, 10]),
    // 1, 2, 4, … up to the last that is not past 100
    ("1-100*2", [1, 2, 4, 8, 16, 32, 64]), ("8,1-2,4-16*4", [8, 1, 2, 4, 16]),
    // The next one would be more than a word holds.
    ("4611686018427387904-9223372036854775807*2", [4_611_686_018_427_387_904]),
  ])
  func listsAndRanges(_ text: String, _ expected: [Int]) throws {
    #expect(try NumberList(text).values == expected)
  }

  @Test(arguments: [
    "", ",", "1,", "a", "-1", "1-", "-", "1--2", "1-2+", "1-2*", "1-2+a", "+1", " 1", "1 ", "1.5", "0x10", "٣", "1-2-3",
    "99999999999999999999",
  ])
  func whatIsNoListIsRefused(_ text: String) {
    #expect(throws: NumberList.Malformed.self) { try NumberList(text) }
  }

  @Test(arguments: ["4-1", "1-4+0", "1-4*1", "1-4*0", "0-8*2"])
  func rangesThatEndNeverOrTooSoonAreRefused(_ text: String) {
    #expect(throws: NumberList.Malformed.self) { try NumberList(text) }
  }

  @Test(arguments: ["0-9223372036854775807", "1-20000", "1-9000,1-9000"])
  func rangesThatNobodyWaitsForAreRefused(_ text: String) {
    #expect(throws: NumberList.Malformed.self) { try NumberList(text) }
  }
}
