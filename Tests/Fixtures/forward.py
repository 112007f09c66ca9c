"""The forward pass of every supported architecture, written from the definitions in float64 with numpy.

A second oracle beside llama.cpp: it says how exact llama.cpp's own logits are, and what each feature of a model
contributes to them. `mistake` names one deliberate error, or "ggml's gelu".
"""

import math

import numpy as np


def logits(model, weights: dict[str, np.ndarray], tokens: list[int], mistake: str = "") -> np.ndarray:
    """Logits of every position. `model` is a make_models.Model; `weights` are by GGUF name, rows first."""
    gemma = model.architecture == "gemma3"
    embedding = weights["token_embd.weight"].astype(np.float64)
    state = embedding[tokens]
    if gemma and mistake != "no embedding scale":
        state = state * math.sqrt(model.embedding)
    for layer in range(model.layers):
        w = {k.removeprefix(f"blk.{layer}."): v.astype(np.float64) for k, v in weights.items() if k.startswith(f"blk.{layer}.")}
        out = attention(model, w, norm(model, state, w["attn_norm.weight"], mistake), layer, weights, mistake)
        if gemma and mistake != "no post norms":
            out = norm(model, out, w["post_attention_norm.weight"], mistake)
        state = state + out
        out = feed_forward(model, w, norm(model, state, w["ffn_norm.weight"], mistake), mistake)
        if gemma and mistake != "no post norms":
            out = norm(model, out, w["post_ffw_norm.weight"], mistake)
        state = state + out
    state = norm(model, state, weights["output_norm.weight"].astype(np.float64), mistake)
    result = state @ weights.get("output.weight", embedding).astype(np.float64).T
    if model.softcap and mistake != "no softcap":
        result = model.softcap * np.tanh(result / model.softcap)
    return result


def norm(model, x: np.ndarray, weight: np.ndarray, mistake: str = "") -> np.ndarray:
    epsilon = model.epsilon * (10 if mistake == "tenfold epsilon" else 1)
    return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + epsilon) * weight


def attention(model, w: dict, x: np.ndarray, layer: int, weights: dict, mistake: str) -> np.ndarray:
    count, size = len(x), model.head_size
    project = {}
    for part, heads in (("q", model.heads), ("k", model.kv_heads), ("v", model.kv_heads)):
        y = x @ w[f"attn_{part}.weight"].T
        if f"attn_{part}.bias" in w and mistake != f"no {part} bias":
            y = y + w[f"attn_{part}.bias"]
        project[part] = y.reshape(count, heads, size)
    for part in ("q", "k"):
        has_norm = f"attn_{part}_norm.weight" in w and mistake != "no query and key norm"
        if has_norm and mistake != "norm after rotation":
            project[part] = norm(model, project[part], w[f"attn_{part}_norm.weight"])
        project[part] = rotate(model, project[part], layer, weights, mistake)
        if has_norm and mistake == "norm after rotation":
            project[part] = norm(model, project[part], w[f"attn_{part}_norm.weight"])
    q, k, v = project["q"], project["k"], project["v"]
    distance = np.arange(count)[:, None] - np.arange(count)[None, :]
    hidden = distance < 0
    if model.is_sliding(layer) and mistake != "no window":
        hidden |= distance >= model.window + (1 if mistake == "window one too long" else 0)
    out = np.empty((count, model.heads, size))
    for head in range(model.heads):
        group = head % model.kv_heads if mistake == "interleaved groups" else head // (model.heads // model.kv_heads)
        scores = q[:, head] @ k[:, group].T / math.sqrt(size)
        scores[hidden] = -np.inf
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        out[:, head] = shares / shares.sum(axis=-1, keepdims=True) @ v[:, group]
    return out.reshape(count, -1) @ w["attn_output.weight"].T


def rotate(model, x: np.ndarray, layer: int, weights: dict, mistake: str) -> np.ndarray:
    """x is [position, head, element]; the pair (a, b) at position p turns by the angle p · frequency."""
    if mistake == "no rotation":
        return x
    size, half = model.head_size, model.head_size // 2
    sliding = model.is_sliding(layer) and mistake != "one rotation base"
    base = model.sliding_base if sliding else model.base
    frequencies = base ** (-np.arange(half) / half)
    magnitude = 1.0
    if "rope_freqs.weight" in weights and mistake != "no frequency factors":
        frequencies = frequencies / weights["rope_freqs.weight"].astype(np.float64)
    if model.scaling and mistake != "no scaling" and not (sliding and mistake != "sliding layers scaled too"):
        interpolated = frequencies / model.scaling_factor
        if model.scaling == "yarn" and mistake != "linear instead of yarn":
            def pair(turns: float) -> float:  # the pair that makes so many turns over the original context
                return size * math.log(model.original_context / (turns * 2 * math.pi)) / (2 * math.log(base))
            low, high = max(0, math.floor(pair(32))), min(size - 1, math.ceil(pair(1)))
            kept = 1 - np.clip((np.arange(half) - low) / max(0.001, high - low), 0, 1)
            frequencies = interpolated * (1 - kept) + frequencies * kept
            magnitude = 1.0 if mistake == "no yarn magnitude" else 1 + 0.1 * math.log(model.scaling_factor)
        else:
            frequencies = interpolated
    adjacent = (model.architecture == "llama") != (mistake == "other pairing")
    first, second = (slice(0, size, 2), slice(1, size, 2)) if adjacent else (slice(0, half), slice(half, size))
    angles = (np.arange(len(x))[:, None] * frequencies)[:, None, :]
    cos, sin = np.cos(angles) * magnitude, np.sin(angles) * magnitude
    out = np.empty_like(x)
    out[..., first] = x[..., first] * cos - x[..., second] * sin
    out[..., second] = x[..., first] * sin + x[..., second] * cos
    return out


def feed_forward(model, w: dict, x: np.ndarray, mistake: str) -> np.ndarray:
    gate, up = x @ w["ffn_gate.weight"].T, x @ w["ffn_up.weight"].T
    if mistake == "gate and up exchanged":
        gate, up = up, gate
    if (model.architecture == "gemma3") != (mistake == "other activation"):
        gate = half_precision_gelu(gate) if mistake == "ggml's gelu" else gelu(gate)
    else:
        gate = gate / (1 + np.exp(-gate))
    return (gate * up) @ w["ffn_down.weight"].T


def gelu(x: np.ndarray) -> np.ndarray:
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def half_precision_gelu(x: np.ndarray) -> np.ndarray:
    """ggml looks GELU up in a table over float16, argument and result: the one coarse step of its F32 path."""
    table = gelu(x.astype(np.float16).astype(np.float64)).astype(np.float16).astype(np.float64)
    return np.where(x <= -10, 0, np.where(x >= 10, x, table))
