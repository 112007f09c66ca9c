import Testing
import inferometer

struct ArgumentsTests {
  static let model = Option("-m", "--model", value: "FILE", help: "a model")
  static let count = Option("-n", "--count", value: "N", help: "how many")
  static let parallel = Option("-npl", value: "N,…", help: "sequences")
  static let kind = Option("--kind", value: "NAME", help: "f16 or q8_0")
  static let share = Option("--share", value: "X", help: "a share")
  static let flag = Option("--ignore-eos", help: "a flag")
  static let device = Option("-ngl", "--n-gpu-layers", value: "N", help: "")
  static let syntax = Syntax(
    "try", summary: "try", usage: [""],
    groups: [OptionGroup("Options", [model, count, parallel, kind, share, flag])], operands: ["DIR"],
    ignored: [device])

  func parse(_ words: String...) throws -> Arguments { try Arguments(words, Self.syntax) }

  func problem(_ words: String...) -> String? {
    do {
      let arguments = try Arguments(words, Self.syntax)
      _ = try arguments.integer(Self.count, in: 1...100)
      _ = try arguments.integers(Self.parallel, in: 1...64)
      _ = try arguments.choice(Self.kind, [("f16", 1), ("q8_0", 2)])
      _ = try arguments.number(Self.share, in: 0...1)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [["-m", "x"], ["--model", "x"], ["--model=x"], ["-m=x"], ["-m", "y", "--model", "x"]])
  func theLastValueCounts(_ words: [String]) throws {
    #expect(try Arguments(words, Self.syntax).string(Self.model) == "x")
  }

  @Test func valuesMayBeginWithADashOrHoldAnEqualsSign() throws {
    #expect(try parse("-n", "-5").string(Self.count) == "-5")
    #expect(try parse("--model=a=b").string(Self.model) == "a=b")
    #expect(try parse("--model=").string(Self.model) == "")
    #expect(try parse("-m", "-").string(Self.model) == "-")
  }

  @Test func underscoresStandForDashesInLongNames() throws {
    #expect(try parse("--ignore_eos").contains(Self.flag))
  }

  @Test func operandsStandBesideOptionsAndBehindTwoDashes() throws {
    #expect(try parse("here", "-n", "1").operands == ["here"])
    #expect(try parse("-n", "1", "--", "--model").operands == ["--model"])
  }

  @Test func repeatedListsAreJoined() throws {
    let arguments = try parse("-npl", "1,2", "-npl=4-16*2")
    #expect(try arguments.integers(Self.parallel, in: 1...64) == [1, 2, 4, 8, 16])
  }

  @Test func choicesHaveNoCase() throws {
    #expect(try parse("--kind", "Q8_0").choice(Self.kind, [("f16", 1), ("q8_0", 2)]) == 2)
  }

  @Test func whatHasNoMeaningHereIsTakenWithItsValue() throws {
    let arguments = try parse("-ngl", "99", "-n", "3")
    #expect(arguments.ignored == ["-ngl"])
    #expect(try arguments.integer(Self.count, in: 1...9) == 3)
  }

  @Test func absentIsNil() throws {
    let arguments = try parse()
    #expect(try arguments.integer(Self.count, in: 1...9) == nil)
    #expect(try arguments.integers(Self.parallel, in: 1...9) == nil)
  }

  @Test(arguments: [
    (["--modle", "x"], "--modle: there is no such option; did you mean --model? see inferometer try --help"),
    (["--zzzzzzzz"], "--zzzzzzzz: there is no such option; see inferometer try --help"),
    (["-m"], "-m: needs a value; write -m FILE"),
    (["--model", "-n", "3"], "--model: needs a value; write --model FILE"),
    (["--ignore-eos=1"], "--ignore-eos: takes no value; leave out what follows ="),
    (["-n", "three"], "-n: 'three' is not a whole number; give one from 1 to 100"),
    (["-n", "1e3"], "-n: '1e3' is not a whole number; give one from 1 to 100"),
    (["-n", "99999999999999999999"], "-n: '99999999999999999999' is not a whole number; give one from 1 to 100"),
    (["--count=0"], "--count: '0' is out of range; give 1 to 100"),
    (["-npl", "1,,2"], "-npl: '1,,2' is not a list of whole numbers; write 128, 128,256, 128-512+128 or 1-64*2"),
    (["-npl", "1,65"], "-npl: '1,65' holds 65, which is out of range; give 1 to 64"),
    (["--kind", "f17"], "--kind: 'f17' is not known; give one of f16 q8_0"),
    (["--share", "nan"], "--share: 'nan' is not a number; give one from 0.0 to 1.0"),
    (["--share", "2"], "--share: '2' is out of range; give 0.0 to 1.0"),
    (["a", "b"], "'b': is not expected; only DIR may stand alone, see inferometer try --help"),
  ])
  func errorsNameTheOptionAndSayWhatToDo(_ words: [String], _ expected: String) {
    let problem: String? =
      switch words.count {
      case 1: problem(words[0])
      case 2: problem(words[0], words[1])
      default: problem(words[0], words[1], words[2])
      }
    #expect(problem == expected)
  }
}
