"""The commands of events, as maps and common events hold them.

A command is: how many numbers it has and one more (a byte), its code and the other numbers, its indent (a byte), how
many strings it has (a byte), the strings, and 0; a move route instead of the 0 is announced by 1. From version 3.5 on
a byte follows that says how many bytes of something else do (seen in WolfTL's `Command::Init`).
"""

from enum import IntEnum
from functools import cache
from struct import Struct, error
from typing import NamedTuple

from translator.formats.wolf.reader import Reader, Slot


class Code(IntEnum):
    """The codes of commands with strings."""

    MESSAGE = 101
    CHOICES = 102
    COMMENT = 103
    DEBUG = 106
    STRING_CONDITION = 112
    SET_STRING = 122
    SOUND = 140
    PICTURE = 150
    CALL = 210
    RESERVE = 211
    SET_LABEL = 212
    JUMP_LABEL = 213
    DATABASE = 250
    IMPORT = 251
    PARTY = 270
    CALL_BY_NAME = 300
    PRO = 1000


class Command(NamedTuple):
    """A command: its code, its other numbers, its strings."""

    code: int
    numbers: tuple[int, ...]
    strings: tuple[Slot, ...]


_LEAST = 8
"""Bytes of a command without numbers and strings."""


@cache
def _numbers(count: int) -> Struct:
    return Struct(f"<{count}IBB")


def read_commands(reader: Reader, *, v35: bool) -> list[Command]:
    """The list of commands that comes next."""
    found: list[Command] = []
    for _ in range(reader.count("commands", _LEAST)):
        size = reader.byte()
        if not size:
            raise reader.fail("a command without a code")
        shape = _numbers(size)
        try:
            values = shape.unpack_from(reader.data, reader.position)
        except error:
            raise reader.fail("the file ends inside of a command") from None
        reader.position += shape.size
        strings = tuple(reader.strings(values[-1])) if values[-1] else ()
        end = reader.byte()
        if end == 1:
            reader.skip(6)
            read_route(reader)
        elif end:
            reader.position -= 1
            raise reader.fail(f"a command ends with {end} instead of 0 or 1")
        if v35:
            reader.skip(reader.byte())
        found.append(Command(values[0], values[1:-2], strings))
    return found


def read_route(reader: Reader) -> None:
    """Pass over a move route: each step has an id, its numbers, 1 and 0."""
    for _ in range(reader.count("steps of a move route", 4)):
        reader.byte()
        reader.numbers(reader.byte())
        reader.expect(b"\x01\x00", "the end of a step")
