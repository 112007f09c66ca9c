import Machine
import Quantities
import Records
import TestSupport
import Testing

@Suite struct MachineFileTests {
  private static let machine = {
    let tree = FakeTree([
      "/proc/cpuinfo":
        "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Fake Xeon\nflags\t\t: fpu sse2 avx2 avx512f\n\n",
      "/proc/meminfo": "MemTotal: 1048576 kB\n",
    ])
    return withExtendedLifetime(tree) { MachineDescription.read(root: tree.root) }
  }()

  @Test func returnsWhatWasWritten() throws {
    let tree = FakeTree()
    let results = try ResultsDirectory(existing: tree.root)
    try results.writeMachine(Self.machine)
    #expect(try results.readMachine() == Self.machine)
    #expect(try text(of: results.machine).contains("\"model_name\" : \"Fake Xeon\""))
  }

  @Test func aCardHasTheFactsThatPlaceAFigure() {
    let card = MachineCard(Self.machine)
    #expect(card.name == "Fake Xeon")
    #expect(card.instructionSets == ["avx2", "avx512f"])
    #expect(card.memoryBytes == 1_073_741_824)
    #expect(card.fingerprint == Self.machine.fingerprint)
    #expect(card.energySensors == [])
    #expect(card.energyAbsentReason?.isEmpty == false)
  }

  @Test func aBrokenFileIsAnErrorOfOneLine() throws {
    let tree = FakeTree(["/machine.json": "{\"model_name\": 3,"])
    let results = try ResultsDirectory(existing: tree.root)
    let error = try #require(throws: RecordError.self) { try results.readMachine() }
    #expect(error.description == "\(tree.root)/machine.json: not valid JSON, or a number that does not fit")
    let missing = FakeTree()
    let none = try #require(throws: RecordError.self) { try ResultsDirectory(existing: missing.root).readMachine() }
    #expect(none.reason == "no such file or directory")
  }

  @Test func theCommandComesBack() throws {
    let tree = FakeTree()
    let results = try ResultsDirectory(existing: tree.root)
    #expect(results.readCommand() == nil)
    try results.writeCommand(["inferometer", "measure"])
    #expect(results.readCommand() == "inferometer measure")
  }
}
