#!/usr/bin/env python3
"""Writes models/: tiny seeded GGUF models, and what two oracles say of them. README.md tells the layout.

The weights are stored in the formats under test; the logits are of the F32 values that those blocks stand for
(`gguf.quants.dequantize`): by llama.cpp on an F32 copy, and by forward.py in float64. The script fails if the two
disagree, if the logits have no spread, or if a feature of a model could be left out without their noticing.

usage: make_models.py    (needs the Python packages numpy, gguf 0.19.0 and llama-cpp-python 0.3.36)
"""

import json
import math
import pathlib
import tempfile
from dataclasses import dataclass

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, RopeScalingType, TokenType, quants

import forward
import ggml

VOCABULARY = 301  # no multiple of any vector length
TOKENS = 48
POSITIONS = [0, 1, 17, 30, 47]


@dataclass
class Model:
    name: str
    architecture: str
    formats: dict[str, str]  # by part; "else" for the rest
    seed: int
    embedding: int = 128
    heads: int = 4
    kv_heads: int = 2
    head_size: int = 32
    feed_forward: int = 160
    layers: int = 2
    epsilon: float = 1e-5
    base: float = 10000.0
    tied: bool = False
    scaling: str = ""
    scaling_factor: float = 1.0
    original_context: int = 0
    frequency_factors: bool = False
    window: int = 0
    global_every: int = 6
    sliding_base: float = 10000.0
    softcap: float = 0.0
    embedding_spread: float = 1.0

    def is_sliding(self, layer: int) -> bool:
        return self.window > 0 and (layer + 1) % self.global_every != 0

    def mistakes(self) -> list[str]:
        """Errors that the stored logits must expose."""
        names = ["other pairing", "no rotation", "gate and up exchanged", "other activation", "tenfold epsilon"]
        if 1 < self.kv_heads < self.heads:
            names += ["interleaved groups"]
        if self.scaling:
            names += ["no scaling"]
        if self.scaling == "yarn":
            names += ["linear instead of yarn", "no yarn magnitude"]
        if self.frequency_factors:
            names += ["no frequency factors"]
        if self.architecture == "qwen2":
            names += ["no q bias", "no k bias", "no v bias"]
        if self.architecture in ("qwen3", "gemma3"):
            names += ["no query and key norm", "norm after rotation"]
        if self.architecture == "gemma3":
            names += ["no embedding scale", "no post norms", "no window", "window one too long", "one rotation base"]
            names += ["sliding layers scaled too"] if self.scaling else []
        if self.softcap:
            names += ["no softcap"]
        return names


MODELS = [
    Model("llama", "llama", seed=1, embedding=256, kv_heads=1, feed_forward=256, embedding_spread=0.02,
          formats={"token_embd": "Q4_K", "output": "Q6_K", "attn_v": "Q6_K", "attn_output": "Q5_0", "ffn_gate": "Q5_K",
                   "ffn_down": "Q6_K", "else": "Q4_K"}),
    Model("llama-frequency-factors", "llama", seed=2, embedding=256, heads=8, feed_forward=256, base=500000.0,
          original_context=64, frequency_factors=True,
          formats={"output": "Q5_K", "attn_v": "Q3_K", "attn_output": "Q3_K", "ffn_down": "Q3_K", "token_embd": "Q3_K",
                   "ffn_gate": "IQ4_XS", "else": "Q2_K"}),
    Model("llama-linear", "llama", seed=3, embedding=64, kv_heads=4, head_size=16, feed_forward=96, scaling="linear",
          scaling_factor=4.0,
          formats={"token_embd": "F16", "output": "BF16", "attn_q": "F32", "attn_k": "F16", "attn_v": "BF16",
                   "attn_output": "F32", "ffn_gate": "F16", "ffn_up": "BF16", "ffn_down": "F16"}),
    Model("llama-yarn", "llama", seed=4, scaling="yarn", scaling_factor=4.0, original_context=512,
          formats={"token_embd": "Q5_1", "output": "Q5_0", "attn_q": "Q5_0", "attn_output": "Q5_0", "ffn_up": "Q5_1",
                   "ffn_down": "Q5_1", "else": "Q4_1"}),
    Model("qwen2", "qwen2", seed=5, feed_forward=192, base=1e6, epsilon=1e-6, tied=True, embedding_spread=0.02,
          formats={"token_embd": "Q8_0", "attn_v": "Q8_0", "ffn_down": "Q5_1", "else": "Q4_0"}),
    Model("qwen2-yarn", "qwen2", seed=6, embedding=64, head_size=16, feed_forward=96, scaling="yarn",
          scaling_factor=2.0, original_context=512, formats={"ffn_down": "Q4_1", "else": "Q8_0"}),
    Model("qwen3", "qwen3", seed=7, embedding=96, head_size=64, feed_forward=224, base=1e6, epsilon=1e-6, tied=True,
          embedding_spread=0.02,
          formats={"token_embd": "Q8_0", "attn_q": "IQ4_NL", "attn_k": "IQ4_NL", "attn_v": "MXFP4", "ffn_gate": "IQ4_NL",
                   "else": "MXFP4"}),
    Model("gemma3", "gemma3", seed=8, embedding=64, kv_heads=1, feed_forward=128, layers=7, base=1e6, epsilon=1e-3,
          tied=True, scaling="linear", scaling_factor=8.0, window=16,
          formats={"token_embd": "Q8_0", "ffn_down": "Q5_0", "attn_v": "Q8_0", "else": "Q4_0"}),
    Model("gemma3-softcap", "gemma3", seed=9, embedding=64, head_size=16, feed_forward=96, layers=4, base=1e5,
          epsilon=1e-3, window=9, global_every=3, sliding_base=5000.0, softcap=4.0,
          formats={"token_embd": "Q5_1", "output": "IQ4_NL", "else": "Q4_1"}),
]


def random_tensors(model: Model) -> dict[str, np.ndarray]:
    """Float weights whose logits have a standard deviation near 2 and whose attention is neither flat nor one-hot."""
    random = np.random.default_rng([31, model.seed])
    gemma = model.architecture == "gemma3"

    def matrix(rows: int, columns: int, gain: float = 1.0) -> np.ndarray:
        return (random.standard_normal((rows, columns)) * gain / math.sqrt(columns)).astype(np.float32)

    def scales(count: int, around: float = 1.0) -> np.ndarray:
        return (around * random.uniform(0.5, 1.5, count)).astype(np.float32)

    n, ff, queries, keys = model.embedding, model.feed_forward, model.heads * model.head_size, model.kv_heads * model.head_size
    head_gain = 2.0
    tied_gain = head_gain if gemma else model.embedding_spread * math.sqrt(n)
    tensors = {"token_embd.weight": matrix(VOCABULARY, n, tied_gain if model.tied or not gemma else 1.0)}
    tensors["output_norm.weight"] = scales(n, head_gain / tied_gain if model.tied else 1.0)
    if not model.tied:
        tensors["output.weight"] = matrix(VOCABULARY, n, head_gain)
    if model.frequency_factors:
        tensors["rope_freqs.weight"] = llama3_factors(model)
    for layer in range(model.layers):
        def named(part: str) -> str:
            return f"blk.{layer}.{part}"

        tensors[named("attn_norm.weight")] = scales(n)
        tensors[named("attn_q.weight")] = matrix(queries, n, 1.5)
        tensors[named("attn_k.weight")] = matrix(keys, n, 1.5)
        tensors[named("attn_v.weight")] = matrix(keys, n)
        tensors[named("attn_output.weight")] = matrix(n, queries)
        tensors[named("ffn_norm.weight")] = scales(n)
        tensors[named("ffn_gate.weight")] = matrix(ff, n, 1.5)
        tensors[named("ffn_up.weight")] = matrix(ff, n)
        tensors[named("ffn_down.weight")] = matrix(n, ff)
        if model.architecture == "qwen2":
            for part, count in (("q", queries), ("k", keys), ("v", keys)):
                tensors[named(f"attn_{part}.bias")] = random.standard_normal(count).astype(np.float32)
        if model.architecture in ("qwen3", "gemma3"):
            tensors[named("attn_q_norm.weight")] = scales(model.head_size, 1.5)
            tensors[named("attn_k_norm.weight")] = scales(model.head_size, 1.5)
        if gemma:
            tensors[named("post_attention_norm.weight")] = scales(n)
            tensors[named("post_ffw_norm.weight")] = scales(n)
    return tensors


def llama3_factors(model: Model) -> np.ndarray:
    """Llama 3.1's divisors (low 1, high 4, factor 8), over an original context short enough to matter here."""
    half = model.head_size // 2
    wavelengths = 2 * math.pi * model.base ** (np.arange(half) / half)
    smooth = np.clip((model.original_context / wavelengths - 1) / 3, 0, 1)
    return (1 / ((1 - smooth) / 8 + smooth)).astype(np.float32)


def byte_characters() -> list[str]:
    """GPT-2's printable stand-in of each byte."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    spare = iter(range(0x100, 0x200))
    return [chr(byte if byte in plain else next(spare)) for byte in range(256)]


def add_tokenizer(writer: GGUFWriter, model: Model) -> None:
    if model.architecture == "gemma3":
        pieces = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
        kinds = [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL] + [TokenType.BYTE] * 256
        words = ["\u2581", "\n"] + list("abcdefghijklmnopqrstuvwxyz") + ["th", "the", "\u2581the", "in", "er", "an", "\u2581a"]
        pieces += words + [f"<unused{i}>" for i in range(VOCABULARY - len(pieces) - len(words))]
        kinds += [TokenType.NORMAL] * len(words) + [TokenType.USER_DEFINED] * (VOCABULARY - len(kinds) - len(words))
        writer.add_tokenizer_model("llama")
        writer.add_token_scores([0.0] * 259 + [-float(i) for i in range(VOCABULARY - 259)])
        special = (1, 2)
        writer.add_add_bos_token(True)
    else:
        characters = byte_characters()
        merges = ["t h", "th e", "Ġ the", "i n", "e r", "a n", "Ġ a", "o n", "r e", "Ġ s"]
        pieces = characters + [merge.replace(" ", "") for merge in merges]
        kinds = [TokenType.NORMAL] * len(pieces)
        pieces += ["<|begin|>", "<|end|>"]
        pieces += [f"<|spare{i}|>" for i in range(VOCABULARY - len(pieces))]
        kinds += [TokenType.CONTROL] * (VOCABULARY - len(kinds))
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("gpt-2")
        writer.add_token_merges(merges)
        special = (pieces.index("<|begin|>"), pieces.index("<|end|>"))
    writer.add_token_list(pieces)
    writer.add_token_types(kinds)
    writer.add_bos_token_id(special[0])
    writer.add_eos_token_id(special[1])


def add_hyperparameters(writer: GGUFWriter, model: Model) -> None:
    writer.add_name(model.name)
    writer.add_vocab_size(VOCABULARY)
    writer.add_context_length(2048)
    writer.add_embedding_length(model.embedding)
    writer.add_feed_forward_length(model.feed_forward)
    writer.add_block_count(model.layers)
    writer.add_head_count(model.heads)
    writer.add_head_count_kv(model.kv_heads)
    if model.head_size * model.heads != model.embedding:
        writer.add_key_length(model.head_size)
        writer.add_value_length(model.head_size)
    writer.add_layer_norm_rms_eps(model.epsilon)
    writer.add_rope_freq_base(model.base)
    if model.architecture == "llama":
        writer.add_rope_dimension_count(model.head_size)
    if model.scaling:
        writer.add_rope_scaling_type(RopeScalingType(model.scaling))
        writer.add_rope_scaling_factor(model.scaling_factor)
    if model.scaling == "yarn":
        writer.add_rope_scaling_orig_ctx_len(model.original_context)
    if model.window:
        writer.add_sliding_window(model.window)
    if model.global_every != 6:
        writer.add_sliding_window_pattern(model.global_every)
    if model.sliding_base != 10000.0:
        writer.add_rope_freq_base_swa(model.sliding_base)
    if model.softcap:
        writer.add_final_logit_softcapping(model.softcap)


def write(model: Model, path: pathlib.Path, tensors: dict[str, tuple[np.ndarray, GGMLQuantizationType]]) -> None:
    writer = GGUFWriter(path, model.architecture)
    add_hyperparameters(writer, model)
    add_tokenizer(writer, model)
    for name, (data, kind) in tensors.items():
        writer.add_tensor(name, data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make(model: Model, folder: pathlib.Path) -> dict:
    """Writes one model and its logits; returns its entry of the manifest."""
    gemma = model.architecture == "gemma3"
    stored, exact = {}, {}
    for name, values in random_tensors(model).items():
        part = name.split(".")[-2]
        is_matrix = values.ndim == 2
        kind = GGMLQuantizationType[model.formats.get(part) or model.formats["else"]] if is_matrix else GGMLQuantizationType.F32
        stored[name] = (ggml.quantize(values, kind) if is_matrix else values, kind)
        exact[name] = quants.dequantize(stored[name][0], kind).reshape(values.shape) if is_matrix else values
    path = folder / f"{model.name}.gguf"
    write(model, path, stored)

    tokens = [int(token) for token in np.random.default_rng([47, model.seed]).integers(0, VOCABULARY, TOKENS)]
    with tempfile.TemporaryDirectory() as temporary:
        copy = pathlib.Path(temporary) / "f32.gguf"
        write(model, copy, {name: (values, GGMLQuantizationType.F32) for name, values in exact.items()})
        theirs = ggml.logits(copy, tokens, POSITIONS)
    ours = forward.logits(model, exact, tokens)[POSITIONS]

    deviation = float(np.abs(theirs - ours).max())
    # ggml's GELU rounds to float16: imitated, what is left are the values that fall on the other side of a rounding.
    like_ggml = forward.logits(model, exact, tokens, "ggml's gelu")[POSITIONS] if gemma else ours
    left = float(np.abs(theirs - like_ggml).max())
    assert left < (1e-3 if gemma else 5e-5), f"{model.name}: oracles differ by {left}"
    spread = float(ours.std())
    assert 1 < spread < 3, f"{model.name}: spread {spread}"
    exposed = {mistake: float(np.abs(forward.logits(model, exact, tokens, mistake)[POSITIONS] - ours).max())
               for mistake in model.mistakes()}
    print(f"{model.name:24} {path.stat().st_size // 1024:4} KiB, spread {spread:.2f}, deviation {deviation:.1e}, mistakes "
          + ", ".join(f"{mistake} {change:.2g}" for mistake, change in exposed.items()))
    assert min(exposed.values()) > 10 * deviation, f"{model.name}: blind to {min(exposed, key=exposed.get)}"

    (folder / f"{model.name}.logits.f32").write_bytes(theirs.astype("<f4").tobytes())
    (folder / f"{model.name}.exact.f32").write_bytes(ours.astype("<f4").tobytes())
    return {
        "name": model.name, "architecture": model.architecture,
        "formats": sorted({kind.name for _, kind in stored.values()}),
        "tokens": tokens, "positions": POSITIONS, "vocabulary_size": VOCABULARY,
        "logit_standard_deviation": round(spread, 3), "llama_cpp_deviation": deviation,
        "mistakes": {mistake: round(change, 5) for mistake, change in exposed.items()},
    }


def main() -> None:
    folder = pathlib.Path(__file__).parent / "models"
    folder.mkdir(exist_ok=True)
    manifest = [make(model, folder) for model in MODELS]
    missing = set("F32 F16 BF16 Q8_0 Q4_0 Q4_1 Q5_0 Q5_1 Q2_K Q3_K Q4_K Q5_K Q6_K IQ4_NL IQ4_XS MXFP4".split())
    missing -= {name for entry in manifest for name in entry["formats"]}
    assert not missing, missing
    (folder / "manifest.json").write_text("[\n" + ",\n".join(map(json.dumps, manifest)) + "\n]\n")


if __name__ == "__main__":
    main()
