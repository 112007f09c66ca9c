#!/usr/bin/env python3
"""Writes blocks/<FORMAT>.bin (raw GGUF blocks) and blocks/<FORMAT>.f32 (the little-endian floats that they stand for).

The floats are `gguf.quants.dequantize`'s, and ggml's own C code must give the same bits.

usage: make_blocks.py    (needs the Python packages numpy, gguf 0.19.0 and llama-cpp-python 0.3.36)
"""

import pathlib

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, quants

import ggml

BLOCKS = 16
# Byte offsets of the float16 scales within a block.
SCALES = {
    "Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "IQ4_NL": [0], "IQ4_XS": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
}
# Zeros, the smallest and largest subnormal, the smallest normal, the largest finite value, and both signs of ordinary.
EDGES = [0.0, -0.0, 2.0**-24, 1023 * 2.0**-24, -(2.0**-14), 65504.0, -65504.0, 1.0, -0.37]
# E8M0: the two that stand for subnormals, their neighbour, one half and one, and the largest that is a number.
EXPONENTS = [0, 1, 2, 126, 127, 128, 254]


def floats(name: str, random: np.random.Generator) -> np.ndarray:
    """Values of a format without blocks: its edges, both infinities, then values over its whole range."""
    special = np.array(EDGES + [np.inf, -np.inf], np.float32)
    values = np.concatenate([special, random.standard_normal(64), random.standard_normal(64) * 2.0 ** random.integers(-24, 14, 64)])
    if name == "F16":
        return values.astype(np.float16).view(np.uint8)
    tiny = np.array([1, 0x7F, 0x80, 0x8001, 0x7F7F, 0xFF7F], np.uint16)  # BF16 has subnormals of its own
    return np.concatenate([(values.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16), tiny]).view(np.uint8)


def blocks(name: str, random: np.random.Generator) -> np.ndarray:
    size = GGML_QUANT_SIZES[GGMLQuantizationType[name]][1]
    raw = random.integers(0, 256, (BLOCKS, size), dtype=np.uint8)
    if name == "MXFP4":
        raw[:, 0] = EXPONENTS + list(random.integers(100, 150, BLOCKS - len(EXPONENTS)))
        return raw
    for shift, offset in enumerate(SCALES[name]):
        scales = np.concatenate([np.roll(EDGES, 2 * shift), random.standard_normal(BLOCKS - len(EDGES)) / 64])
        raw[:, offset:offset + 2] = scales.astype(np.float16).reshape(-1, 1).view(np.uint8)
    return raw


def main() -> None:
    folder = pathlib.Path(__file__).parent / "blocks"
    folder.mkdir(exist_ok=True)
    for name in ["F16", "BF16", "MXFP4", *SCALES]:
        kind = GGMLQuantizationType[name]
        random = np.random.default_rng([7, int(kind)])
        raw = floats(name, random) if name in ("F16", "BF16") else blocks(name, random)
        with np.errstate(over="ignore"):  # MXFP4 at the largest exponent: the format's own infinity
            values = quants.dequantize(raw, kind).astype("<f4").ravel()
        assert np.array_equal(values.view(np.uint32), ggml.dequantize(raw.ravel(), kind, values.size).view(np.uint32)), name
        (folder / f"{name}.bin").write_bytes(raw.tobytes())
        (folder / f"{name}.f32").write_bytes(values.tobytes())
        print(f"{name:7} {raw.size:6} bytes {values.size:6} values")


if __name__ == "__main__":
    main()
