#!/usr/bin/env python3
"""Writes ../Goldens/words.json: how Hugging Face's library cuts texts into words, and the tokens that it makes of them.

Each family's pipeline is spelt as the tokenizer.json of its models has it. Where it is one regular expression, the package
`regex` must agree. The tokens are of the byte-pair vocabulary in ../Goldens/tokenizers.json, all of its tokens taken as text.

usage: make_word_goldens.py    (needs the Python packages tokenizers 0.23.3 and regex)
"""

import json
import pathlib
import random

import regex
import tokenizers
from tokenizers import Regex, models, normalizers, pre_tokenizers

from tokenizer_texts import TEXTS

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace("{1,3}", "")
QWEN35 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|"
    r"\s+(?!\S)|\s+"
)
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"


def by_case(ending, numbers):
    before = r"[^\r\n\p{L}\p{N}]?"
    return (
        f"{before}{UPPER}*{LOWER}+{ending}|{before}{UPPER}+{LOWER}*{ending}|{numbers}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )


O200K = by_case("(?i:'s|'t|'re|'ve|'m|'ll|'d)?", r"\p{N}{1,3}")
TEKKEN = by_case("", r"\p{N}")
# Ranges by number: an editor that composes characters would change them.
CASED = (
    "41-5A 61-7A B5 C0-D6 D8-F6 F8-1BA 1BC-1BF 1C4-293 295-2AF 370-373 376-377 37B-37D 37F 386 388-38A 38C 38E-3A1 "
    "3A3-3F5 3F7-481 48A-52F 531-556 10A0-10C5 13A0-13F5 13F8-13FD 1C90-1CBA 1CBD-1CBF 1D00-1D2B 1D6B-1D77 1D79-1D9A "
    "1E00-1F15 1F18-1F1D 1F20-1F45 1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FBC 1FBE 1FC2-1FC4 "
    "1FC6-1FCC 1FD0-1FD3 1FD6-1FDB 1FE0-1FEC 1FF2-1FF4 1FF6-1FFC 2102 2107 210A-2113 2115 2119-211D 2124 2126 2128 "
    "212A-212D 212F-2134 2139 213C-213F 2145-2149 214E 2183-2184 2C00-2C7B 2C7E-2CE4 2CEB-2CEE 2CF2-2CF3 A640-A66D "
    "A680-A69B A722-A76F A771-A787 A78B-A78E AB70-ABBF FB00-FB06 FB13-FB17 FF21-FF3A FF41-FF5A 10400-1044F 104B0-104D3 "
    "104D8-104FB 10C80-10CB2 10CC0-10CF2 118A0-118DF 1E900-1E943"
)
CASED = "".join("-".join(chr(int(bound, 16)) for bound in span.split("-")) for span in CASED.split())
EAST_ASIAN = "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"
SIGNS = "[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+"


def split(pattern):
    return pre_tokenizers.Split(Regex(pattern), "isolated")


def digits():
    return pre_tokenizers.Digits(individual_digits=True)


def gpt2():
    return pre_tokenizers.Split(
        Regex(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), "isolated")


# Names in GGUF files: stages, whether text is composed first, whether a word that is a token needs no merges.
FAMILIES = {
    "gpt-2": ([gpt2()], False, False),
    "smollm": ([digits(), gpt2()], False, False),
    "command-r": ([digits(), gpt2()], True, False),
    "llama-bpe lfm2": ([split(LLAMA3)], False, True),
    "qwen2": ([split(QWEN2)], True, False),
    "qwen35": ([split(QWEN35)], True, False),
    "tekken": ([split(TEKKEN)], False, True),
    "gpt-4o llama4": ([split(O200K)], False, False),
    "deepseek-llm": (
        [split("[\r\n]"), split(rf"\s?[{CASED}]+"), split(rf"\s?{SIGNS}"), split(r"\s+$"), split(EAST_ASIAN), digits()],
        False, False),
    "deepseek-coder": (
        [split("[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), split(EAST_ASIAN), digits()], False, False),
}
SINGLE = {"llama-bpe lfm2": LLAMA3, "qwen2": QWEN2, "qwen35": QWEN35, "tekken": TEKKEN, "gpt-4o llama4": O200K}

# Characters whose properties have not changed since Unicode 9, of each kind that a rule tells apart.
ALPHABET = [
    *"aZé", "É", "ß", "\u01c5", "\u1f88", "\u02b0", "\u00aa", "\u05d0", "\u0e01", "\u0431", "\u0416", "\u03a9", "\u2126",
    "\u1e9e", "\u10d0", "\u13a0", "\U0001d400", "\U00010428", "\ufb01", "\uff21", "\u0800", "\u4e00", "\u9fa5", "\u9fa6",
    "\u3042", "\u30ab", "\u3099", "\uac00", "\ud55c", "\u1100", "\u1161", "\u11a8", "\u0301", "\u0308", "\u0903", "\u20dd",
    "\ufe0f", *"079", "\u0663", "\u00bd", "\u2167", "\u3007", *"'’.,!?/-_~^`$+<", "\u3001", "\u3000", "\uff01", "\u201c",
    "\u20ac", "\U0001f600", "\U0001f44d", "\U0001f3fd", "\u200d", "\u200b", *"   \n\n\r\t", "\u00a0", "\u2028", "\x85",
    "\x00", "\u017f", "'s", "'LL", "'\u017f", "'rE", "\r\n", "  ", "12", "1234567", "Ab", "aB", "ABC",
]  # fmt: skip


def random_texts(count):
    source = random.Random(20)
    return ["".join(source.choices(ALPHABET, k=source.randint(1, 12))) for _ in range(count)]


def lengths(pieces):
    return " ".join(str(len(piece.encode())) for piece in pieces)


def main():
    goldens = pathlib.Path(__file__).parent / "../Goldens"
    vocabulary = json.loads((goldens / "tokenizers.json").read_text())["vocabularies"]["bytePairs"]
    texts = TEXTS + random_texts(600)
    cases = []
    for name, (stages, composes, ignores_merges) in FAMILIES.items():
        cutting = pre_tokenizers.Sequence(stages)
        words = [[piece for piece, _ in cutting.pre_tokenize_str(text)] for text in texts]
        for text, pieces in zip(texts, words):
            assert "".join(pieces) == text
            if name in SINGLE:
                assert pieces == [match.group() for match in regex.finditer(SINGLE[name], text)], (name, text, pieces)
        tokenizer = tokenizers.Tokenizer(
            models.BPE(
                {token: number for number, token in enumerate(vocabulary["tokens"])},
                [tuple(merge.split(" ")) for merge in vocabulary["merges"]], ignore_merges=ignores_merges))
        if composes:
            tokenizer.normalizer = normalizers.NFC()
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [*stages, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
        cases.append({
            "pre": name.split(), "words": [lengths(pieces) for pieces in words],
            "tokens": [" ".join(map(str, tokenizer.encode(text).ids)) for text in TEXTS],
        })  # fmt: skip
    head = {"oracle": f"tokenizers {tokenizers.__version__}, regex {regex.__version__}", "texts": texts}
    rows = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    lines = ",\n".join(json.dumps(case) for case in cases)
    (goldens / "words.json").write_text("{\n" + ",\n".join(rows) + ',\n"cases": [\n' + lines + "\n]\n}\n")


if __name__ == "__main__":
    main()
