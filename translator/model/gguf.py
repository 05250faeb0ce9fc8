"""What a GGUF file says about its model, read from its header alone.

The format: docs/gguf.md of the ggml project. The `gguf` package's own reader makes objects of every token of the
vocabulary (seconds, and hundreds of MiB, for a small model), so the header is walked here with that package's
constants; nothing of the weights is read.
"""

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path

from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFValueType, LlamaFileType

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_SCALARS = {
    GGUFValueType.UINT8: "B", GGUFValueType.INT8: "b", GGUFValueType.UINT16: "H", GGUFValueType.INT16: "h",
    GGUFValueType.UINT32: "I", GGUFValueType.INT32: "i", GGUFValueType.FLOAT32: "f", GGUFValueType.BOOL: "?",
    GGUFValueType.UINT64: "Q", GGUFValueType.INT64: "q", GGUFValueType.FLOAT64: "d",
}  # fmt: skip
# Longer lists are vocabularies and their like; layers number some hundreds at most.
_LONGEST_LIST = 4096
_LONGEST_KEY = 1 << 16
_MOST_DIMENSIONS = 8
_BYTES_PER_CELL = 2  # the cache is kept in half precision unless a server is told otherwise

Value = int | float | bool | str | tuple[int | float | bool, ...]


class GgufError(Exception):
    """A file is no GGUF, or a damaged one; the message names it and what is wrong."""


@dataclass(frozen=True, slots=True)
class Gguf:
    """A model as its file describes it.

    metadata: the header's values but for long lists. weights: bytes of all tensors. parameters: their elements.
    quantisation: the scheme's name (`Q4_K_M`), "" where the file does not say.
    """

    path: Path
    metadata: Mapping[str, Value]
    weights: int
    parameters: int
    types: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def architecture(self) -> str:
        """The kind of network (`qwen2`), which the metadata's keys begin with."""
        return str(self.metadata.get("general.architecture", ""))

    @property
    def name(self) -> str:
        """What the file calls its model, else the file's name."""
        return str(self.metadata.get("general.name", "")) or self.path.stem

    @property
    def quantisation(self) -> str:
        """The scheme that the file names, else the type that most of its weights have."""
        number = self.metadata.get("general.file_type")
        try:
            return LlamaFileType(number).name.removeprefix("MOSTLY_").removeprefix("ALL_")
        except ValueError:
            return max(self.types, key=lambda name: self.types[name], default="")

    @property
    def context(self) -> int | None:
        """The longest window (tokens) that it was trained for."""
        return self._number("context_length")

    @property
    def window(self) -> int | None:
        """The tokens that some of its layers look back on at most, None where all layers see everything."""
        return self._number("attention.sliding_window")

    def cache_per_token(self) -> int | None:
        """Bytes of cache that each token of the window takes: keys and values of every layer, in half precision.

        With a sliding window (`window`) some layers need less than this. None where the file does not say enough.
        """
        layers = self._number("block_count")
        heads = self._number("attention.head_count")
        if not layers or not heads:
            return None
        width = self._number("embedding_length")
        each = width // heads if width else None
        keys = self._number("attention.key_length") or each
        values = self._number("attention.value_length") or each
        if keys is None or values is None:
            return None
        groups = self.metadata.get(f"{self.architecture}.attention.head_count_kv", heads)
        total = sum(int(n) for n in groups) if isinstance(groups, tuple) else layers * int(groups)
        return total * (keys + values) * _BYTES_PER_CELL

    def _number(self, name: str) -> int | None:
        value = self.metadata.get(f"{self.architecture}.{name}")
        if isinstance(value, tuple):
            # Layers may differ; the widest is the safe guess.
            return int(max(value, default=0)) or None
        return int(value) if isinstance(value, int | float) else None


def read(path: Path) -> Gguf:
    """What the file's header says. Raises GgufError for a file that is none, is cut short or damaged; OSError."""
    with path.open("rb") as file:
        size = path.stat().st_size
        if size == 0:
            raise GgufError(f"{path} is empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            try:
                return _read(_Cursor(view, size), path)
            except _Damage as damage:
                raise GgufError(f"{path} is {damage}; get the file again") from damage


class _Damage(Exception):  # noqa: N818 - never leaves this module
    """What is wrong with the file."""


class _Cursor:
    """A place in the header that moves on as values are read."""

    def __init__(self, view: mmap.mmap, size: int) -> None:
        self.view = view
        self.size = size
        self.at = 0
        self.order = "<"

    def skip(self, count: int) -> int:
        """Move on by so many bytes; where they begin."""
        start = self.at
        if count > self.size - start:
            raise _Damage("cut short: the header goes on behind the file's end")
        self.at += count
        return start

    def number(self, code: str) -> int:
        """The next whole number."""
        return struct.unpack_from(f"{self.order}{code}", self.view, self.skip(struct.calcsize(f"<{code}")))[0]

    def text(self, longest: int | None = None) -> str:
        """The next string."""
        count = self.number("Q")
        if longest is not None and count > longest:
            raise _Damage(f"damaged: a name of {count} bytes at offset {self.at}")
        start = self.skip(count)
        return self.view[start : start + count].decode("utf-8", "replace")

    def value(self, kind: GGUFValueType) -> Value | None:
        """The next value, None for a list that is too long to be of use or holds no numbers."""
        if kind == GGUFValueType.STRING:
            return self.text()
        if kind == GGUFValueType.ARRAY:
            return self._list()
        code = _SCALARS[kind]
        return struct.unpack_from(f"{self.order}{code}", self.view, self.skip(struct.calcsize(f"<{code}")))[0]

    def count(self, announced: int) -> int:
        """A number of things to come, each of which takes 8 bytes at least."""
        if announced > (self.size - self.at) // 8:
            raise _Damage(f"cut short or damaged: {announced} things are announced at offset {self.at}")
        return announced

    def kind(self) -> GGUFValueType:
        """The next value's type."""
        number = self.number("I")
        try:
            return GGUFValueType(number)
        except ValueError:
            raise _Damage(f"damaged: no type of values is numbered {number} (offset {self.at - 4})") from None

    def _list(self) -> tuple[int | float | bool, ...] | None:
        kind, count = self.kind(), self.number("Q")
        if kind == GGUFValueType.ARRAY:
            raise _Damage(f"damaged, or of a newer kind: a list of lists at offset {self.at}")
        if kind == GGUFValueType.STRING:
            for _ in range(self.count(count)):
                self.skip(self.number("Q"))
            return None
        code = _SCALARS[kind]
        start = self.skip(count * struct.calcsize(f"<{code}"))
        return None if count > _LONGEST_LIST else struct.unpack_from(f"{self.order}{count}{code}", self.view, start)


def _read(cursor: _Cursor, path: Path) -> Gguf:
    if cursor.view[: len(_MAGIC)] != _MAGIC:
        raise GgufError(f"{path} is no GGUF file: it does not begin with GGUF")
    cursor.skip(len(_MAGIC))
    version = cursor.number("I")
    if version & 0xFFFF == 0:
        # A big-endian file's version reads as a multiple of 65536.
        cursor.order = ">"
        version >>= 24
    if version not in _VERSIONS:
        known = " and ".join(str(v) for v in _VERSIONS)
        raise GgufError(f"{path} is GGUF version {version}; versions {known} can be read")
    tensors, values = cursor.count(cursor.number("Q")), cursor.count(cursor.number("Q"))
    metadata: dict[str, Value] = {}
    for _ in range(values):
        name = cursor.text(_LONGEST_KEY)
        value = cursor.value(cursor.kind())
        if value is not None:
            metadata[name] = value
    return _with_tensors(cursor, tensors, metadata, path)


def _with_tensors(cursor: _Cursor, count: int, metadata: Mapping[str, Value], path: Path) -> Gguf:
    weights = parameters = end = 0
    types: dict[str, int] = {}
    for _ in range(count):
        cursor.text(_LONGEST_KEY)
        dimensions = cursor.number("I")
        if dimensions > _MOST_DIMENSIONS:
            raise _Damage(f"damaged: a tensor of {dimensions} dimensions (offset {cursor.at - 4})")
        elements = prod(cursor.number("Q") for _ in range(dimensions))
        name, size = _size(cursor.number("I"), elements)
        end = max(end, cursor.number("Q") + size)
        weights += size
        parameters += elements
        types[name] = types.get(name, 0) + size
    alignment = metadata.get("general.alignment", 32)
    step = alignment if isinstance(alignment, int) and alignment > 0 else 32
    data = -(-cursor.at // step) * step
    # Split models have the tensors of other files in no list, so each part is whole by itself.
    if data + end > cursor.size:
        raise _Damage(f"cut short: {data + end:,} bytes are announced, {cursor.size:,} are there")
    return Gguf(path, metadata, weights, parameters, types)


def _size(number: int, elements: int) -> tuple[str, int]:
    """The name of a tensor's type, and its bytes."""
    try:
        kind = GGMLQuantizationType(number)
        block, size = GGML_QUANT_SIZES[kind]
    except (ValueError, KeyError):
        raise _Damage(f"damaged, or of a newer kind: no type of tensors is numbered {number}") from None
    return kind.name, elements // block * size
