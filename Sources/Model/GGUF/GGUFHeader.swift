extension GGUFCursor {
  /// Checks the magic number and returns the version.
  mutating func version() throws(GGUFError) -> Int {
    let magic = try integer(UInt32.self, "header magic")
    guard magic == 0x4655_4747 else {  // "GGUF"
      guard magic == 0x4747_5546 else { throw failure("header magic", "is not 'GGUF'; this is not a GGUF file") }
      throw failure("header magic", "is byte-swapped; big-endian files are not supported")
    }
    let version = try integer(UInt32.self, "header version")
    switch version {
    case 2, 3: return Int(version)
    case 1: throw failure("header version", "is 1; versions 2 and 3 are supported, convert the model again")
    // A big-endian writer puts the version's low byte last.
    case _ where version != 0 && version & 0xFFFF == 0:
      throw failure("header version", "is byte-swapped; big-endian files are not supported")
    default: throw failure("header version", "is \(version); versions 2 and 3 are supported")
    }
  }

  mutating func metadata(count: Int) throws(GGUFError) -> GGUFMetadata {
    var metadata = GGUFMetadata(path: path)
    for index in 0..<count {
      let key = try string("name of metadata key \(index) of \(count)")
      let field = "metadata '\(oneLine(key))'"
      guard !key.isEmpty else { throw failure("metadata key \(index) of \(count)", "has an empty name") }
      let value = try value(of: try type(field), field)
      guard metadata.insert(value, for: key) else { throw failure(field, "is there twice") }
    }
    return metadata
  }

  func alignment(_ metadata: GGUFMetadata) throws(GGUFError) -> Int {
    let key = "general.alignment"
    let alignment = try metadata.optionalInteger(key) ?? 32
    guard alignment > 0, alignment <= 1 << 20, alignment & (alignment - 1) == 0 else {
      throw metadata.failure(key, "is \(alignment); a power of two up to 1048576 is needed")
    }
    return alignment
  }
}
