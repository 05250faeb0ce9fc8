"""Changing a Ruby Marshal file in place: strings of other lengths, array elements that come or go.

All else stays byte by byte but the numbers of links (`@`), which count objects and are counted anew where objects
came or went before what they refer to.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from translator.core.ruby_marshal_values import Marshalled, Node, RubyArray, RubyString, Symbol, Value, write_long
from translator.core.splice import ByteEdit, splice_bytes


class NotWritableError(ValueError):
    """A change that this module does not make: what it touches is referred to from elsewhere, or is of an odd kind.

    patch: the one that it is about, None where a value cannot be spelled.
    """

    def __init__(self, message: str, patch: "Patch | None" = None) -> None:
        super().__init__(message)
        self.patch = patch


class Patch(NamedTuple):
    """Whole values from `start` up to `end` that are replaced by `new`, which holds so many numbered `objects`."""

    start: int
    end: int
    new: bytes
    objects: int


@dataclass(slots=True)
class Changes:
    """What is to be changed. strings: their new bytes. counts: how many elements arrays gain (or lose)."""

    strings: dict[RubyString, bytes] = field(default_factory=dict[RubyString, bytes])
    patches: list[Patch] = field(default_factory=list[Patch])
    counts: dict[RubyArray, int] = field(default_factory=dict[RubyArray, int])


def rewrite(read: Marshalled, changes: Changes) -> bytes:
    """The file with the changes made.

    Raises NotWritableError where what a patch takes away is needed: symbols are written out in it, or other places
    refer to its objects.
    """
    edits = [ByteEdit(s.start + 1, s.end, write_long(len(new)) + new) for s, new in changes.strings.items()]
    for elements, more in changes.counts.items():
        if more:
            edits.append(ByteEdit(elements.start + 1, elements.at, write_long(len(elements.items) + more)))
    if changes.patches:
        patches = sorted(changes.patches)
        edits += (ByteEdit(patch.start, patch.end, patch.new) for patch in patches)
        edits += _renumbered(read, patches)
    return splice_bytes(read.blob, edits)


def _renumbered(read: Marshalled, patches: Sequence[Patch]) -> Iterator[ByteEdit]:
    """The links that have another number after the patches."""
    for patch in patches:
        if bisect_left(read.definitions, patch.start) != bisect_left(read.definitions, patch.end):
            raise NotWritableError("names that are used later are written out in it", patch)
    starts = [patch.start for patch in patches]
    firsts = [bisect_left(read.places, patch.start) for patch in patches]
    lasts = [bisect_left(read.places, patch.end) for patch in patches]
    gains = [patch.objects - (last - first) for patch, first, last in zip(patches, firsts, lasts, strict=True)]
    moved = [0, *accumulate(gains)]
    for link in read.links:
        inside = bisect_right(starts, link.at) - 1
        if inside >= 0 and link.at < patches[inside].end:
            continue
        before = bisect_right(lasts, link.number)
        if before < len(firsts) and firsts[before] <= link.number:
            raise NotWritableError("it is also used elsewhere", patches[before])
        if moved[before]:
            yield ByteEdit(link.at, link.end, write_long(link.number + moved[before]))


class Writer:
    """Spells new values for a file, with the symbols that it has."""

    def __init__(self, read: Marshalled) -> None:
        self._read = read
        self._symbols = {name: number for number, name in reversed(tuple(enumerate(read.symbols)))}
        self.objects = 0

    def symbol(self, name: str) -> bytes:
        """A symbol that stands somewhere before. Raises NotWritableError for another."""
        if name not in self._symbols:
            raise NotWritableError(f"the file has no name {name}")
        return b";" + write_long(self._symbols[name])

    def string(self, like: RubyString, new: bytes) -> bytes:
        """A new string with the instance variables of another one."""
        self.objects += 1
        body = b'"' + write_long(len(new)) + new
        if like.ivars is None:
            return body
        return b"I" + body + self._fields(like.ivars.items())

    def value(self, value: Value) -> bytes:
        """A copy of a value. Raises NotWritableError for one that is no number, string, symbol, nil, truth or array."""
        match value:
            case None:
                return b"0"
            case bool():
                return b"T" if value else b"F"
            case int():
                return b"i" + write_long(value)
            case Symbol():
                return self.symbol(value)
            case RubyString():
                return self.string(value, self._read.raw(value))
            case Node():
                raise NotWritableError("it holds a value of an odd kind")

    def array(self, parts: Sequence[bytes]) -> bytes:
        """An array of values that are spelled already."""
        self.objects += 1
        return b"[" + write_long(len(parts)) + b"".join(parts)

    def object(self, name: str, fields: Iterable[tuple[str, bytes]]) -> bytes:
        """An object with instance variables whose values are spelled already."""
        self.objects += 1
        parts = [self.symbol(key) + value for key, value in fields]
        return b"o" + self.symbol(name) + write_long(len(parts)) + b"".join(parts)

    def _fields(self, fields: Iterable[tuple[str, Value]]) -> bytes:
        parts = [self.symbol(key) + self.value(value) for key, value in fields]
        return write_long(len(parts)) + b"".join(parts)
