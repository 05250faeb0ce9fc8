"""What the cache of keys and values needs beside a model's weights."""

from dataclasses import dataclass

from translator.model.gguf_header import Header, Value

BYTES_PER_NUMBER = 2
"""Keys and values are kept as f16 unless a server is told otherwise."""

_BATCH = 512
_CELLS = 256
"""A layer with a sliding window keeps, for each slot, its window and one batch, rounded up to this (llama.cpp)."""

_WINDOWED = {"gemma2": 2, "gemma3": 6, "gemma3n": 5, "gpt-oss": 2, "cohere2": 4}
"""Architectures whose every so-manieth layer sees all tokens, the others a window; their files do not say so."""


@dataclass(frozen=True, slots=True)
class Cache:
    """What the cache needs a token, in bytes: the layers that keep every token, and those that keep a window of them.

    window: tokens that the latter look back, None where there are none. unknown: the file speaks of a window, but not
    of the layers that it holds for; then all count as if they kept every token, which is the most that they need.
    """

    full: int
    windowed: int = 0
    window: int | None = None
    unknown: bool = False

    def bytes(self, context: int, slots: int) -> int:
        """The bytes for so many slots with a window of `context` tokens each."""
        cells = context
        if self.window is not None:
            cells = min(context, -(-(self.window + _BATCH) // _CELLS) * _CELLS)
        return (self.full * context + self.windowed * cells) * slots


def cache_of(header: Header) -> Cache | None:
    """The cache that a model's header tells of, None where it does not tell (a vision part, an adapter).

    A layer keeps, for each token, key_length + value_length numbers for each of its head_count_kv heads (ggml's
    docs/gguf.md, section LLM). Where the lengths are not given they are embedding_length / head_count, and where
    head_count_kv is not, every head has keys and values of its own.
    """
    layers, heads = header.own_int("block_count"), _per_layer(header.own("attention.head_count"))
    if not layers or not heads:
        return None
    kv_heads = _per_layer(header.own("attention.head_count_kv")) or heads
    head_size = (header.own_int("embedding_length") or 0) // max(heads)
    key = header.own_int("attention.key_length") or head_size
    value = header.own_int("attention.value_length") or head_size
    windowed_key = header.own_int("attention.key_length_swa") or key
    windowed_value = header.own_int("attention.value_length_swa") or value
    window = header.own_int("attention.sliding_window") or None
    sees_window = _windowed_layers(header, layers) if window else None
    full = windowed = 0
    for layer, count in enumerate(_kept(header, kv_heads, layers)):
        if sees_window and sees_window[layer]:
            windowed += count * (windowed_key + windowed_value) * BYTES_PER_NUMBER
        else:
            full += count * (key + value) * BYTES_PER_NUMBER
    if not full + windowed:
        return None
    return Cache(full, windowed, window if windowed else None, unknown=window is not None and sees_window is None)


def _kept(header: Header, kv_heads: list[int], layers: int) -> list[int]:
    """The heads whose keys and values each layer keeps."""
    kept = (kv_heads * layers)[:layers] if len(kv_heads) == 1 else kv_heads[:layers]
    if interval := header.own_int("full_attention_interval"):  # the layers between keep a state of fixed size
        kept = [count if (layer + 1) % interval == 0 else 0 for layer, count in enumerate(kept)]
    if shared := header.own_int("attention.shared_kv_layers"):  # the last layers use the cache of those before
        kept = kept[: max(layers - shared, 0)]
    return kept


def _windowed_layers(header: Header, layers: int) -> list[bool] | None:
    """Which layers see a window only; None where nothing tells it."""
    pattern = header.own("attention.sliding_window_pattern")
    if isinstance(pattern, tuple) and len(pattern) >= layers:
        return [bool(entry) for entry in pattern]
    every = pattern if isinstance(pattern, int) else _WINDOWED.get(header.architecture)
    if not every:
        return None
    return [(layer + 1) % every != 0 for layer in range(layers)]


def _per_layer(value: Value | None) -> list[int]:
    """One number for all layers, or one for each; empty where there is none but zeros."""
    values = value if isinstance(value, tuple) else (value,)
    counts = [entry for entry in values if isinstance(entry, int) and not isinstance(entry, bool) and entry >= 0]
    return counts if any(counts) else []
