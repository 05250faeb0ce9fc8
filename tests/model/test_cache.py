from collections.abc import Mapping

import pytest

from translator.backends.demo import demo_model
from translator.model.cache import cache_of
from translator.model.gguf_header import Header, Value, read_model

MIB = 1024**2


def header(architecture: str, own: Mapping[str, Value]) -> Header:
    metadata: dict[str, Value] = {f"{architecture}.{key}": value for key, value in own.items()}
    return Header({"general.architecture": architecture, **metadata}, parameters=1, weights=1, tensors=1)


def test_the_demo_model_s_cache_is_what_llama_cpp_says_that_it_makes() -> None:
    # llama.cpp (build 11549) logs, for 4,096 tokens: 12.00 MiB in 3 layers and 15.00 MiB in 15 layers with a window.
    cache = cache_of(read_model(demo_model()))
    assert cache is not None
    assert cache.bytes(4096, 1) == 27 * MIB
    assert cache.bytes(4096, 4) == 108 * MIB


def test_a_window_that_is_longer_than_the_context_saves_nothing() -> None:
    # With its whole cache for all layers (swa_full) llama.cpp makes 18 KiB a token of the demo model.
    cache = cache_of(read_model(demo_model()))
    assert cache is not None
    assert cache.bytes(1024, 1) == 1024 * 18 * 1024


def test_lengths_are_those_of_the_embedding_s_parts_where_none_are_given() -> None:
    # Qwen2.5 7B: 28 layers, 3584 wide, 28 heads, 4 of them with keys: 56 KiB a token.
    own = {"block_count": 28, "embedding_length": 3584, "attention.head_count": 28, "attention.head_count_kv": 4}
    cache = cache_of(header("qwen2", own))
    assert cache is not None
    assert cache.bytes(1, 1) == 56 * 1024
    assert cache.bytes(2048, 4) == 448 * MIB


def test_every_head_has_keys_where_the_file_does_not_say_how_many() -> None:
    cache = cache_of(header("llama", {"block_count": 2, "embedding_length": 64, "attention.head_count": 4}))
    assert cache is not None
    assert cache.bytes(1, 1) == 2 * 4 * (16 + 16) * 2


def test_layers_may_differ() -> None:
    own: dict[str, Value] = {
        "block_count": 3,
        "attention.head_count": (8, 8, 8),
        "attention.head_count_kv": (2, 0, 4),
        "attention.key_length": 10,
        "attention.value_length": 6,
    }
    cache = cache_of(header("openelm", own))
    assert cache is not None
    assert cache.bytes(1, 1) == (2 + 4) * 16 * 2


@pytest.mark.parametrize(
    ("extra", "layers"), [({"full_attention_interval": 4}, 2), ({"attention.shared_kv_layers": 3}, 5)]
)
def test_layers_that_keep_nothing_of_their_own_do_not_count(extra: dict[str, Value], layers: int) -> None:
    own: dict[str, Value] = {"block_count": 8, "embedding_length": 64, "attention.head_count": 4, **extra}
    cache = cache_of(header("qwen3next", own))
    assert cache is not None
    assert cache.bytes(1, 1) == layers * 4 * 32 * 2


def test_the_file_s_own_pattern_of_windows_counts() -> None:
    own: dict[str, Value] = {
        "block_count": 4,
        "embedding_length": 64,
        "attention.head_count": 4,
        "attention.sliding_window": 512,
        "attention.sliding_window_pattern": (True, True, True, False),
    }
    cache = cache_of(header("new", own))
    assert cache is not None
    assert cache.bytes(8192, 1) == 4 * 32 * 2 * (8192 + 3 * 1024)
    assert not cache.unknown


def test_where_no_pattern_is_known_all_layers_count_whole_and_that_is_said() -> None:
    own = {"block_count": 4, "embedding_length": 64, "attention.head_count": 4, "attention.sliding_window": 512}
    cache = cache_of(header("new", own))
    assert cache is not None
    assert cache.bytes(8192, 1) == 4 * 4 * 32 * 2 * 8192
    assert cache.unknown


@pytest.mark.parametrize(
    "own", [{}, {"block_count": 4}, {"block_count": 4, "attention.head_count": 0}, {"block_count": "x"}]
)
def test_a_file_that_does_not_tell_has_no_cache(own: dict[str, Value]) -> None:
    assert cache_of(header("clip", own)) is None
