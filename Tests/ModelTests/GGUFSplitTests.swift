import Model
import TestSupport
import Testing

/// A model in several files.
@Suite struct GGUFSplitTests {
  /// The tiny model's tensors dealt out to parts, as llama-gguf-split writes them, each changed before it is written.
  private func parts(
    _ count: Int = 3, _ change: (_ part: Int, _ writer: inout GGUFWriter) -> Void = { _, _ in }
  ) -> FakeTree {
    let whole = TinyModel.llama(layers: 2)
    let files = FakeTree()
    for part in 0..<count {
      var writer = part == 0 ? whole : GGUFWriter()
      writer.tensors = whole.tensors.indices.filter { $0 % count == part }.map { whole.tensors[$0] }
      writer["split.no"] = .uint16(UInt16(part))
      writer["split.count"] = .uint16(UInt16(count))
      writer["split.tensors.count"] = .int32(Int32(whole.tensors.count))
      change(part, &writer)
      files.write("/" + Self.name(part, of: count), bytes: writer.bytes())
    }
    return files
  }

  private static func name(_ part: Int, of count: Int = 3) -> String { "m-0000\(part + 1)-of-0000\(count).gguf" }

  private func expectRefusal(_ files: FakeTree, _ line: String, opening part: Int = 0) {
    let error = #expect(throws: GGUFError.self) { try FileSource(path: "\(files.root)/\(Self.name(part))") }
    #expect(error?.description.replacing(files.root + "/", with: "") == line)
  }

  @Test(arguments: [2, 3, 5]) func allPartsMakeTheModel(count: Int) throws {
    let files = parts(count)
    let source = try FileSource(path: "\(files.root)/\(Self.name(0, of: count))")
    let whole = try FileSource(GGUFFile(bytes: TinyModel.llama(layers: 2).bytes(), name: "whole"))
    #expect(source.description == whole.description)
    #expect(Set(source.tensors.map(\.name)) == Set(whole.tensors.map(\.name)))
    #expect(source.weightBytes == whole.weightBytes)
    for expected in whole.tensors {
      let entry = try #require(source.tensor(expected.name))
      #expect((entry.rows, entry.columns, entry.format) == (expected.rows, expected.columns, expected.format))
      for row in 0..<entry.rows {
        let bytes = source.withRows(row..<row + 1, of: entry) { [UInt8]($0) }
        #expect(bytes == whole.withRows(row..<row + 1, of: expected) { [UInt8]($0) })
      }
      source.adviseDone(0..<entry.rows, of: entry)
    }
  }

  /// Each file is laid out by its own alignment.
  @Test func partsMayBeAlignedDifferently() throws {
    let files = parts { part, writer in
      guard part == 1 else { return }
      writer.alignment = 256
      writer["general.alignment"] = .uint32(256)
    }
    let source = try FileSource(path: "\(files.root)/\(Self.name(0))")
    // The embedding's element i is (i mod 17 − 8)/64, and the second norm is all ones.
    let norm = try #require(source.tensor("output_norm.weight"))
    #expect(source.withBytes(of: norm) { $0.loadUnaligned(fromByteOffset: 124, as: Float.self) } == 1)
  }

  @Test func aMissingPartIsNamed() {
    let files = parts()
    files.remove("/" + Self.name(1))
    expectRefusal(files, "m-00002-of-00003.gguf: part 2 of 3: cannot be opened: No such file or directory")
  }

  @Test func aPartThatIsNoModelIsNamed() {
    let files = parts()
    files.write("/" + Self.name(2), "Dear Sir or Madam")
    expectRefusal(files, "m-00003-of-00003.gguf: header magic: is not 'GGUF'; this is not a GGUF file")
  }

  @Test func anotherPartThanTheFirstSaysWhichIs() {
    let files = parts()
    let error = #expect(throws: GGUFError.self) { try GGUFFile(path: "\(files.root)/\(Self.name(1))") }
    #expect(
      error?.description
        == "\(files.root)/m-00002-of-00003.gguf: metadata 'split.no': is 1: this is part 2 of 3; give the "
        + "first, \(files.root)/m-00001-of-00003.gguf")
  }

  @Test func aPartUnderAnotherNameIsRefused() {
    let files = parts { part, writer in if part == 1 { writer["split.no"] = .uint16(2) } }
    expectRefusal(
      files, "m-00002-of-00003.gguf: metadata 'split.no': is 2, but by its name and the first part it must be 1")
    let error = #expect(throws: GGUFError.self) {
      try GGUFFile(
        bytes: {
          var writer = GGUFWriter()
          writer["split.no"] = .uint16(0)
          writer["split.count"] = .uint16(2)
          return writer.bytes()
        }(), name: "model.gguf")
    }
    #expect(
      error?.description
        == "model.gguf: file: is part 1 of 2, but its name does not end in -00001-of-00002.gguf, by which "
        + "the other parts are found; give the parts the names back that they were written with")
  }

  @Test func partsOfDifferentModelsAreRefused() {
    expectRefusal(
      parts { part, writer in if part == 2 { writer["split.count"] = .uint16(4) } },
      "m-00003-of-00003.gguf: metadata 'split.count': is 4, but by its name and the first part it must be 3")
    expectRefusal(
      parts { part, writer in if part == 1 { writer["split.tensors.count"] = .int32(99) } },
      "m-00002-of-00003.gguf: metadata 'split.tensors.count': is the integer 99, but the integer 20 in the first part; the "
        + "parts are of different models")
    expectRefusal(
      parts { part, writer in if part == 1 { writer["general.name"] = .text("Other") } },
      "m-00002-of-00003.gguf: metadata 'general.name': is the string 'Other', but the string 'Tiny' in the first part; the "
        + "parts are of different models")
  }

  @Test func aTensorInTwoPartsIsRefused() {
    expectRefusal(
      parts { part, writer in if part == 1 { writer.tensors.append(TinyModel.matrix("token_embd.weight", 12, 32)) } },
      "m-00001-of-00003.gguf: metadata 'split.tensors.count': is 20, but the 3 parts hold 21 tensors")
    expectRefusal(
      parts { part, writer in
        writer["split.tensors.count"] = nil
        if part == 1 { writer.tensors.append(TinyModel.matrix("token_embd.weight", 12, 32)) }
      }, "m-00002-of-00003.gguf: tensor 'token_embd.weight': is in part 1 too")
  }

  @Test func aMissingTensorIsRefused() {
    expectRefusal(
      parts { part, writer in if part == 2 { writer.tensors.removeLast() } },
      "m-00001-of-00003.gguf: metadata 'split.tensors.count': is 20, but the 3 parts hold 19 tensors")
  }

  @Test func countsThatCannotBeAreRefused() {
    expectRefusal(
      parts { _, writer in writer["split.count"] = .int32(-3) },
      "m-00001-of-00003.gguf: metadata 'split.count': is -3; a model has at most 99999 parts")
    expectRefusal(
      parts { _, writer in writer["split.no"] = .uint16(3) },
      "m-00001-of-00003.gguf: metadata 'split.no': is 3, but there are 3 parts, from 0 on")
    expectRefusal(
      parts { _, writer in writer["split.no"] = nil },
      "m-00001-of-00003.gguf: metadata 'split.no': is missing; the model cannot be used without it")
  }

  /// Tools write the keys into whole files too.
  @Test(arguments: [0, 1] as [UInt16]) func aModelInOnePartIsWhole(count: UInt16) throws {
    var writer = TinyModel.llama()
    writer["split.count"] = .uint16(count)
    #expect(try GGUFFile(bytes: writer.bytes(), name: "m.gguf").parts.count == 1)
  }
}
