"""The engine's files as they are built: maps, common events, databases, tile sets and Game.dat.

Seen in WolfTL (MIT) and wolftrans, and checked on every real file that `docs/formats.md` names. What is not known to
hold text is passed over; all strings of a file are in `Reader.slots`, since all change with the charset.
"""

from typing import NamedTuple

from translator.core.document import FormatError
from translator.formats.wolf.commands import Command, read_commands, read_route
from translator.formats.wolf.reader import Reader, Slot

V35_MAP = 0x67
"""The version from which on a map's commands have more bytes and the map says how many layers it has."""

_LAYERS = 3
_FIRST_STRING = 2000
_NAMED_BY = 0x1D4C0
_GAME_STRINGS_MORE = 9


class Event(NamedTuple):
    """An event of a map, or a common event (of one page): its id, its name, its pages."""

    id: int
    name: Slot
    pages: list[list[Command]]


class Field(NamedTuple):
    """A field of a database's type: its name and how its value is chosen in the editor (1: a file)."""

    name: Slot
    kind: int


class Type(NamedTuple):
    """A type of a database, as the `.project` file has it: its name, its fields, the names of its data."""

    name: Slot
    fields: list[Field]
    data: list[Slot]


class Value(NamedTuple):
    """A string of a database: type, data and field by their numbers."""

    type: int
    data: int
    field: int
    slot: Slot


def read_map(reader: Reader) -> list[Event]:
    """The events of a map; the reader stands behind the magic bytes."""
    version = reader.number()
    reader.byte()
    reader.string()
    reader.number()
    width, height = reader.number(), reader.number()
    reader.number()
    layers = _LAYERS
    if version >= V35_MAP:
        reader.number()
        layers = reader.number()
    if reader.left > 1:
        if reader.data.startswith(b"\xff\xff\xff\xff", reader.position):
            reader.number()
        else:
            reader.skip(width * height * layers * 4)
    events: list[Event] = []
    while (mark := reader.byte()) == 0x6F:  # noqa: PLR2004  as the other marks
        events.append(_read_event(reader, v35=version >= V35_MAP))
    _end(reader, mark, 0x66, "the map")
    return events


def _read_event(reader: Reader, *, v35: bool) -> Event:
    reader.expect(b"\x39\x30\x00\x00", "an event")
    number, name = reader.number(), reader.string()
    reader.numbers(3)
    reader.expect(b"\0\0\0\0", "the start of an event's pages")
    pages: list[list[Command]] = []
    while (mark := reader.byte()) == 0x79:  # noqa: PLR2004
        pages.append(_read_page(reader, v35=v35))
    if mark != 0x70:  # noqa: PLR2004
        reader.position -= 1
        raise reader.fail(f"an event ends with {mark:#x} instead of 0x70")
    return Event(number, name, pages)


def _read_page(reader: Reader, *, v35: bool) -> list[Command]:
    reader.number()
    reader.string()
    reader.skip(4 + 37 + 4 + 2)
    read_route(reader)
    commands = read_commands(reader, v35=v35)
    features = reader.number()
    reader.skip(3 if features <= 3 else 4)  # noqa: PLR2004  from 4 on pages have one more byte
    reader.expect(b"\x7a", "the end of a page")
    return commands


def read_common_events(reader: Reader, *, v35: bool) -> list[Event]:
    """The common events; the reader stands behind the version."""
    events = [_read_common_event(reader, v35=v35) for _ in range(reader.count("common events", 150))]
    mark = reader.byte()
    if mark < 0x89 or reader.left:  # noqa: PLR2004
        raise reader.fail("the common events do not end where they should")
    return events


def _read_common_event(reader: Reader, *, v35: bool) -> Event:
    reader.expect(b"\x8e", "a common event")
    number = reader.number()
    reader.skip(4 + 7)
    name = reader.string()
    commands = read_commands(reader, v35=v35)
    reader.strings(2)
    reader.expect(b"\x8f", "the arguments of a common event")
    reader.strings(reader.count("names of arguments", 4))
    reader.skip(reader.count("kinds of arguments"))
    for _ in range(reader.count("lists of strings", 4)):
        reader.strings(reader.count("strings", 4))
    for _ in range(reader.count("lists of numbers", 4)):
        reader.numbers(reader.count("numbers", 4))
    reader.skip(0x1D)
    reader.strings(100)
    reader.expect(b"\x91", "the end of a common event's variables")
    reader.string()
    mark = reader.byte()
    if mark == 0x92:  # noqa: PLR2004
        reader.string()
        reader.number()
        reader.expect(b"\x92", "the end of a common event")
    elif mark != 0x91:  # noqa: PLR2004
        reader.position -= 1
        raise reader.fail(f"a common event ends with {mark:#x} instead of 0x91 or 0x92")
    return Event(number, name, [commands])


def read_project(reader: Reader) -> list[Type]:
    """The types of a database."""
    types = [_read_type(reader) for _ in range(reader.count("types", 36))]
    if reader.left:
        raise reader.fail("the database goes on where it should end")
    return types


def _read_type(reader: Reader) -> Type:
    name = reader.string()
    names = reader.strings(reader.count("fields", 4))
    data = reader.strings(reader.count("data", 4))
    reader.string()
    kinds = reader.count("kinds of fields")
    if kinds < len(names):
        raise reader.fail(f"{len(names)} fields have {kinds} kinds")
    fields = [Field(name, reader.data[reader.position + at]) for at, name in enumerate(names)]
    reader.skip(kinds)
    reader.strings(reader.count("notes of fields", 4))
    for _ in range(reader.count("lists of choices", 4)):
        reader.strings(reader.count("choices", 4))
    for _ in range(reader.count("lists of numbers", 4)):
        reader.numbers(reader.count("numbers", 4))
    reader.numbers(reader.count("default values", 4))
    return Type(name, fields, data)


def read_database(reader: Reader, version: int) -> list[Value]:
    """The strings of a database's data; the reader stands behind the version."""
    values: list[Value] = []
    for number in range(reader.count("types", 16)):
        reader.expect(b"\xfe\xff\xff\xff", "a type")
        named_by = reader.number()
        fields = reader.count("fields", 4)
        if named_by == _NAMED_BY:
            reader.string()
        infos = reader.numbers(fields)
        texts = [field for field, info in enumerate(infos) if info >= _FIRST_STRING]
        numbers = len(infos) - len(texts)
        order = {infos[field] - _FIRST_STRING: field for field in texts}
        least = 4 * len(infos)
        rows = reader.count("data", least)
        for row in range(rows if least else 0):
            reader.skip(4 * numbers)
            values += [
                Value(number, row, order.get(place, field), reader.string()) for place, field in enumerate(texts)
            ]
    _end(reader, reader.byte(), version, "the database")
    return values


def read_tile_sets(reader: Reader) -> None:
    """Pass over the tile sets, whose strings are names and files; the reader stands behind the version."""
    for _ in range(reader.count("tile sets", 70)):
        reader.strings(17)
        reader.expect(b"\xff", "the tags of a tile set")
        reader.skip(reader.count("tags"))
        reader.expect(b"\xff", "the settings of a tile set")
        reader.numbers(reader.count("settings", 4))
    reader.byte()
    if reader.left:
        raise reader.fail("the tile sets go on where the file should end")


class GameDat(NamedTuple):
    """Game.dat: its strings with text, and where the file's own size and two offsets stand that move with them."""

    texts: dict[str, Slot]
    size_at: int
    offsets_at: int


def read_game(reader: Reader) -> GameDat:
    """The settings of the game; the reader stands behind the magic bytes."""
    reader.skip(reader.count("settings"))
    count = reader.number()
    texts = {"title": reader.string()}
    magic = reader.string()
    if magic.raw(reader.data) != b"0000-0000":
        raise FormatError("Game.dat does not say 0000-0000 behind the title", offset=magic.at)
    reader.skip(reader.count("bytes of a key"))
    reader.strings(5)
    if count >= _GAME_STRINGS_MORE:
        texts["title_plus"] = reader.string()
    if count > _GAME_STRINGS_MORE:
        reader.strings(2)
        texts["start_message"] = reader.string()
        texts["title_message"] = reader.string()
    if count > 13:  # noqa: PLR2004
        reader.string()
    size_at = reader.position
    reader.numbers(2)
    reader.skip(2 * reader.count("words", 2))
    offsets_at = reader.position
    reader.numbers(2)
    return GameDat(texts, size_at, offsets_at)


def _end(reader: Reader, mark: int, wanted: int, what: str) -> None:
    if mark != wanted:
        reader.position -= 1
        raise reader.fail(f"{what} ends with {mark:#x} instead of {wanted:#x}")
    if reader.left:
        raise reader.fail(f"{what} goes on where it should end")
