extension ModelDescription {
  /// Throws unless the source has exactly the tensors that the forward pass reads, in the right shapes.
  ///
  /// A tensor that the forward pass would leave out (a bias, say) is an error too: results would be wrong in silence.
  package func checkTensors(_ source: some TensorSource) throws(GGUFError) {
    func failure(_ name: String, _ reason: String) -> GGUFError {
      GGUFError(path: source.origin, field: "tensor '\(oneLine(name))'", reason: reason)
    }
    var unread = Set(source.tensors.map(\.name))
    if architecture == Architecture.llama.rawValue { unread.remove(Rotation.factorsName) }
    for shape in tensorShapes {
      guard let entry = source.tensor(shape.name) else {
        throw failure(shape.name, "is missing; a \(architecture) model of \(layerCount) layers needs it")
      }
      guard (entry.rows, entry.columns) == (shape.rows, shape.columns) else {
        throw failure(
          shape.name,
          "has \(entry.rows) rows of \(entry.columns) weights but by the metadata must have \(shape.rows) of "
            + "\(shape.columns)")
      }
      unread.remove(shape.name)
    }
    if let name = unread.min() {
      throw failure(name, "is not part of a \(architecture) model as this program computes it")
    }
  }
}
