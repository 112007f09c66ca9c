import Machine
import Testing

@Suite struct LoadThreadsTests {
  @Test func countsWhatItsThreadsRead() throws {
    let bytes = try #require(
      LoadThreads.read(threads: 2, bytesPerThread: 1 << 16, seconds: 0.001) { _, bytes in bytes })
    // Whole buffers, of each thread perhaps none.
    #expect(bytes.truncatingRemainder(dividingBy: 65_536) == 0)
    #expect(LoadThreads.spin(threads: 2, seconds: 0.001))
  }

  @Test func saysThatMemoryCannotBeHad() {
    let bytes = LoadThreads.read(threads: 1, bytesPerThread: 1 << 60, seconds: 0.001) { _, _ in 0 }
    #expect(bytes == nil)
  }
}
