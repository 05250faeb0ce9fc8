"""The chunks of an LCF file: where its strings and its lists of commands stand, and the sizes that hold them.

A file is a header (its length, its name) and chunks: an id, the size of what follows, and that. A list has the number
of its things, and each thing its id and chunks up to an id of 0 (liblcf's `Struct::ReadLcf`). Only what can hold a
string is looked into; how deep that goes is bounded by `schema.STRUCTURES`, not by the file.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from translator.core.document import FormatError
from translator.formats.rpgmaker_lcf.ber import read_number
from translator.formats.rpgmaker_lcf.schema import STRUCTURES, Field, Kind


class FileKind(Enum):
    """The three kinds of files, by the name in their header."""

    DATABASE = "LcfDataBase"
    MAP = "LcfMapUnit"
    TREE = "LcfMapTree"


class SizeValue(NamedTuple):
    """A chunk that tells the size of another: where its own size starts, its value, and where it ends."""

    at: int
    start: int
    end: int


class Size(NamedTuple):
    """The size of a chunk: it is spelled from `at` to `start`, the chunk reaches to `end`; the size that holds it.

    parent: an index of `Tree.sizes`, always a smaller one; -1 where only the file holds it. told: where a chunk before
    it tells the same size again.
    """

    parent: int
    at: int
    start: int
    end: int
    told: SizeValue | None = None


class Text(NamedTuple):
    """A string: its length is spelled from `at` to `start`, its bytes reach to `end`; the size that holds it.

    reason: why it is held back, "" for what players see. path: its place by names and ids.
    """

    path: str
    at: int
    start: int
    end: int
    parent: int
    reason: str = ""


class CommandList(NamedTuple):
    """A list of event commands. path: the page that has it. size: an index of `Tree.sizes`."""

    path: str
    start: int
    end: int
    size: int


@dataclass(slots=True)
class Tree:
    """What a file holds. texts and lists stand in the file's order. order: the maps in the order of the map tree."""

    kind: FileKind
    sizes: list[Size] = field(default_factory=list[Size])
    texts: list[Text] = field(default_factory=list[Text])
    lists: list[CommandList] = field(default_factory=list[CommandList])
    order: tuple[int, ...] = ()


def kind_of(blob: bytes) -> FileKind | None:
    """What a file is by its header."""
    return next((kind for kind in FileKind if blob.startswith(_header(kind))), None)


def _header(kind: FileKind) -> bytes:
    return bytes([len(kind.value)]) + kind.value.encode("ascii")


def read_tree(blob: bytes) -> Tree:
    """Take a file apart. Raises FormatError."""
    kind = kind_of(blob)
    if kind is None:
        raise FormatError("not a file of RPG Maker 2000 or 2003: it does not start with its name", offset=0)
    tree = Tree(kind)
    walker = _Walker(blob, tree)
    start = len(_header(kind))
    if kind is FileKind.TREE:
        at = walker.things("maps", "MapInfo", start, len(blob), -1)
        tree.order = _order(blob, at)
    else:
        structure = "Database" if kind is FileKind.DATABASE else "Map"
        walker.chunks("", structure, start, len(blob), -1)
    return tree


def _order(blob: bytes, at: int) -> tuple[int, ...]:
    count, at = read_number(blob, at, len(blob))
    order: list[int] = []
    for _ in range(count):
        number, at = read_number(blob, at, len(blob))
        order.append(number)
    return tuple(order)


class _Walker:
    """Goes through the chunks once, from the first to the last byte."""

    def __init__(self, blob: bytes, tree: Tree) -> None:
        self._blob = blob
        self._tree = tree

    def chunks(self, path: str, structure: str, at: int, end: int, parent: int) -> int:
        """Take the chunks of one structure; gives where it ends: after an id of 0, or at `end`."""
        blob, fields = self._blob, STRUCTURES[structure]
        told: dict[int, SizeValue] = {}
        while at < end:
            number, at = read_number(blob, at, end)
            if number == 0:
                return at
            size_at = at
            size, at = read_number(blob, at, end)
            stop = at + size
            if stop > end:
                raise FormatError(
                    f"chunk {number:#x} of {path or structure} claims {size} bytes, {end - at} are left", offset=size_at
                )
            known = fields.get(number)
            if known is not None:
                self._take(path, known, Size(parent, size_at, at, stop, told.get(number)), told)
            at = stop
        return at

    def _take(self, path: str, known: Field, size: Size, told: dict[int, SizeValue]) -> None:
        tree = self._tree
        if known.kind is Kind.STRING:
            if size.end > size.start:
                where = f"{path}/{known.name}" if path else known.name
                tree.texts.append(Text(where, size.at, size.start, size.end, size.parent, known.of))
            return
        if known.kind is Kind.SIZE:
            told[known.counts] = SizeValue(size.at, size.start, size.end)
            return
        index = len(tree.sizes)
        tree.sizes.append(size)
        where = f"{path}/{known.name}" if path else known.name
        if known.kind is Kind.STRUCT:
            self.chunks(where, known.of, size.start, size.end, index)
        elif known.kind is Kind.LIST:
            self.things(where, known.of, size.start, size.end, index)
        elif known.kind is Kind.COMMANDS:
            tree.lists.append(CommandList(path, size.start, size.end, index))
        else:
            self._moves(where, size.start, size.end, index)

    def things(self, path: str, structure: str, at: int, end: int, parent: int) -> int:
        """Take a list of structures; gives where it ends."""
        if at == end:
            return at
        count, at = read_number(self._blob, at, end)
        seen: Counter[int] = Counter()
        for _ in range(count):
            number, at = read_number(self._blob, at, end)
            seen[number] += 1
            again = f"#{seen[number]}" if seen[number] > 1 else ""
            at = self.chunks(f"{path}/{number}{again}", structure, at, end, parent)
        return at

    def _moves(self, path: str, at: int, end: int, parent: int) -> None:
        """The file names in a move route: a character set (34), a sound (35); what follows them are numbers."""
        blob = self._blob
        count = 0
        while at < end:
            code, at = read_number(blob, at, end)
            if code in _MOVE_FILES:
                count += 1
                length_at = at
                length, at = read_number(blob, at, end)
                if at + length > end:
                    raise FormatError(f"a file name in {path} claims {length} bytes", offset=length_at)
                self._tree.texts.append(Text(f"{path}/{count}", length_at, at, at + length, parent, "file name"))
                at += length
            for _ in range(MOVE_NUMBERS.get(code, 0)):
                _, at = read_number(blob, at, end)


MOVE_NUMBERS: Mapping[int, int] = {32: 1, 33: 1, 34: 1, 35: 3}
"""How many numbers follow a move command (a switch on, a switch off, a character set, a sound), and its file name."""

_MOVE_FILES = frozenset({34, 35})
