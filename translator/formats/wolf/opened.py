"""A file of the game read as what its name says, and its strings decoded."""

import codecs
from dataclasses import dataclass, field, replace

from translator.core.charset import canonical
from translator.core.document import FormatError
from translator.formats.wolf.packing import Contents, Kind, contents_of
from translator.formats.wolf.reader import Reader, Slot
from translator.formats.wolf.structure import (
    Event,
    GameDat,
    Type,
    Value,
    read_common_events,
    read_database,
    read_game,
    read_map,
    read_project,
    read_tile_sets,
)

V35_EVENTS = 0x93
_SIZES = 8
"""Bytes before a packed block: its size unpacked, and packed."""
_PAGES = {"gb18030": "gbk"}
"""Windows reads code page 936, which has none of the four-byte characters of GB 18030."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file: its contents, all its strings, and what its kind has: events, types, values, or Game.dat's texts."""

    contents: Contents
    slots: list[Slot]
    charset: str
    events: list[Event] = field(default_factory=list[Event])
    types: list[Type] = field(default_factory=list[Type])
    values: list[Value] = field(default_factory=list[Value])
    game: GameDat | None = None

    def text(self, slot: Slot) -> str | None:
        """A string decoded; None where its bytes are no text in the file's charset."""
        try:
            return slot.raw(self.contents.data).decode(self.charset)
        except UnicodeDecodeError:
            return None


def open_file(blob: bytes, kind: Kind, charset: str | None = None) -> Opened:
    """Read a file. Raises FormatError.

    charset: what version 2 is written in, None: code page 932. UTF-8 goes for files without a mark of their own only: a
    game of version 3 may have maps that were not saved anew.
    """
    contents = contents_of(blob, kind)
    reader = Reader(contents.data, contents.start)
    try:
        events, types, values, game = _read(reader, contents)
    except FormatError as error:
        at = error.offset
        if at is None or at <= contents.packed_at or not contents.packed_at:
            raise
        inside = at - contents.packed_at
        raise FormatError(
            f"{error} (byte {inside} of what the packed part holds)", offset=contents.packed_at + _SIZES
        ) from error
    name = _charset(contents, reader.slots, charset)
    return Opened(contents, reader.slots, name, events, types, values, game)


def in_charset(opened: Opened, charset: str) -> Opened:
    """A file that was read, as if with this charset. Raises FormatError for an unknown one."""
    return replace(opened, charset=_charset(opened.contents, opened.slots, charset))


def _read(reader: Reader, contents: Contents) -> tuple[list[Event], list[Type], list[Value], GameDat | None]:
    """What a file's kind has: events, types, values, or Game.dat's texts. Raises FormatError."""
    events: list[Event] = []
    types: list[Type] = []
    values: list[Value] = []
    game: GameDat | None = None
    match contents.kind:
        case Kind.MAP:
            events = read_map(reader)
        case Kind.COMMON_EVENTS:
            events = read_common_events(reader, v35=contents.version >= V35_EVENTS and contents.packed_at > 0)
        case Kind.PROJECT:
            types = read_project(reader)
        case Kind.DATABASE:
            values = read_database(reader, contents.version)
        case Kind.GAME:
            game = read_game(reader)
        case Kind.TILE_SETS:
            if not contents.utf8:  # version 3 has more in it, and no charset that changes
                read_tile_sets(reader)
    return events, types, values, game


def _charset(contents: Contents, slots: list[Slot], asked: str | None) -> str:
    if contents.utf8:
        return "utf-8"
    if asked is not None and not (contents.utf8 is False and page(asked) == "utf-8"):
        return page(asked)
    if contents.utf8 is None and _is_utf8(contents, slots):
        return "utf-8"
    return "cp932"


def _is_utf8(contents: Contents, slots: list[Slot]) -> bool:
    """Whether a file without a mark has strings that are no ASCII, and all are UTF-8."""
    blob = b"\n".join(slot.raw(contents.data) for slot in slots)
    try:
        return not blob.isascii() and bool(blob.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def page(name: str) -> str:
    """The Python codec of a charset as Windows reads it. Raises FormatError for an unknown one."""
    try:
        found = canonical(name)
        codecs.lookup(found)
    except LookupError as error:
        raise FormatError(f"there is no charset named {name!r}") from error
    return _PAGES.get(found, found)
