/// A model in several files, as llama-gguf-split writes it: part n of m is called `name-0000n-of-0000m.gguf` and says so under
/// `split.no` (n − 1) and `split.count`; the first one has all the metadata, and each one its own tensors.
extension GGUFPart {
  private static let count = "split.count"
  private static let number = "split.no"
  private static let tensorCount = "split.tensors.count"

  /// This file and, where it is the first part of a split model, the others in order.
  func withOtherParts() throws(GGUFError) -> [GGUFPart] {
    let count = try metadata.optionalInteger(Self.count) ?? 1
    // Whole files have been written with a count of 0 and of 1.
    guard count > 1 || count < 0 else { return [self] }
    guard (2...99999).contains(count) else {
      throw metadata.failure(Self.count, "is \(count); a model has at most 99999 parts")
    }
    let index = try metadata.integer(Self.number)
    guard (0..<count).contains(index) else {
      throw metadata.failure(Self.number, "is \(index), but there are \(count) parts, from 0 on")
    }
    let suffix = Self.suffix(index, of: count)
    guard path.hasSuffix(suffix) else {
      throw GGUFError(
        path: path, field: "file",
        reason:
          "is part \(index + 1) of \(count), but its name does not end in \(suffix), by which the other parts are "
          + "found; give the parts the names back that they were written with")
    }
    let stem = String(path.dropLast(suffix.count))
    guard index == 0 else {
      throw metadata.failure(
        Self.number,
        "is \(index): this is part \(index + 1) of \(count); give the first, \(stem)\(Self.suffix(0, of: count))")
    }
    var parts = [self]
    for index in 1..<count {
      let path = stem + Self.suffix(index, of: count)
      let storage: GGUFStorage
      do {
        storage = try GGUFStorage(mapping: path)
      } catch {
        throw GGUFError(path: path, field: "part \(index + 1) of \(count)", reason: error.reason)
      }
      let part = try GGUFPart(storage, path: path)
      try part.check(index, of: count, after: self)
      parts.append(part)
    }
    let held = parts.reduce(0) { $0 + $1.tensors.count }
    if let promised = try metadata.optionalInteger(Self.tensorCount), promised != held {
      throw metadata.failure(Self.tensorCount, "is \(promised), but the \(count) parts hold \(held) tensors")
    }
    return parts
  }

  /// Throws unless this is that part of the model of which `first` is the first part.
  private func check(_ index: Int, of count: Int, after first: GGUFPart) throws(GGUFError) {
    for (key, wanted) in [(Self.count, count), (Self.number, index)] {
      let value = try metadata.integer(key)
      guard value == wanted else {
        throw metadata.failure(key, "is \(value), but by its name and the first part it must be \(wanted)")
      }
    }
    for key in metadata.keys where key != Self.number && key != "general.alignment" {
      guard let here = metadata[key]?.kind, let there = first.metadata[key]?.kind, here != there else { continue }
      throw metadata.failure(key, "is \(here), but \(there) in the first part; the parts are of different models")
    }
  }

  private static func suffix(_ index: Int, of count: Int) -> String {
    func digits(_ number: Int) -> String { String(String(100_000 + number).dropFirst()) }
    return "-\(digits(index + 1))-of-\(digits(count)).gguf"
  }
}
