#!/usr/bin/env python3
"""Writes ../Goldens/tokenizers.json: two small vocabularies, texts that tokenizers get wrong, and llama.cpp's tokens.

The vocabularies are trained on the texts as a whole, across words, so that cutting a text elsewhere changes its tokens.
Each case is one vocabulary with one set of keys, written as a GGUF file without tensors, and the tokens of every text.

usage: make_tokenizer_goldens.py    (needs the Python packages gguf 0.19.0 and llama-cpp-python 0.3.36)
"""

import collections
import ctypes
import json
import pathlib
import tempfile

import gguf
from llama_cpp import llama_cpp

from tokenizer_texts import TEXTS

BYTES = [
    "ff", "80", "c3", "61c3", "e296", "e29620 78", "f09f98", "61f09f9862", "c328", "e228a1", "c080", "c1bf", "e080af",
    "eda080", "eda080edb080", "f888808080", "fefeffff", "78fffe79", "e4bda0e5a5", "f48fbfbf", "808080", "20ff20ff",
    "f0e2968161", "c3e2968161", "31ff32", "27ff73",
]  # fmt: skip

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6

# Not tekken and gpt-4o: llama.cpp knows the case of letters only in ASCII; make_word_goldens.py has them.
BYTE_PAIR_FAMILIES = [
    "gpt-2", "default", "falcon", "smollm", "llama-bpe", "dbrx", "qwen2", "qwen35", "glm4",
]  # fmt: skip


def byte_alphabet():
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in visible]
    return {**{byte: chr(byte) for byte in visible}, **{byte: chr(256 + i) for i, byte in enumerate(hidden)}}


def learn_merges(sequences, count):
    """The most frequent neighbours, joined again and again; among equals the first in order of spelling."""
    merges = []
    for _ in range(count):
        pairs = collections.Counter()
        for sequence in sequences:
            pairs.update(zip(sequence, sequence[1:]))
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        for sequence in sequences:
            i = 0
            while i + 1 < len(sequence):
                if (sequence[i], sequence[i + 1]) == best:
                    sequence[i : i + 2] = ["".join(best)]
                i += 1
    return merges


def byte_pair_vocabulary():
    alphabet = byte_alphabet()
    merges = learn_merges([[alphabet[byte] for byte in text.encode()] for text in TEXTS], 1100)
    special = {
        "<s>": CONTROL, "</s>": CONTROL, "<|im_start|>": CONTROL, "<|im_end|>": CONTROL, "<|end|>": CONTROL,
        "<tool>": USER_DEFINED, "<x>": USER_DEFINED, "<x><x": USER_DEFINED, "<two words>": USER_DEFINED,
        "ool><x>": USER_DEFINED, "<x>-<x>": USER_DEFINED, "<fim_prefix>": CONTROL, "<unk>": UNKNOWN,
    }  # fmt: skip
    pieces = [*alphabet.values(), *("".join(pair) for pair in merges), "strawberry", "Ġstrawberries", "unreachable"]
    tokens = [*special, *dict.fromkeys(piece for piece in pieces if piece not in special)]
    return {
        "tokens": tokens,
        "kinds": [special.get(token, NORMAL) for token in tokens],
        "merges": [" ".join(pair) for pair in merges],
    }


def sentence_piece_vocabulary():
    # llama.cpp cuts a piece at a zero byte.
    words = [("▁" + text.replace(" ", "▁")) for text in TEXTS if "\0" not in text]
    merges = learn_merges([list(word) for word in words], 900)
    special = {
        "<unk>": UNKNOWN, "<s>": CONTROL, "</s>": CONTROL, "<start_of_turn>": CONTROL, "<end_of_turn>": CONTROL,
        "<|end|>": CONTROL, "<|endoftext|>": CONTROL, "<tool>": USER_DEFINED, "<x>": USER_DEFINED,
        "<x><x": USER_DEFINED, "ool><x>": USER_DEFINED, "<x>-<x>": USER_DEFINED, "\n\n": USER_DEFINED,
        "<unused0>": UNUSED,
    }  # fmt: skip
    letters = dict.fromkeys("▁etaoinshrdluEACS'0123456789.,<>/x\n你€")
    pieces = ["".join(pair) for pair in merges] + [*letters]
    tokens = [*dict.fromkeys([*special, *(f"<0x{byte:02X}>" for byte in range(256)), *pieces])]
    first_piece = len(special) + 256
    # Pieces that the merges have made: llama.cpp goes by the names, and a file should say so.
    special |= {"<|im_end|>": CONTROL, "<fim_suffix>": CONTROL}
    return {
        "tokens": tokens,
        "kinds": [special.get(token, BYTE if i < first_piece else NORMAL) for i, token in enumerate(tokens)],
        # Steps of a half, so that some pieces share a score.
        "scores": [-float((i - first_piece) // 2) if i >= first_piece else 0.0 for i in range(len(tokens))],
    }


def cases():
    for family in BYTE_PAIR_FAMILIES:
        yield {"name": family, "vocabulary": "bytePairs", "model": "gpt2", "pre": family, "bos": 0, "eos": 1}
    yield {
        "name": "qwen2 with special tokens", "vocabulary": "bytePairs", "model": "gpt2", "pre": "qwen2", "bos": 0,
        "eos": 1, "add_bos": True, "add_eos": True, "special": True,
    }  # fmt: skip
    pieces = {"vocabulary": "sentencePieces", "model": "llama", "bos": 1, "eos": 2}
    yield {"name": "space prefix", **pieces}
    yield {"name": "no space prefix", **pieces, "add_space_prefix": False, "add_bos": False, "add_eos": True}
    yield {"name": "space prefix with special tokens", **pieces, "special": True}
    yield {"name": "phi-3 with special tokens", **pieces, "model_name": "Phi-3 mini", "special": True}


def write_model(path, vocabulary, case):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(case.get("model_name", "tokenizer"))
    writer.add_vocab_size(len(vocabulary["tokens"]))
    writer.add_tokenizer_model(case["model"])
    writer.add_token_list(vocabulary["tokens"])
    writer.add_token_types(vocabulary["kinds"])
    if "pre" in case:
        writer.add_tokenizer_pre(case["pre"])
    if "merges" in vocabulary:
        writer.add_token_merges(vocabulary["merges"])
    if "scores" in vocabulary:
        writer.add_token_scores(vocabulary["scores"])
    writer.add_bos_token_id(case["bos"])
    writer.add_eos_token_id(case["eos"])
    for key, add in [
        ("add_bos", writer.add_add_bos_token),
        ("add_eos", writer.add_add_eos_token),
        ("add_space_prefix", writer.add_add_space_prefix),
    ]:
        if key in case:
            add(case[key])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


class LlamaCpp:
    def __init__(self, path):
        parameters = llama_cpp.llama_model_default_params()
        parameters.vocab_only = True
        self.model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
        if not self.model:
            raise SystemExit(f"llama.cpp refuses {path}")
        self.vocabulary = llama_cpp.llama_model_get_vocab(self.model)
        self.count = llama_cpp.llama_vocab_n_tokens(self.vocabulary)

    def tokens(self, text, special):
        room = len(text) + 16
        tokens = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self.vocabulary, text, len(text), tokens, room, True, special)
        return tokens[:count]

    def piece(self, token):
        piece = ctypes.create_string_buffer(256)
        count = llama_cpp.llama_token_to_piece(self.vocabulary, token, piece, 256, 0, True)
        return piece.raw[:count]

    def ends(self):
        return [token for token in range(self.count) if llama_cpp.llama_vocab_is_eog(self.vocabulary, token)]


@llama_cpp.llama_log_callback
def silence(level, text, data):
    pass


def main():
    llama_cpp.llama_log_set(silence, ctypes.c_void_p(0))
    vocabularies = {"bytePairs": byte_pair_vocabulary(), "sentencePieces": sentence_piece_vocabulary()}
    texts = [text.encode() for text in TEXTS] + [bytes.fromhex(text) for text in BYTES]
    written = []
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases()):
            path = pathlib.Path(folder) / f"{number}.gguf"
            vocabulary = vocabularies[case["vocabulary"]]
            write_model(path, vocabulary, case)
            model = LlamaCpp(path)
            # Decimal numbers in one string: an array of arrays would be half commas and spaces.
            tokens = [" ".join(map(str, model.tokens(text, case.get("special", False)))) for text in texts]
            written.append({**case, "ends": model.ends(), "tokens": tokens})
            # The first few hundred tokens are of every kind.
            vocabulary.setdefault("pieces", [model.piece(token).hex() for token in range(400)])
    golden = {
        "oracle": "llama.cpp, as in llama-cpp-python 0.3.36",
        "texts": TEXTS, "bytes": BYTES, "vocabularies": vocabularies, "cases": written,
    }  # fmt: skip
    path = pathlib.Path(__file__).parent / "../Goldens/tokenizers.json"
    rows = [
        f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in golden.items() if key != "cases"
    ]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in written)
    path.parent.mkdir(exist_ok=True)
    path.write_text("{\n" + ",\n".join(rows) + ',\n"cases": [\n' + lines + "\n]\n}\n")


if __name__ == "__main__":
    main()
