import Foundation
import TestSupport
import Testing

struct KernelBenchTests {
  struct Row: Decodable {
    struct Estimate: Decodable { var value: Double }
    struct Ratio: Decodable { var against: String }

    var kernel: String
    var isa: String?
    var size: String
    var threads: Int
    var isCold: Bool
    var isWrong: Bool
    var backendOperation: String?
    var seconds: Estimate?
    var bytesPerSecond: Estimate?
    var shareOfReadRoof: Double?
    var shareOfPeak: Double?
    var sampleSeconds: [Double]
    var ratios: [Ratio]
  }

  static let quick = ["kernels", "--seconds", "0.01", "-t", "1"]

  @Test func jsonHasARowForEveryKernel() throws {
    let result = try Command.run(
      Self.quick + [
        "--op", "matvec", "--isa", "baseline", "--format", "q4_0,f32", "--shape", "1x40x64", "--shape", "3x16x32",
        "--cold", "--warm", "--json",
      ])
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let rows = try result.json([Row].self)
    // Two sizes, cold and warm, of F32 (Float activations) and Q4_0 (int8 and Float).
    #expect(rows.count == 2 * 2 * 3)
    #expect(rows.allSatisfy { $0.isa == "baseline" && $0.threads == 1 && !$0.isWrong && $0.sampleSeconds.count >= 7 })
    #expect(rows.allSatisfy { ($0.seconds?.value ?? 0) > 0 && ($0.bytesPerSecond?.value ?? 0) > 0 })
    #expect(rows.count { $0.isCold } == 6)
    #expect(rows.contains { $0.backendOperation?.hasPrefix("MUL_MAT(type_a=q4_0,type_b=f32,m=16,n=3,k=32,") == true })
  }

  @Test func tablesFit80Columns() throws {
    for arguments in [
      ["--op", "matvec", "--shape", "1x64x256", "--warm"],
      ["--op", "attention", "--heads", "4x2x64", "--context", "100", "--tokens", "1,20", "--warm"],
      ["--op", "sampling", "--vocabulary", "1000"], ["--op", "norm", "--shape", "8x64", "--cold"],
      ["--op", "store_key", "--cache-type", "f16,q8_0"], ["--op", "embedding", "-m", Fixtures.model("llama")],
      ["-m", Fixtures.model("llama"), "--warm"],
    ] {
      let result = try Command.run(Self.quick + arguments)
      #expect(result.status == 0 && result.errors.isEmpty, "\(arguments): \(result.errors)")
      #expect(result.lines.allSatisfy { $0.count <= 80 }, "\(result.output)")
      #expect(result.output.contains("GB/s"))
      // A kernel's name is its key and never cut.
      #expect(!result.output.contains("…"), "\(result.output)")
    }
  }

  /// For every number of threads, although the pool of the one before was bound; an absent share has its reason in its place.
  @Test func everyTableHasItsShares() throws {
    let all = ["kernels", "--seconds", "0.01", "--shape", "64x256x256", "--format", "Q4_0", "-t", "1,2", "--cold"]
    let isMany = try Command.run("machine", "--json").output.contains("\"processors\" : 1,") == false
    let rows = try Command.run(all + ["--json"]).json([Row].self)
    #expect(rows.map(\.threads) == [1, 2])
    #expect(rows.filter { isMany || $0.threads == 1 }.allSatisfy { $0.shareOfPeak != nil && $0.shareOfReadRoof != nil })
    let text = try Command.run(all)
    #expect(text.lines.count { $0.contains(" read ") && $0.contains(" peak") } == 2, "\(text.output)")
    #expect(!isMany || !text.output.contains("?"), "\(text.output)")
    let without = try Command.run(all + ["--no-roofs"]).output
    #expect(without.contains("?") && without.contains("No share of the peak: not measured, as asked."), "\(without)")
  }

  @Test func aModelGivesItsSizes() throws {
    let result = try Command.run(Self.quick + ["-m", Fixtures.model("llama"), "--tokens", "1", "--warm", "--json"])
    let rows = try result.json([Row].self)
    let sizes = rows.filter { $0.backendOperation?.hasPrefix("MUL_MAT") == true }.map { "\($0.size) \($0.kernel)" }
    #expect(!sizes.isEmpty && Set(sizes).count == sizes.count)
    #expect(rows.contains { $0.size.hasPrefix("attention") } && rows.contains { $0.size == "sampling of 301" })
  }

  @Test func ctrlCEndsItWithTheTablesItHas() throws {
    let running = try Command.Running([
      "kernels", "--shape", "1x16x32", "--shape", "2x16x32", "--format", "f32", "--seconds", "2", "--warm", "--json",
    ])
    running.wait { $0.output.contains("MUL_MAT") }
    running.process.interrupt()
    let result = running.wait()
    #expect(result.status == 130)
    #expect(try result.json([Row].self).count == 1)
    #expect(result.errors == "inferometer: interrupted; what had finished is printed\n")
  }
}
