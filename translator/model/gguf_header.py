"""What the header of a GGUF file tells, read without the rest.

The format: ggml's docs/gguf.md (magic, version, number of tensors, number of key-value pairs, the pairs, the tensors'
names, shapes, types and offsets, padding, the tensors). The `gguf` package's own reader makes an array of each of the
vocabulary's words, which takes seconds and hundreds of megabytes; here long arrays are passed over. The sizes of the
tensors' types are the package's.
"""

import os
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from math import prod
from pathlib import Path
from typing import BinaryIO

from translator.model.errors import ModelFileError

Value = int | float | bool | str | tuple[int | float | bool | str, ...]

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_LONGEST_STRING = 2**26
_MOST_ENTRIES = 2**27
_MOST_DIMENSIONS = 8
_KEPT = 4096
"""Arrays up to this length are kept: those that have an entry a layer are, those of the vocabulary are not."""
_WINDOW = 2**20


class _Type(IntEnum):
    STRING = 8
    ARRAY = 9


_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


@dataclass(frozen=True, slots=True)
class Header:
    """A GGUF file's header. metadata: all but long arrays. parameters: numbers in all tensors. weights: their bytes."""

    metadata: Mapping[str, Value]
    parameters: int
    weights: int
    tensors: int

    @property
    def architecture(self) -> str:
        """What llama.cpp calls the kind of model: `qwen2`, `gemma3`, `llama` …; empty where it is not said."""
        value = self.metadata.get("general.architecture")
        return value if isinstance(value, str) else ""

    @property
    def quantisation(self) -> str | None:
        """What most of the weights are quantised to, such as `Q4_K_M`; None where the file does not say."""
        from gguf.constants import LlamaFileType  # noqa: PLC0415 - it imports NumPy, which takes its time

        kind = self.metadata.get("general.file_type")
        names = {int(entry): entry.name for entry in LlamaFileType}
        name = names.get(kind) if isinstance(kind, int) else None
        return name.removeprefix("MOSTLY_").removeprefix("ALL_") if name and name != "GUESSED" else None

    def own(self, key: str) -> Value | None:
        """The value under the architecture's own key: `own("block_count")` is `qwen2.block_count`."""
        return self.metadata.get(f"{self.architecture}.{key}")

    def own_int(self, key: str) -> int | None:
        """The whole number under the architecture's own key, None where there is none."""
        value = self.own(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_header(path: Path) -> Header:
    """The header of a GGUF file, which must be there whole. Raises ModelFileError."""
    try:
        with path.open("rb") as file:
            return _Reader(path, file).header()
    except OSError as error:
        raise ModelFileError(f"{path}: {error.strerror or error}") from error


def read_model(path: Path) -> Header:
    """The header of a model that one file holds, or several: then all parts together, whichever of them is named.

    llama.cpp calls the parts NAME-00001-of-00003.gguf; the first has the metadata. Raises ModelFileError, also for a
    missing part.
    """
    named = read_header(path)
    count = named.metadata.get("split.count", 1)
    paths = _parts(path, count) if isinstance(count, int) and count > 1 else []
    parts = [read_header(part) for part in paths] or [named]
    whole = Header(
        parts[0].metadata,
        sum(part.parameters for part in parts),
        sum(part.weights for part in parts),
        sum(part.tensors for part in parts),
    )
    if not whole.tensors:
        raise ModelFileError(f"{path}: the file holds no weights", hint="It may be a model's vocabulary only.")
    return whole


def _parts(path: Path, count: int) -> list[Path]:
    match = re.fullmatch(rf"(.+)-\d{{5}}-of-{count:05}", path.stem)
    if match is None:
        raise ModelFileError(
            f"{path}: this is one of {count} parts of a model, but its name does not say which",
            hint=f"Name the parts as llama.cpp does: NAME-00001-of-{count:05}.gguf.",
        )
    parts = [path.with_name(f"{match[1]}-{number:05}-of-{count:05}{path.suffix}") for number in range(1, count + 1)]
    missing = [part.name for part in parts if not part.is_file()]
    if missing:
        raise ModelFileError(
            f"{path}: {len(missing)} of the model's {count} parts are missing: {', '.join(missing[:3])}",
            hint="Put all parts into one folder.",
        )
    return parts


class _Reader:
    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._file = file
        self._size = os.fstat(file.fileno()).st_size
        self._at = 0
        self._window = b""
        self._window_at = 0
        self._order = "<"

    def header(self) -> Header:
        if self._size < len(_MAGIC) or self._take(4) != _MAGIC:
            raise ModelFileError(
                f"{self._path}: this is no GGUF file",
                hint="A model's file in llama.cpp's format begins with the letters GGUF and is usually called *.gguf.",
            )
        version = self._number("I")
        if version & 0xFFFF == 0:  # written on a machine of the other byte order
            self._order = ">"
            version = int.from_bytes(version.to_bytes(4, "little"), "big")
        if version not in _VERSIONS:
            raise ModelFileError(
                f"{self._path}: GGUF of version {version}; versions 2 and 3 can be read",
                hint="Convert the model again with a current llama.cpp.",
            )
        tensors, pairs = self._count(), self._count()
        metadata: dict[str, Value] = {}
        for _ in range(pairs):
            key = self._string()
            value = self._value(self._number("I"))
            if value is not None:
                metadata[key] = value
        return self._tensors(tensors, metadata)

    def _tensors(self, count: int, metadata: Mapping[str, Value]) -> Header:
        found = [self._tensor() for _ in range(count)]
        alignment = metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or alignment <= 0:
            raise self._broken("its alignment is no positive number")
        start = -(-self._at // alignment) * alignment
        sizes = _sizes(found, self._size - start)
        end = start + max((tensor.offset + size for tensor, size in zip(found, sizes, strict=True)), default=0)
        if found and end > self._size:
            raise ModelFileError(
                f"{self._path}: the file is cut short: it has {self._size:,} of {end:,} bytes",
                hint="Download it again.",
            )
        return Header(metadata, sum(tensor.elements for tensor in found), sum(sizes), count)

    def _tensor(self) -> "_Tensor":
        self._string()
        dimensions = self._number("I")
        if dimensions > _MOST_DIMENSIONS:
            raise self._broken(f"a tensor has {dimensions} dimensions")
        shape = [self._number("Q") for _ in range(dimensions)]
        return _Tensor(prod(shape), kind=self._number("I"), offset=self._number("Q"))

    def _value(self, kind: int) -> Value | None:
        if kind == _Type.STRING:
            return self._string()
        if kind == _Type.ARRAY:
            return self._array()
        return self._scalar(kind)

    def _array(self) -> Value | None:
        """An array's values, None (and passed over) where they are more than any number of layers."""
        kind, count = self._number("I"), self._count()
        if kind == _Type.ARRAY:
            for _ in range(count):
                self._array()
            return None
        if count > _KEPT:
            if kind == _Type.STRING:
                for _ in range(count):
                    self._skip(self._number("Q"))
            else:
                self._skip(count * struct.calcsize(self._code(kind)))
            return None
        return tuple(self._string() if kind == _Type.STRING else self._scalar(kind) for _ in range(count))

    def _scalar(self, kind: int) -> int | float | bool:
        code = self._order + self._code(kind)
        value: int | float | bool = struct.unpack(code, self._take(struct.calcsize(code)))[0]
        return value

    def _code(self, kind: int) -> str:
        code = _SCALARS.get(kind)
        if code is None:
            raise self._broken(f"a value has the unknown type {kind}")
        return code

    def _number(self, code: str) -> int:
        value: int = struct.unpack(self._order + code, self._take(4 if code == "I" else 8))[0]
        return value

    def _count(self) -> int:
        count = self._number("Q")
        if count > min(_MOST_ENTRIES, self._size):
            raise self._broken(f"it claims to have {count:,} entries")
        return count

    def _string(self) -> str:
        length = self._number("Q")
        if length > min(_LONGEST_STRING, self._size):
            raise self._broken(f"a string claims to have {length:,} bytes")
        return self._take(length).decode("utf-8", "replace")

    def _take(self, length: int) -> bytes:
        start = self._at - self._window_at
        if start < 0 or start + length > len(self._window):
            self._file.seek(self._at)
            self._window = self._file.read(max(length, _WINDOW))
            self._window_at, start = self._at, 0
            if len(self._window) < length:
                raise self._broken("the file ends within its header")
        self._at += length
        return self._window[start : start + length]

    def _skip(self, length: int) -> None:
        if length > self._size - self._at:
            raise self._broken("the file ends within its header")
        self._at += length

    def _broken(self, what: str) -> ModelFileError:
        return ModelFileError(f"{self._path}: the GGUF header is damaged: {what}", hint="Download the file again.")


@dataclass(frozen=True, slots=True)
class _Tensor:
    elements: int
    kind: int
    offset: int


def _sizes(tensors: list[_Tensor], room: int) -> list[int]:
    """The bytes of each tensor; one of a kind that the `gguf` package does not know reaches to the next tensor."""
    from gguf.constants import GGML_QUANT_SIZES  # noqa: PLC0415 - it imports NumPy, which takes its time

    known = {int(kind): sizes for kind, sizes in GGML_QUANT_SIZES.items()}
    ends = sorted({tensor.offset for tensor in tensors} | {max(room, 0)})
    following = dict(zip(ends, [*ends[1:], ends[-1]], strict=True))
    sizes: list[int] = []
    for tensor in tensors:
        block = known.get(tensor.kind)
        gap = max(following[tensor.offset] - tensor.offset, 0)
        sizes.append(tensor.elements * block[1] // block[0] if block else gap)
    return sizes
