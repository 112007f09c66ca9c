import Model
import TestSupport
import Testing

/// Thousands of damaged vocabularies, each read and used. What is accepted without a word holds what the file says.
@Suite struct VocabularyMutationTests {
  static let mutations = 4000

  @Test(arguments: ["gpt2", "llama"], [UInt64(3), 4]) func noDamageIsAcceptedInSilence(model: String, seed: UInt64)
    throws
  {
    let original = Self.original(model).bytes()
    let page = GuardedPage(capacity: original.count + 64)
    var damage = Damage(seed: seed)
    var (refused, warned, silent) = (0, 0, 0)
    for _ in 0..<Self.mutations {
      var bytes = original
      damage.hurt(&bytes, mostlyBefore: bytes.count)
      page.withCopy(of: bytes) { copy in
        do {
          let file = try GGUFFile(lending: copy, name: "m.gguf")
          let tokenizer = try Tokenizer(file)
          if tokenizer.warnings.isEmpty { silent += 1 } else { warned += 1 }
          for line in tokenizer.warnings { Self.expectLine(line) }
          if tokenizer.warnings.isEmpty { try Self.expectSound(file.metadata, tokenizer) }
          try Self.use(tokenizer)
        } catch {
          refused += 1
          Self.expectLine("\(error)")
        }
      }
    }
    // All must happen often, or the damage is not of the kind that finds faults.
    #expect(
      refused > Self.mutations / 4 && silent > Self.mutations / 20 && warned > Self.mutations / 400,
      "\(refused) \(warned) \(silent)")
  }

  private static func original(_ model: String) -> GGUFWriter {
    var writer = GGUFWriter()
    writer["general.name"] = .text("Phi-3")
    writer["tokenizer.ggml.model"] = .text(model)
    if model == "gpt2" {
      writer["tokenizer.ggml.pre"] = .text("qwen2")
      writer["tokenizer.ggml.merges"] = .strings(["a b", "ab c", "Ġ a"])
    } else {
      writer["tokenizer.ggml.scores"] = .floats([0, 0, 0, -1, -2, -3, -4, -5, -6, -7, 0, 0])
      writer["tokenizer.ggml.add_space_prefix"] = .bool(false)
    }
    writer["tokenizer.ggml.tokens"] = .strings(
      ["<unk>", "<s>", "</s>", "a", "b", "c", "ab", "abc", "Ġ", "Ġa", "<x>", "<u>"])
    writer["tokenizer.ggml.token_type"] = .integers([2, 3, 3, 1, 1, 1, 1, 1, 1, 1, 4, 5])
    for (index, name) in ["unknown", "bos", "eos"].enumerated() {
      writer["tokenizer.ggml.\(name)_token_id"] = .uint32(UInt32(index))
    }
    writer["tokenizer.ggml.eot_token_id"] = .uint32(2)
    writer["tokenizer.ggml.add_bos_token"] = .bool(true)
    writer["tokenizer.ggml.add_eos_token"] = .bool(true)
    return writer
  }

  private static func use(_ tokenizer: Tokenizer) throws {
    for text in ["abc a<x>b", "<s>é 漢\u{301}</s>", "", "\n\t 12"] {
      for special in [false, true] {
        for role in [Tokenizer.Role.part, .prompt, .whole] {
          let encoding: Tokenizer.Encoding
          do {
            encoding = try tokenizer.encode(bytes: Array(text.utf8), special: special, as: role)
          } catch {
            expectLine("\(error)")
            continue
          }
          var detokenizer = tokenizer.detokenizer()
          for token in encoding.tokens {
            #expect((0..<Int32(tokenizer.vocabularySize)).contains(token))
            _ = detokenizer.append(token)
          }
        }
      }
    }
  }

  /// By the file's own values: every number is in range, every type known, no spelling taken twice.
  private static func expectSound(_ metadata: GGUFMetadata, _ tokenizer: Tokenizer) throws {
    let tokens = try metadata.strings("tokenizer.ggml.tokens")
    let texts = tokens.indices.map { tokens.bytes(at: $0) }
    #expect(tokenizer.vocabularySize == texts.count)
    for name in ["bos", "eos", "unknown", "eot", "eom", "fim_pad"] {
      let key = "tokenizer.ggml.\(name)_token_id"
      guard metadata[key] != nil else { continue }
      let id = try metadata.integer(key)
      #expect(texts.indices.contains(id), "\(key) \(id)")
    }
    for key in ["tokenizer.ggml.add_bos_token", "tokenizer.ggml.add_eos_token"] { _ = try metadata.optionalBool(key) }
    if let kinds = try metadata.optionalIntegers("tokenizer.ggml.token_type") {
      #expect(kinds.count == texts.count && kinds.allSatisfy { (0...6).contains($0) })
    }
    if try metadata.string("tokenizer.ggml.model") == "llama" {
      #expect(Set(texts).count == texts.count || texts.contains([]))
      #expect(try metadata.floats("tokenizer.ggml.scores").count == texts.count)
    } else {
      #expect(metadata["tokenizer.ggml.pre"] != nil && metadata["tokenizer.ggml.merges"] != nil)
    }
  }

  private static func expectLine(_ line: String) {
    #expect(line.hasPrefix("m.gguf: ") && !line.contains { $0.isNewline }, "\(line)")
  }
}
