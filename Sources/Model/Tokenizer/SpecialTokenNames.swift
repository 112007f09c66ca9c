/// Tokens whose use is known by their spelling, because few files say what theirs are for.
///
/// The lists are those of llama.cpp (`llama-vocab.cpp`, build of llama-cpp-python 0.3.36).
enum SpecialTokenNames {
  struct Role {
    /// The key `tokenizer.ggml.<key>_token_id`, which comes before the names.
    let key: String
    /// Generation ends there.
    let ends: Bool
    let names: Set<String>
  }

  static let roles = [
    Role(
      key: "eot", ends: true,
      names: [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<EOT>", "_<EOT>",
        "[EOT]", "<｜end▁of▁sentence｜>", "<end_of_utterance>",
      ]),
    Role(key: "eom", ends: true, names: ["<|eom_id|>"]),
    Role(
      key: "fim_pre", ends: false,
      names: [
        "<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>",
        "<|prefix|>",
      ]),
    Role(
      key: "fim_suf", ends: false,
      names: [
        "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>", "<|code_suffix|>",
        "<|suffix|>",
      ]),
    Role(
      key: "fim_mid", ends: false,
      names: [
        "<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>", "<|code_middle|>",
        "<|middle|>",
      ]),
    Role(key: "fim_pad", ends: true, names: ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"]),
    Role(
      key: "fim_rep", ends: true, names: ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"]),
    Role(key: "fim_sep", ends: true, names: ["<|file_sep|>"]),
  ]

  /// Generation ends at every one of these that the vocabulary has.
  static let ends: Set<String> = [
    "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>",
    "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>",
    "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "[e~[",
  ]

  private static let all: Set<String> = roles.reduce(ends) { $0.union($1.names) }
  private static let firstBytes = Set(all.compactMap(\.utf8.first))
  private static let longest = all.map(\.utf8.count).max() ?? 0

  /// The names above that the vocabulary has, with their tokens.
  static func find(in tokens: ByteStrings) -> [String: Int32] {
    var found: [String: Int32] = [:]
    for id in 0..<tokens.count {
      let token = tokens[id]
      guard let first = token.first, token.count <= longest, firstBytes.contains(first) else { continue }
      let name = String(decoding: token, as: UTF8.self)
      if all.contains(name), found[name] == nil { found[name] = Int32(id) }
    }
    return found
  }
}
