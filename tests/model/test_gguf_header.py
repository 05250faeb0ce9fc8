import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from gguf import GGUFReader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translator.backends.demo import demo_model
from translator.model.errors import ModelFileError
from translator.model.gguf_header import read_header, read_model

Write = Callable[..., Path]


def test_a_real_model_is_read_as_llama_cpp_reads_it() -> None:
    # llama.cpp (build 11549) logs a buffer of 235.16 MiB for its tensors; the numbers are the gguf package's.
    header = read_model(demo_model())
    assert (header.weights, header.parameters, header.tensors) == (246_587_904, 268_098_176, 236)
    assert header.architecture == "gemma3"
    assert header.quantisation == "Q4_K_M"
    assert header.own_int("block_count") == 18
    assert header.own_int("context_length") == 32768
    assert "tokenizer.ggml.tokens" not in header.metadata


@pytest.mark.parametrize("endianness", ["LITTLE", "BIG"])
def test_values_of_every_kind_are_read(write_gguf: Write, endianness: str) -> None:
    path = write_gguf(
        own={"block_count": 2, "attention.head_count_kv": [4, 0], "pattern": [True, False]},
        general={"general.name": "桜", "general.tags": ["a", "b"], "general.flag": True, "long": list(range(5000))},
        endianness=endianness,
    )
    header = read_header(path)
    assert header.own_int("block_count") == 2
    assert header.own("attention.head_count_kv") == (4, 0)
    assert header.own("pattern") == (True, False)
    assert header.metadata["general.name"] == "桜"
    assert header.metadata["general.tags"] == ("a", "b")
    assert header.metadata["general.flag"] is True
    assert "long" not in header.metadata
    assert (header.parameters, header.weights, header.tensors) == (128, 256, 1)


def test_the_package_s_own_reader_finds_the_same(write_gguf: Write) -> None:
    path = write_gguf(rows=7)
    header, tensors = read_model(path), GGUFReader(path).tensors
    assert header.weights == sum(int(tensor.n_bytes) for tensor in tensors) == 7 * 32 * 2
    assert header.parameters == sum(int(tensor.n_elements) for tensor in tensors)


def test_a_file_that_names_no_quantisation_has_none(write_gguf: Write) -> None:
    assert read_header(write_gguf()).quantisation is None
    assert read_header(write_gguf(general={"general.file_type": 7})).quantisation == "Q8_0"
    assert read_header(write_gguf(general={"general.file_type": 999})).quantisation is None


def test_a_tensor_of_an_unknown_kind_reaches_to_the_end(write_gguf: Write) -> None:
    path = write_gguf()
    blob = bytearray(path.read_bytes())
    kind = blob.index(b"token_embd.weight") + len(b"token_embd.weight") + 4 + 2 * 8
    assert struct.unpack_from("<I", blob, kind) == (1,)
    struct.pack_into("<I", blob, kind, 9999)
    path.write_bytes(blob)
    assert read_header(path).weights == 256


@pytest.mark.parametrize("blob", [b"", b"GG", b"PK\x03\x04" + bytes(100), "こんにちは".encode()])
def test_what_is_no_gguf_is_said_to_be_none(tmp_path: Path, blob: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(blob)
    with pytest.raises(ModelFileError, match="no GGUF file"):
        read_header(path)


def test_a_file_that_is_not_there_or_is_a_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="No such file"):
        read_header(tmp_path / "none.gguf")
    with pytest.raises(ModelFileError, match=r"directory|denied"):
        read_header(tmp_path)


def test_an_old_version_is_named(tmp_path: Path) -> None:
    path = tmp_path / "old.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 1, 0, 0))
    with pytest.raises(ModelFileError, match="version 1"):
        read_header(path)


def test_missing_tensors_are_noticed_by_the_length(write_gguf: Write) -> None:
    path = write_gguf()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(size - 100)
    with pytest.raises(ModelFileError, match=f"cut short: it has {size - 100:,} of {size:,} bytes"):
        read_header(path)


def test_a_file_without_weights_is_refused(write_gguf: Write) -> None:
    with pytest.raises(ModelFileError, match="no weights"):
        read_model(write_gguf(rows=0))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_damage_is_either_read_or_named(write_gguf: Write, data: st.DataObject) -> None:
    path = write_gguf(own={"block_count": 2, "attention.head_count_kv": [4, 4]}, general={"general.name": "a name"})
    blob = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        blob[data.draw(st.integers(0, len(blob) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(blob[: data.draw(st.integers(0, len(blob)))])
    said = ""
    try:
        weights = read_model(path).weights
    except ModelFileError as error:
        weights, said = 0, f"{error} {error.hint}"
    assert weights >= 0
    assert str(path) in said or not said


def split(write_gguf: Write, number: int, name: str, rows: int) -> Path:
    return write_gguf(
        name,
        own={"block_count": 2} if number == 0 else {},
        general={"split.count": 2, "split.no": number},
        rows=rows,
    )


def test_the_parts_of_a_model_count_together_whichever_is_named(write_gguf: Write) -> None:
    first = split(write_gguf, 0, "big-00001-of-00002.gguf", 0)
    second = split(write_gguf, 1, "big-00002-of-00002.gguf", 8)
    for path in (first, second):
        header = read_model(path)
        assert (header.weights, header.own_int("block_count")) == (512, 2)


def test_a_missing_part_is_named(write_gguf: Write) -> None:
    first = split(write_gguf, 0, "big-00001-of-00002.gguf", 4)
    with pytest.raises(ModelFileError, match=r"missing: big-00002-of-00002\.gguf"):
        read_model(first)


def test_a_part_whose_name_tells_no_number_is_refused(write_gguf: Write) -> None:
    with pytest.raises(ModelFileError, match="one of 2 parts"):
        read_model(split(write_gguf, 0, "renamed.gguf", 4))
