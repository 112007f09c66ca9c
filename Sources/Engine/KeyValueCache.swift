import KernelContract
import Model

/// Keys and values of every sequence, layer and key-value head.
final class KeyValueCache: @unchecked Sendable {
  let keyLayout: CacheLayout
  let valueLayout: CacheLayout
  private let memory: AlignedMemory
  private let layers: Int
  private let heads: Int
  private var headBytes: Int { keyLayout.bytes + valueLayout.bytes }

  init(_ model: ModelDescription, _ options: EngineOptions) throws {
    keyLayout = CacheLayout(format: options.keyFormat, headSize: model.headSize, capacity: options.contextLength)
    valueLayout = CacheLayout(format: options.valueFormat, headSize: model.headSize, capacity: options.contextLength)
    layers = model.layerCount
    heads = model.keyValueHeadCount
    let count = options.sequences.multipliedReportingOverflow(
      by: layers * heads * (keyLayout.bytes + valueLayout.bytes))
    guard !count.overflow, let memory = AlignedMemory(bytes: count.partialValue) else {
      throw EngineError(
        "not enough memory for \(options.sequences) sequences of \(options.contextLength) tokens; ask for fewer or shorter ones"
      )
    }
    self.memory = memory
  }

  func keys(sequence: Int, layer: Int, head: Int) -> UnsafeMutableRawPointer {
    memory.pointer + ((sequence * layers + layer) * heads + head) * headBytes
  }

  func values(sequence: Int, layer: Int, head: Int) -> UnsafeMutableRawPointer {
    keys(sequence: sequence, layer: layer, head: head) + keyLayout.bytes
  }
}
