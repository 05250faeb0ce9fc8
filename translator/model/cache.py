"""What the cache of keys and values needs beside a model's weights."""

from dataclasses import dataclass

from translator.model.gguf_header import Header, Value

BYTES_PER_NUMBER = 2
"""Keys and values are kept as f16 unless a server is told otherwise."""


@dataclass(frozen=True, slots=True)
class Cache:
    """What the cache needs a token: bytes, in all layers that keep every token.

    window: how many tokens the layers with a sliding window look back, None where there are none. A server that
    makes use of it needs less than is said here.
    """

    bytes_per_token: int
    window: int | None

    def bytes(self, context: int, slots: int) -> int:
        """The bytes for so many slots with a window of `context` tokens each."""
        return self.bytes_per_token * context * slots


def cache_of(header: Header) -> Cache | None:
    """The cache that a model's header tells of, None where it does not tell (a vision part, an adapter).

    A layer keeps, for each token, key_length + value_length numbers for each of its head_count_kv heads
    (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, section LLM). Where the lengths are not given they
    are embedding_length / head_count, and as many heads have keys as there are.
    """
    layers, heads = header.own_int("block_count"), _per_layer(header.own("attention.head_count"))
    if not layers or not heads:
        return None
    kv_heads = _per_layer(header.own("attention.head_count_kv")) or heads
    embedding = header.own_int("embedding_length") or 0
    head_size = embedding // max(heads)
    key = header.own_int("attention.key_length") or head_size
    value = header.own_int("attention.value_length") or head_size
    kept = _spread(kv_heads, layers)
    if interval := header.own_int("full_attention_interval"):  # the layers between keep a state of fixed size
        kept = [count if (layer + 1) % interval == 0 else 0 for layer, count in enumerate(kept)]
    if shared := header.own_int("attention.shared_kv_layers"):  # the last layers use the cache of those before
        kept = kept[: max(layers - shared, 0)]
    if not key + value or not sum(kept):
        return None
    window = header.own_int("attention.sliding_window")
    return Cache(sum(kept) * (key + value) * BYTES_PER_NUMBER, window or None)


def _per_layer(value: Value | None) -> list[int]:
    """One number for all layers, or one for each; empty where there is none but zeros."""
    values = value if isinstance(value, tuple) else (value,)
    counts = [entry for entry in values if isinstance(entry, int) and not isinstance(entry, bool) and entry >= 0]
    return counts if any(counts) else []


def _spread(counts: list[int], layers: int) -> list[int]:
    return (counts * layers)[:layers] if len(counts) == 1 else counts[:layers]
