"""The event commands of a list: their codes, and where the string and the numbers of each stand.

A command is a code, an indent, a string and numbers; a list ends with four zero bytes (liblcf's
`RawStruct<EventCommand>::ReadLcf`). The codes are those of its `enums.csv`.
"""

from typing import NamedTuple

from translator.core.document import FormatError
from translator.formats.rpgmaker_lcf.ber import read_number, skip_numbers

MESSAGE, MESSAGE_LINE = 10110, 20110
FACE, CHOICE, NUMBER_INPUT = 10130, 10140, 10150
OPTION, CHOICE_END = 20140, 20141
HERO_NAME, HERO_TITLE = 10610, 10620
MOVE_EVENT, TELEPORT_TARGETS, CONDITION = 11330, 11810, 12010
STRING_PICTURE = 3007

FILE_COMMANDS = frozenset(
    {
        10130, 10630, 10640, 10650, 10660, 10670, 10680, 11110, 11510, 11550, 11560, 11720, 13210,
    }
)  # fmt: skip
"""Commands whose string is the name of a graphic, a sound or a film."""

COMMENTS = frozenset({12410, 22410})


class Command(NamedTuple):
    """A command from `at` to `stop`: the length of its string is spelled from `text_at` to `start`, its bytes reach to
    `end`; after them come the number of its parameters and those.
    """

    code: int
    indent: int
    at: int
    indent_at: int
    text_at: int
    start: int
    end: int
    stop: int


def read_commands(blob: bytes, at: int, end: int) -> list[Command]:
    """The commands of a list. Raises FormatError."""
    commands: list[Command] = []
    while at < end and blob[at]:
        begin = at
        code, indent_at = read_number(blob, at, end)
        if code == 0:  # spelled in several bytes; the engine reads nothing after it
            at = indent_at
            continue
        indent, text_at = read_number(blob, indent_at, end)
        length, start = read_number(blob, text_at, end)
        text_end = start + length
        if text_end > end:
            raise FormatError(
                f"the text of event command {code} claims {length} bytes, {end - start} are left", offset=text_at
            )
        count, at = read_number(blob, text_end, end)
        if count:
            at = skip_numbers(blob, at, end, count)
        commands.append(Command(code, indent, begin, indent_at, text_at, start, text_end, at))
    return commands


def parameters(blob: bytes, command: Command, most: int) -> list[int]:
    """Up to `most` of a command's parameters."""
    count, at = read_number(blob, command.end, command.stop)
    found: list[int] = []
    for _ in range(min(count, most)):
        number, at = read_number(blob, at, command.stop)
        found.append(number)
    return found
