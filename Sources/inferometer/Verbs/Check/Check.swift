import Analysis
import Foundation
import Records
import Reporting

/// `check`: whether results can be believed by who did not make them.
enum CheckVerb: Verb {
  private static let signers = Option(
    "--signers", value: "FILE", help: "ask for a signature of SHA256SUMS by one of these keys, as ssh-keygen has them")

  static let syntax = Syntax(
    "check", summary: "say whether results are whole, plausible and what was measured",
    usage: ["DIR… [--signers FILE]"], groups: [OptionGroup("Signature", [signers])], operands: ["DIR…"],
    notes: [
      "Every run is read and held to its format; files are held to SHA256SUMS; operations and bytes are held to the roofs that "
        + "the machine reached in the same windows; runs that are there twice are named. Exit status 65 where anything fails.",
      "Who contributes results signs them with ssh-keygen -Y sign -n inferometer -f KEY DIR/SHA256SUMS.",
    ])

  private struct Finding: Encodable {
    var directory: String
    var isAccepted: Bool
    var runs: Int
    var canonicalRuns: Int
    var failures: [String]
    var remarks: [String]
  }

  static func run(_ arguments: Arguments) throws {
    guard !arguments.operands.isEmpty else { throw UsageError("DIR", "name a results directory") }
    let directories = try reading { try ResultsDirectory.expanded(arguments.operands) }
    let findings = directories.map { finding($0, signers: arguments.string(signers)) }
    if arguments.contains(.json) {
      try Console.print(JSONText.of(findings, pretty: true))
    } else {
      var page = ReportPage()
      for finding in findings {
        page.field(finding.isAccepted ? "accepted" : "refused", finding.directory)
        page.field("", "\(finding.runs) runs, \(finding.canonicalRuns) of them canonical")
        for failure in finding.failures { page.field("", "✗ \(failure)") }
        for remark in finding.remarks { page.field("", remark) }
      }
      try Console.show(page)
    }
    let refused = findings.count { !$0.isAccepted }
    if refused > 0 { throw Failure(.badData, "\(refused) of \(findings.count) directories cannot be accepted") }
  }

  private static func finding(_ directory: ResultsDirectory, signers: String?) -> Finding {
    var failures: [String] = []
    var remarks: [String] = []
    var runs: [RunRecord] = []
    do {
      let results = try Results.load(directory.path)
      runs = results.runs
      failures += Plausibility.failures(of: results)
      remarks += results.warnings.map(\.message)
    } catch {
      failures.append("\(error)")
    }
    do {
      if let mismatches = try Checksums.mismatches(in: directory) {
        failures += mismatches
      } else {
        remarks.append("has no \(Checksums.fileName): a change since it was measured would not be seen")
      }
    } catch {
      failures.append("\(error)")
    }
    if let signers, let reason = defect(ofSignatureIn: directory.path, signers) { failures.append(reason) }
    return Finding(
      directory: directory.path, isAccepted: failures.isEmpty, runs: runs.count,
      canonicalRuns: runs.count(where: \.canonical), failures: failures, remarks: remarks)
  }

  /// Nil where ssh-keygen finds the signature good.
  private static func defect(ofSignatureIn path: String, _ signers: String) -> String? {
    let (sums, signature) = ("\(path)/\(Checksums.fileName)", "\(path)/\(Checksums.fileName).sig")
    guard FileManager.default.fileExists(atPath: signature) else { return "\(Checksums.fileName).sig: is not there" }
    func run(_ words: [String], input: String? = nil) -> (status: Int32, output: String) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["ssh-keygen"] + words
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = FileHandle.nullDevice
      process.standardInput = input.flatMap { FileHandle(forReadingAtPath: $0) } ?? FileHandle.nullDevice
      guard (try? process.run()) != nil else { return (127, "") }
      let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return (process.terminationStatus, output)
    }
    let found = run(["-Y", "find-principals", "-s", signature, "-f", signers])
    guard found.status == 0, let name = found.output.split(separator: "\n").first else {
      return "\(Checksums.fileName).sig: is of no key in \(signers), or ssh-keygen is not there"
    }
    let verified = run(
      ["-Y", "verify", "-f", signers, "-I", String(name), "-n", "inferometer", "-s", signature], input: sums)
    return verified.status == 0 ? nil : "\(Checksums.fileName).sig: is no signature of these sums"
  }
}
