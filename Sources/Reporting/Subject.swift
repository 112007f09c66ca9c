import Records

/// What runs must share to be figures of the same thing.
struct Subject: Hashable, Comparable {
  var model: ModelIdentity
  var configuration: RunConfiguration

  init(_ run: RunRecord) {
    model = run.model
    configuration = run.configuration
    configuration.kernels = []
  }

  private var order: [String] {
    let threads = "\(configuration.threads)"
    return [
      model.name, model.format, model.source, String(repeating: "0", count: max(0, 8 - threads.count)) + threads,
      configuration.isa, "\(self)",
    ]
  }

  static func < (a: Self, b: Self) -> Bool { a.order.lexicographicallyPrecedes(b.order) }
}
