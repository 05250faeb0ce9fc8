import mmap
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gguf import GGUFEndian, GGUFWriter

from translator.model.fit import from_file
from translator.model.gguf import Gguf, GgufError, read

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a small GGUF with the format's own package; its path."""

    def file(
        *, groups: int | list[int] = 2, window: int = 0, endian: GGUFEndian = GGUFEndian.LITTLE, bare: bool = False
    ) -> Path:
        path = tmp_path / "小さい model.gguf"
        writer = GGUFWriter(path, "qwen2", endianess=endian)
        if not bare:
            writer.add_name("Tiny")
            writer.add_context_length(8192)
            writer.add_embedding_length(64)
            writer.add_block_count(3)
            writer.add_head_count(4)
            writer.add_head_count_kv(groups)
            writer.add_file_type(15)
            if window:
                writer.add_sliding_window(window)
            writer.add_token_list([f"token {n}" for n in range(9000)])
            writer.add_token_scores([0.5] * 9000)
        writer.add_tensor("blk.0.weight", np.zeros((64, 32), dtype=np.float32))
        writer.add_tensor("blk.1.weight", np.zeros((10, 32), dtype=np.float16))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return path

    return file


@pytest.mark.parametrize("endian", list(GGUFEndian))
def test_a_file_says_what_its_model_is(write: Write, endian: GGUFEndian) -> None:
    gguf = read(write(endian=endian))
    assert (gguf.name, gguf.architecture, gguf.context, gguf.quantisation) == ("Tiny", "qwen2", 8192, "Q4_K_M")
    assert gguf.weights == 64 * 32 * 4 + 10 * 32 * 2
    assert gguf.parameters == 64 * 32 + 10 * 32
    assert gguf.window is None


def test_the_cache_is_counted_per_layer(write: Write) -> None:
    # layers × groups × (keys + values of 64 / 4 numbers) × 2 bytes
    assert read(write(groups=2)).cache_per_token() == 3 * 2 * (16 + 16) * 2
    assert read(write(groups=[4, 0, 1])).cache_per_token() == (4 + 0 + 1) * (16 + 16) * 2


def test_a_file_that_says_little_gives_no_cache(write: Write) -> None:
    gguf = read(write(bare=True))
    assert gguf.cache_per_token() is None
    assert gguf.name == "小さい model"
    assert gguf.quantisation == "F32"
    assert from_file(gguf).cache(4096, 1) is None


def test_a_file_gives_the_models_size(write: Write) -> None:
    size = from_file(read(write(window=512)))
    assert (size.from_file, size.weights, size.window, size.context) == (True, 64 * 32 * 4 + 10 * 32 * 2, 512, 8192)
    assert size.cache(100, 3) == 3 * 2 * 32 * 2 * 300


@pytest.mark.parametrize("cut", [0, 3, 10, 100, 5000, -1])
def test_a_file_that_is_cut_short_is_an_error(write: Write, cut: int) -> None:
    path = write()
    blob = path.read_bytes()
    path.write_bytes(blob[:cut])
    with pytest.raises(GgufError, match=r"model\.gguf"):
        read(path)


def test_a_file_that_is_no_gguf_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(b"PK\3\4" + bytes(100))
    with pytest.raises(GgufError, match="no GGUF"):
        read(path)


def test_another_version_is_an_error(write: Write) -> None:
    path = write()
    path.write_bytes(b"GGUF\x09\0\0\0" + path.read_bytes()[8:])
    with pytest.raises(GgufError, match="version 9"):
        read(path)


def test_damage_is_an_error_or_harmless_and_nothing_else(write: Write) -> None:
    path = write()
    blob = path.read_bytes()
    chance = random.Random(1)  # noqa: S311 - repeatable, no secret
    refused = 0
    for _ in range(400):
        damaged = bytearray(blob)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(0, 700)] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            found = read(path)
            found.cache_per_token()
            assert isinstance(found.quantisation + found.name, str)
        except GgufError:
            refused += 1
    assert refused > 200


def test_the_weights_are_not_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write()
    size = path.stat().st_size
    # As large as a real model, all but the header a hole in the file.
    with path.open("r+b") as file:
        file.truncate(60 * 1024**3)
    opened: list[int] = []
    real = mmap.mmap

    def watched(descriptor: int, length: int, *, access: int) -> mmap.mmap:
        opened.append(access)
        return real(descriptor, length, access=access)

    monkeypatch.setattr(mmap, "mmap", watched)
    monkeypatch.setattr(Path, "read_bytes", None)
    gguf = read(path)
    assert isinstance(gguf, Gguf)
    assert gguf.weights < size
    assert opened == [mmap.ACCESS_READ]
