import Reporting

/// What this build is called in records, in tables and by `--version`.
enum Version {
  static let current = "0.1.0"

  /// llama-bench's tables name a commit and count builds; a released version has neither.
  static let build = LlamaBenchRow.Build(commit: "inferometer-\(current)", number: 0)
}
