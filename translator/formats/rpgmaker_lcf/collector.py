"""Gathering the segments of a file together with the places that their translations are written to."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from translator.core.collecting import About, Keys
from translator.core.document import RefusedTargetError
from translator.core.segment import Segment
from translator.core.splice import ByteEdit
from translator.formats.rpgmaker_lcf.ber import write_number
from translator.formats.rpgmaker_lcf.commands import MESSAGE_LINE, Command
from translator.formats.rpgmaker_lcf.writing import Change, string_change

NAME = "actor-name"
"""The binding of the heroes' names, of the commands that change them, and of the comparisons with them."""

Encode = Callable[[str, str], bytes]
"""A key and its text → the bytes; raises UnencodableError."""


class Spot(NamedTuple):
    """A string: its length is spelled from `at` to `start`, its bytes reach to `end`; the size that holds it (an
    index). inside: the part of it that is the text, None where all is.
    """

    at: int
    start: int
    end: int
    parent: int
    inside: tuple[int, int] | None = None


class Choice(NamedTuple):
    """A choice: the string that repeats its options for the editor, and the options."""

    joined: Spot
    options: Sequence[Spot]


class Block(NamedTuple):
    """A message: its commands, which each hold a line, and the size that holds them."""

    commands: tuple[Command, ...]
    parent: int

    def lines(self, blob: bytes) -> list[bytes]:
        """The bytes of its lines."""
        return [blob[command.start : command.end] for command in self.commands]

    def change(self, blob: bytes, boxes: Sequence[Sequence[bytes]]) -> Change:
        """The message with other lines, which may go on in further messages.

        A line that is added gets a command like the last one, a further message one like the first.
        """
        first, last = self.commands[0], self.commands[-1]
        parts: list[bytes] = []
        for number, lines in enumerate(boxes):
            for index, line in enumerate(lines):
                own = number == 0 and index < len(self.commands)
                like = self.commands[index] if own else (last if index else first)
                code = like.code if own or not index else MESSAGE_LINE
                parts += _command(blob, like, code, line)
        return Change(ByteEdit(first.at, last.stop, b"".join(parts)), self.parent)


def _command(blob: bytes, like: Command, code: int, line: bytes) -> Iterator[bytes]:
    """A command like another one, with another code and string."""
    yield blob[like.at : like.indent_at] if code == like.code else write_number(code)
    yield blob[like.indent_at : like.text_at]
    if line == blob[like.start : like.end]:
        yield blob[like.text_at : like.start]
    else:
        yield write_number(len(line), blob[like.text_at : like.start])
    yield line
    yield blob[like.end : like.stop]


class Collector:
    """The texts found so far. Blank ones are not taken: there is nothing to translate, and nothing is shown."""

    __slots__ = ("_codec", "_keys", "blob", "blocks", "choices", "odd", "segments", "spots")

    def __init__(self, blob: bytes, codec: str) -> None:
        self.blob = blob
        self._codec = codec
        self._keys = Keys()
        self.segments: list[Segment] = []
        self.spots: dict[str, Spot] = {}
        self.blocks: dict[str, Block] = {}
        self.choices: dict[str, Choice] = {}
        self.odd: list[tuple[str, bytes, str]] = []

    def decoded(self, start: int, end: int) -> str | None:
        """The text of some bytes, None where they are none in the code page."""
        try:
            return self.blob[start:end].decode(self._codec)
        except UnicodeDecodeError:
            return None

    def add(self, key: str, spot: Spot, about: About, choice: Choice | None = None) -> None:
        """Take the text of one string."""
        start, end = spot.inside or (spot.start, spot.end)
        source = self.decoded(start, end)
        if source is not None and spot.inside:
            source = source.replace("\r\n", "\n")
        why = _oddity(source, several=spot.inside is not None)
        if source is None or why:
            self.odd.append((key, self.blob[start:end], why))
            return
        if not source.strip():
            return
        key = self._keys.new(key)
        self.spots[key] = spot
        if choice is not None:
            self.choices[key] = choice
        self.segments.append(about.segment(key, source))

    def block_text(self, key: str, block: Block) -> str | None:
        """What a message says, None where nothing of it can be translated."""
        lines: list[str] = []
        for command in block.commands:
            line = self.decoded(command.start, command.end)
            why = _oddity(line)
            if line is None or why:
                raw = b"\n".join(block.lines(self.blob))
                self.odd.append((key, raw, why))
                return None
            lines.append(line)
        text = "\n".join(lines)
        return text if text.strip() else None

    def add_block(self, key: str, text: str, block: Block, about: About) -> None:
        """Take a text that takes several commands."""
        self.blocks[key] = block
        self._keys.take(key)
        self.segments.append(about.segment(key, text))


def _oddity(text: str | None, *, several: bool = False) -> str:
    """Why a string cannot be a segment, "" where it can."""
    if text is None:
        return "no text in the game's code page"
    if "\r" in text or "\0" in text or ("\n" in text and not several):
        return "a line break inside of a line"
    return ""


def check(segment: Segment, target: str, *, several: bool) -> None:
    """Refuse what would be read back otherwise. several: the place holds several lines."""
    if not target.strip():
        raise RefusedTargetError(segment.key, "an empty text would be read as none")
    if "\r" in target or "\0" in target:
        raise RefusedTargetError(segment.key, "a text cannot hold a carriage return or a zero byte")
    if "\n" in target and not several:
        raise RefusedTargetError(segment.key, "the place holds one line")


def spot_change(blob: bytes, spot: Spot, new: bytes, convert: Callable[[bytes], bytes] = bytes) -> Change:
    """Another text at a spot. convert: what becomes of the bytes around it."""
    if spot.inside:
        start, end = spot.inside
        around = convert(blob[spot.start : start]), convert(blob[end : spot.end])
        new = around[0] + new.replace(b"\n", b"\r\n") + around[1]
    return string_change(blob, spot.at, spot.start, spot.end, new, spot.parent)
