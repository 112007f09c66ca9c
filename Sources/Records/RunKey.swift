/// Everything that makes two runs the same planned run, so that an interrupted campaign goes on where it stopped.
///
/// Kernels follow from the instruction set and the activations; they are not part of it.
package struct RunKey: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  package init(
    machineFingerprint: String, model: ModelIdentity, configuration: RunConfiguration, shape: RunShape, repetition: Int,
    process: Int? = nil
  ) {
    let parts =
      [
        shape.phase.rawValue, "p\(shape.promptTokens)", "g\(shape.generatedTokens)", "c\(shape.contextTokens)",
        "s\(shape.sequences)", "t\(configuration.threads)", "r\(repetition)", configuration.isa,
        configuration.activations, configuration.keyType, configuration.valueType, "b\(configuration.batch)",
        "u\(configuration.microBatch)", configuration.pinned ? "pinned" : "free", machineFingerprint, model.format,
        model.name, model.source,
      ] + (configuration.slowedShare.map { ["slowed \($0)"] } ?? []) + (process.map { ["process \($0)"] } ?? [])
    description = parts.joined(separator: "/")
  }
}

extension RunRecord {
  package var key: RunKey {
    RunKey(
      machineFingerprint: machineFingerprint, model: model, configuration: configuration, shape: shape,
      repetition: repetition, process: process)
  }
}
