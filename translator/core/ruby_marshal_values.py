# ruff: noqa: PLR2004  what bytes mean is said beside them
"""The values of a Ruby Marshal file, and the numbers that it is written with. `core/ruby_marshal.py` reads them."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Symbol(str):
    """A symbol that stands as a value."""

    __slots__ = ()


class Node:
    """A numbered value: where it starts, and where it ends (without instance variables that follow it)."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int = 0) -> None:
        self.start = start
        self.end = end


class RubyString(Node):
    """A string: `at` is where its bytes start, after their number. ivars: its encoding, mostly; None: it has none."""

    __slots__ = ("at", "ivars")

    def __init__(self, start: int, at: int, end: int) -> None:
        self.start = start
        self.at = at
        self.end = end
        self.ivars: Mapping[str, Value] | None = None


class RubyArray(Node):
    """An array, with its elements; `at` is where its first element starts, after their number."""

    __slots__ = ("at", "items")

    def __init__(self, start: int, at: int) -> None:
        self.start = start
        self.at = at
        self.end = 0
        self.items: list[Value] = []


class RubyHash(Node):
    """A hash: keys and values in turn (and its default at the end, where it has one)."""

    __slots__ = ("items",)

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = 0
        self.items: list[Value] = []

    def pairs(self) -> "list[tuple[Value, Value]]":
        """Its keys with their values."""
        return list(zip(self.items[::2], self.items[1::2], strict=False))


class RubyObject(Node):
    """An object (or struct) of a class, with its instance variables by their names (`@name`)."""

    __slots__ = ("fields", "name")

    def __init__(self, start: int, name: str) -> None:
        self.start = start
        self.name = name
        self.end = 0
        self.fields: dict[str, Value] = {}


class RubyOther(Node):
    """What is only passed over: a float, a large number, a regular expression, what a class dumped itself."""

    __slots__ = ("inner", "late")

    def __init__(self, start: int, end: int = 0, *, late: bool = False) -> None:
        self.start = start
        self.end = end
        self.late = late
        self.inner: list[Value] = []


Value = Node | Symbol | int | bool | None


class Link(NamedTuple):
    """An `@`: where its number starts and ends, and the number."""

    at: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Marshalled:
    """A file that was read.

    symbols: by their numbers. objects: those that are numbered, by their numbers, and the places where they were.
    links: all `@`, as they stand. definitions: where symbols are written out.
    """

    blob: bytes
    root: Value
    symbols: tuple[str, ...]
    objects: tuple[Node, ...]
    places: "array[int]"
    links: tuple[Link, ...]
    definitions: "array[int]"

    def raw(self, string: RubyString) -> bytes:
        """The bytes of a string."""
        return self.blob[string.at : string.end]


def read_long(blob: bytes, at: int) -> tuple[int, int]:
    """A number as Marshal writes it, and where it ends. IndexError at the end of the file."""
    first = blob[at]
    if first == 0:
        return 0, at + 1
    if 5 <= first <= 127:  # numbers up to 122 are one byte, 5 more than they are
        return first - 5, at + 1
    if first >= 128:  # negative: down to -123 one byte
        if first <= 251:
            return first - 251, at + 1
        count = 256 - first
        end = at + 1 + count
        blob[end - 1]
        return int.from_bytes(blob[at + 1 : end], "little") - (1 << 8 * count), end
    end = at + 1 + first
    blob[end - 1]
    return int.from_bytes(blob[at + 1 : end], "little"), end


def write_long(number: int) -> bytes:
    """A number as Marshal writes it."""
    if number == 0:
        return b"\0"
    if 0 < number < 123:  # see read_long
        return bytes((number + 5,))
    if -124 < number < 0:
        return bytes((number + 251,))
    if not -(1 << 30) <= number < 1 << 30:
        raise ValueError(f"{number} is no number that stands in one place")
    count = 1
    while not (-(1 << 8 * count) <= number < 1 << 8 * count):
        count += 1
    return bytes((count if number > 0 else 256 - count,)) + (number & (1 << 8 * count) - 1).to_bytes(count, "little")
