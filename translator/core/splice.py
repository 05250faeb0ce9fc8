"""Replacing parts of a file while every other byte stays."""

from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace what stands from `start` up to `end` (offsets) by `new`."""

    start: int
    end: int
    new: str


class ByteEdit(NamedTuple):
    """Replace the bytes from `start` up to `end` by `new`."""

    start: int
    end: int
    new: bytes


_SPAN = itemgetter(0, 1)


def splice(text: str, edits: Iterable[Edit]) -> str:
    """`text` with the edits made. They may come in any order; overlapping ones raise ValueError."""
    parts: list[str] = []
    position = 0
    for start, end, new in sorted(edits, key=_SPAN):
        if start < position or end < start or end > len(text):
            raise ValueError(f"edit {start}-{end} overlaps another or leaves the text")
        parts += (text[position:start], new)
        position = end
    parts.append(text[position:])
    return "".join(parts)


def splice_bytes(blob: bytes, edits: Iterable[ByteEdit]) -> bytes:
    """`blob` with the edits made, as `splice` does for text."""
    parts: list[bytes] = []
    position = 0
    for start, end, new in sorted(edits, key=_SPAN):
        if start < position or end < start or end > len(blob):
            raise ValueError(f"edit {start}-{end} overlaps another or leaves the file")
        parts += (blob[position:start], new)
        position = end
    parts.append(blob[position:])
    return b"".join(parts)
