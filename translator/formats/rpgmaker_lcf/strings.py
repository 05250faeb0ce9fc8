"""All the strings of a file, those that nobody sees included: for a list of them, and for another code page."""

from collections.abc import Iterator

from translator.formats.rpgmaker_lcf.ber import read_number, write_number
from translator.formats.rpgmaker_lcf.commands import (
    COMMENTS,
    CONDITION,
    FILE_COMMANDS,
    HERO_NAME,
    HERO_TITLE,
    MESSAGE,
    MESSAGE_LINE,
    MOVE_EVENT,
    OPTION,
    STRING_PICTURE,
    Command,
    read_commands,
)
from translator.formats.rpgmaker_lcf.schema import FILE
from translator.formats.rpgmaker_lcf.tree import MOVE_NUMBERS, Text, Tree

_SHOWN = frozenset({MESSAGE, MESSAGE_LINE, OPTION, HERO_NAME, HERO_TITLE, STRING_PICTURE})
_COMMENT = "a comment of the makers"
_COMPARED = "compared with a name that no hero has"
REPEATED = "repeats the options of a choice for the editor"
_OTHER = "data of a command"
_CHOICE = 10140
_MOVE_ROUTE_AT = 4
"""The parameters before the route of 11330: the event, the frequency, whether it repeats, whether it may be skipped."""

_CHARACTER_SET, _SOUND = 34, 35


def strings(blob: bytes, tree: Tree) -> Iterator[Text]:
    """Every string of the file but those in the parameters of commands."""
    yield from tree.texts
    for where in tree.lists:
        for number, command in enumerate(read_commands(blob, where.start, where.end), 1):
            if command.end > command.start:
                path = f"{where.path}/command/{number}"
                yield Text(path, command.text_at, command.start, command.end, where.size, _reason(command))


def _reason(command: Command) -> str:
    """Why a command's string is held back, "" where it may be shown."""
    if command.code in _SHOWN:
        return ""
    if command.code in FILE_COMMANDS:
        return FILE
    if command.code in COMMENTS:
        return _COMMENT
    if command.code == _CHOICE:
        return REPEATED
    return _COMPARED if command.code == CONDITION else _OTHER


class Route:
    """The move route in the parameters of a command (11330), whose file names have a parameter for each byte."""

    def __init__(self, blob: bytes, command: Command) -> None:
        count, at = read_number(blob, command.end, command.stop)
        self.start = command.end
        self.stop = command.stop
        self.numbers: list[int] = []
        for _ in range(count):
            number, at = read_number(blob, at, command.stop)
            self.numbers.append(number)

    def names(self) -> Iterator[tuple[int, int]]:
        """Where the file names stand among the parameters: from the index of their length on, and that length."""
        numbers = self.numbers
        at = _MOVE_ROUTE_AT
        while at < len(numbers):
            code, at = numbers[at], at + 1
            if code in (_CHARACTER_SET, _SOUND):
                if at >= len(numbers) or at + numbers[at] >= len(numbers):
                    return  # shorter than it says: nothing is known of what follows
                yield at, numbers[at]
                at += 1 + numbers[at]
            at += MOVE_NUMBERS.get(code, 0)

    def name(self, at: int, length: int) -> bytes:
        """One of the names."""
        return bytes(number & 0xFF for number in self.numbers[at + 1 : at + 1 + length])

    def with_names(self, names: dict[int, bytes]) -> bytes:
        """The parameters with other names, by the indices that `names()` gives."""
        parts: list[int] = []
        position = 0
        for at, length in self.names():
            if at in names:
                parts += [*self.numbers[position:at], len(names[at]), *names[at]]
                position = at + 1 + length
        parts += self.numbers[position:]
        return write_number(len(parts)) + b"".join(map(write_number, parts))


def routes(blob: bytes, tree: Tree) -> Iterator[tuple[str, Route, int]]:
    """The move routes in commands that name files: the place, the route, the size that holds it."""
    for where in tree.lists:
        for number, command in enumerate(read_commands(blob, where.start, where.end), 1):
            if command.code == MOVE_EVENT:
                route = Route(blob, command)
                if any(True for _ in route.names()):
                    yield f"{where.path}/command/{number}", route, where.size
