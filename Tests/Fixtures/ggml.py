"""llama.cpp's C libraries through ctypes: block formats both ways, and the logits of a model file."""

import ctypes
import pathlib

import llama_cpp as llama
import numpy as np
from gguf import GGMLQuantizationType, quant_shape_to_byte_shape

_base = ctypes.CDLL(str(pathlib.Path(llama.__file__).parent / "lib" / "libggml-base.so"))
_base.ggml_quantize_chunk.restype = ctypes.c_size_t
_base.ggml_quantize_chunk.argtypes = [
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p]
_ROWS = {GGMLQuantizationType.F16: "ggml_fp16_to_fp32_row", GGMLQuantizationType.BF16: "ggml_bf16_to_fp32_row"}


def dequantize(raw: np.ndarray, kind: GGMLQuantizationType, count: int) -> np.ndarray:
    """The floats that ggml's C code makes of `count` weights."""
    function = _base[_ROWS.get(kind, "dequantize_row_" + kind.name.lower().replace("_k", "_K"))]
    function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    raw, values = np.ascontiguousarray(raw), np.empty(count, np.float32)
    function(raw.ctypes.data, values.ctypes.data, count)
    return values


def quantize(values: np.ndarray, kind: GGMLQuantizationType) -> np.ndarray:
    """The rows as GGUF blocks, chosen by ggml's C code (the Python package writes no K-quants)."""
    values = np.ascontiguousarray(values, np.float32)
    if kind == GGMLQuantizationType.F32:
        return values
    raw = np.empty(quant_shape_to_byte_shape(values.shape, kind), np.uint8)
    written = _base.ggml_quantize_chunk(
        int(kind), values.ctypes.data, raw.ctypes.data, 0, values.shape[0], values.shape[1], None)
    assert written == raw.nbytes
    return raw


@llama.llama_log_callback
def _quiet(level, text, _):
    if level == 4:  # errors
        print(text.decode(), end="")


def logits(path: pathlib.Path, tokens: list[int], positions: list[int]) -> np.ndarray:
    """llama.cpp's logits of a model file: one thread, F32 cache, no flash attention, the whole sequence as one batch."""
    llama.llama_log_set(_quiet, None)
    llama.llama_backend_init()
    model = llama.llama_model_load_from_file(str(path).encode(), llama.llama_model_default_params())
    assert model, f"{path}: llama.cpp does not load it"
    parameters = llama.llama_context_default_params()
    parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = 128
    parameters.n_threads = parameters.n_threads_batch = 1
    parameters.type_k = parameters.type_v = GGMLQuantizationType.F32
    parameters.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    context = llama.llama_init_from_model(model, parameters)
    vocabulary = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(model))
    batch = llama.llama_batch_init(len(tokens), 0, 1)
    batch.n_tokens = len(tokens)
    for i, token in enumerate(tokens):
        batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.seq_id[i][0] = token, i, 1, 0
        batch.logits[i] = i in positions
    assert llama.llama_decode(context, batch) == 0
    rows = [np.array(llama.llama_get_logits_ith(context, i)[:vocabulary], np.float32) for i in positions]
    llama.llama_batch_free(batch)
    llama.llama_free(context)
    llama.llama_model_free(model)
    return np.stack(rows)
