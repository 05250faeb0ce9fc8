"""Writing small files of the engine anew, for samples and tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from translator.formats.wolf.lz4 import pack

_DATA = b"\0W\0\0OL"


@dataclass(frozen=True, slots=True)
class NewCommand:
    """A command to write: its code, its numbers, its strings. route: steps of a move route, which 201 has."""

    code: int
    numbers: Sequence[int] = ()
    strings: Sequence[str] = ()
    indent: int = 0
    route: int | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to write: a common event has one page."""

    id: int
    name: str
    pages: Sequence[Sequence[NewCommand]]


@dataclass(frozen=True, slots=True)
class NewField:
    """A field of a database: numbers or strings, and how its value is chosen (1: a file)."""

    name: str
    text: bool = True
    kind: int = 0


@dataclass(frozen=True, slots=True)
class NewType:
    """A type of a database: its fields, and by the data's name their values."""

    name: str
    fields: Sequence[NewField]
    data: Sequence[tuple[str, Sequence[str | int]]] = field(default_factory=list[tuple[str, Sequence[str | int]]])


@dataclass(frozen=True, slots=True)
class Builder:
    """Writes files in one charset; `utf-8` is version 3. v35: as version 3.5 does, packed."""

    charset: str = "cp932"
    v35: bool = False

    @property
    def _mark(self) -> bytes:
        return b"U" if self.charset == "utf-8" else b"\0"

    def text(self, text: str) -> bytes:
        """A string."""
        raw = text.encode(self.charset) + b"\0"
        return number(len(raw)) + raw

    def texts(self, texts: Sequence[str]) -> bytes:
        """A number of strings and the strings."""
        return number(len(texts)) + b"".join(map(self.text, texts))

    def command(self, command: NewCommand) -> bytes:
        """A command."""
        parts = [bytes([len(command.numbers) + 1]), number(command.code), *map(number, command.numbers)]
        parts += [bytes([command.indent, len(command.strings)]), *map(self.text, command.strings)]
        if command.route is None:
            parts.append(b"\0")
        else:
            parts += [b"\1", bytes(6), number(command.route), b"\x00\x00\x01\x00" * command.route]
        return b"".join(parts) + (b"\0" if self.v35 else b"")

    def commands(self, commands: Sequence[NewCommand]) -> bytes:
        """A list of commands."""
        return number(len(commands)) + b"".join(map(self.command, commands))

    def map(self, events: Sequence[NewEvent], width: int = 2, height: int = 2) -> bytes:
        """A map without tiles that matter."""
        version = 0x67 if self.v35 else 0x64
        head = bytes(10) + b"WOLFM\0" + self._mark + bytes(3) + number(version) + b"\x66"
        body = self.text("") + b"".join(map(number, (0, width, height, len(events))))
        body += number(0) + number(3) if self.v35 else b""
        body += bytes(width * height * 3 * 4) + b"".join(map(self._event, events)) + b"\x66"
        return head + (packed(body) if self.v35 else body)

    def _event(self, event: NewEvent) -> bytes:
        head = b"\x6f\x39\x30\0\0" + number(event.id) + self.text(event.name) + number(1) * 2
        return head + number(len(event.pages)) + bytes(4) + b"".join(map(self._page, event.pages)) + b"\x70"

    def _page(self, commands: Sequence[NewCommand]) -> bytes:
        head = b"\x79" + b"\xff" * 4 + self.text("CharaChip/人.png") + bytes(4 + 37 + 4 + 2) + number(0)
        return head + self.commands(commands) + number(3) + bytes(3) + b"\x7a"

    def common_events(self, events: Sequence[NewEvent]) -> bytes:
        """CommonEvent.dat."""
        version = 0x93 if self.v35 else (0x90 if self.charset == "utf-8" else 0x8F)
        body = number(len(events)) + b"".join(map(self._common_event, events)) + bytes([version])
        return _DATA + self._mark + b"FC\0" + bytes([version]) + (packed(body) if self.v35 else body)

    def _common_event(self, event: NewEvent) -> bytes:
        head = b"\x8e" + number(event.id) + bytes(11) + self.text(event.name) + self.commands(event.pages[0])
        arguments = self.text("") + self.text("") + b"\x8f" + number(0) * 4 + bytes(0x1D)
        return head + arguments + self.text("") * 100 + b"\x91" + self.text("") + b"\x91"

    def project(self, types: Sequence[NewType]) -> bytes:
        """A database's `.project`."""
        return number(len(types)) + b"".join(map(self._type, types))

    def _type(self, kind: NewType) -> bytes:
        fields = len(kind.fields)
        body = self.text(kind.name) + self.texts([f.name for f in kind.fields]) + self.texts([n for n, _ in kind.data])
        kinds = bytes(f.kind for f in kind.fields)
        body += self.text("") + number(fields) + kinds + self.texts([""] * fields)
        return body + number(fields) + number(0) * fields + number(fields) + number(0) * fields + number(0)

    def database(self, types: Sequence[NewType]) -> bytes:
        """A database's `.dat`."""
        version = 0xC4 if self.v35 else 0xC1
        body = number(len(types)) + b"".join(map(self._data, types)) + bytes([version])
        return _DATA + self._mark + b"FM\0" + bytes([version]) + (packed(body) if self.v35 else body)

    def _data(self, kind: NewType) -> bytes:
        places: list[int] = []
        for info in kind.fields:
            places.append((2000 if info.text else 1000) + sum(p >= 2000 for p in places if info.text))  # noqa: PLR2004
        body = b"\xfe\xff\xff\xff" + number(0) + number(len(places)) + b"".join(map(number, places))
        body += number(len(kind.data))
        for _, values in kind.data:
            body += b"".join(number(value) for value in values if isinstance(value, int))
            body += b"".join(self.text(value) for value in values if isinstance(value, str))
        return body

    def game(self, title: str, plus: str = "") -> bytes:
        """Game.dat."""
        mark = self._mark
        body = number(4) + b"\1\2\3\4" + number(9) + self.text(title) + self.text("0000-0000") + number(2) + b"\0\0"
        body += b"".join(map(self.text, ("ＭＳ ゴシック", "", "", "", "CharaChip/人.png", plus)))
        start = 10 + len(body)
        rest = bytes(40)
        size = start + 12 + 2 + 8 + len(rest)
        tail = number(size - 1) + number(1) + number(1) + b"\0\0" + number(start + 20) + number(start + 30)
        return _DATA + b"\0FM" + mark + body + tail + rest


def number(value: int) -> bytes:
    """A number as the engine writes it."""
    return value.to_bytes(4, "little")


def packed(body: bytes) -> bytes:
    """A packed part of a file."""
    block = pack(body)
    return number(len(body)) + number(len(block)) + block
