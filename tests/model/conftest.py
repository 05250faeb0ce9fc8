"""GGUF files as the gguf package's own writer makes them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from gguf import GGUFWriter

Entry = str | int | bool | Sequence[int] | Sequence[bool] | Sequence[str]
Write = Callable[..., Path]


@pytest.fixture
def write_gguf(tmp_path: Path) -> Write:
    """Write a model of so many f16 numbers (in rows of 32); `own` stands under the architecture's keys."""

    def write(
        name: str = "model.gguf",
        *,
        architecture: str = "qwen2",
        own: Mapping[str, Entry] | None = None,
        general: Mapping[str, Entry] | None = None,
        rows: int = 4,
        endianness: str = "LITTLE",
    ) -> Path:
        from gguf import GGUFEndian  # noqa: PLC0415 - only this fixture needs it

        path = tmp_path / name
        writer = GGUFWriter(path, architecture, endianess=GGUFEndian[endianness])
        entries = {f"{architecture}.{key}": value for key, value in (own or {}).items()} | dict(general or {})
        for key, value in entries.items():
            _add(writer, key, value)
        if rows:
            writer.add_tensor("token_embd.weight", np.zeros((rows, 32), dtype=np.float16))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return path

    return write


def _add(writer: GGUFWriter, key: str, value: Entry) -> None:
    if isinstance(value, bool):
        writer.add_bool(key, value)
    elif isinstance(value, int):
        writer.add_uint32(key, value)
    elif isinstance(value, str):
        writer.add_string(key, value)
    else:
        writer.add_array(key, value)
