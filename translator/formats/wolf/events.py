"""The texts of the commands of an event's page."""

from collections import Counter
from collections.abc import Callable

from translator.core.collecting import SINGLE, About
from translator.core.segment import Role
from translator.formats.wolf.collector import Collector
from translator.formats.wolf.commands import Code, Command
from translator.formats.wolf.reader import Slot
from translator.formats.wolf.rules import (
    ADD,
    KEPT,
    OTHER,
    PICTURE_TEXT,
    SAME,
    SET_FILES,
    SET_PARTS,
    value_role,
)
from translator.formats.wolf.structure import Event

_WORDS: dict[int, str] = {
    Code.MESSAGE: "message",
    Code.CHOICES: "choices",
    Code.COMMENT: "comment",
    Code.DEBUG: "debug",
    Code.STRING_CONDITION: "condition",
    Code.SET_STRING: "string",
    Code.PICTURE: "picture",
    Code.CALL: "call",
    Code.CALL_BY_NAME: "call",
    Code.DATABASE: "database",
    Code.SET_LABEL: "label",
    Code.JUMP_LABEL: "jump",
}
_PIECE = ("a piece of a sentence that is put together in the game",)
BY_DATA_NAME = 0x20000
"""In the fourth number of command 250: the data is looked up by its name (0x10000: the type, 0x40000: the field)."""

_IS_VARIABLE = 1
"""In the highest byte of a condition of command 112: it compares with a variable, not with the string."""


def take_event(event: Event, kind: str, collector: Collector) -> None:
    """Take the texts of an event: `event` of a map, `common`."""
    collector.hold(f"{kind}/{event.id}/name", event.name, "event name")
    for number, commands in enumerate(event.pages, 1):
        scene = f"{kind}/{event.id}" if kind == "common" else f"{kind}/{event.id}/page/{number}"
        _take_page(commands, scene, collector)


def _take_page(commands: list[Command], scene: str, collector: Collector) -> None:
    counts: Counter[str] = Counter()
    for command in commands:
        if not command.strings:
            continue
        word = _WORDS.get(command.code) or f"command-{command.code}"
        counts[word] += 1
        _TAKERS.get(command.code, _hold)(command, f"{scene}/{word}/{counts[word]}", scene, collector)


def _take_message(command: Command, key: str, scene: str, collector: Collector) -> None:
    collector.message(key, command.strings[0], scene)


def _take_choices(command: Command, key: str, scene: str, collector: Collector) -> None:
    for place, slot in enumerate(command.strings, 1):
        collector.shown(f"{key}/{place}", slot, About(Role.CHOICE, scene, limits=SINGLE))


def _take_condition(command: Command, key: str, scene: str, collector: Collector) -> None:
    for place, (slot, operator) in enumerate(zip(command.strings, operators(command), strict=False), 1):
        if operator in (SAME, OTHER):
            collector.compared(f"{key}/{place}", slot, About(Role.TERM, scene))
        elif operator >= 0:
            collector.hold(f"{key}/{place}", slot, "searched for as a part")


def _take_picture(command: Command, key: str, scene: str, collector: Collector) -> None:
    if picture_kind(command) == PICTURE_TEXT:
        collector.shown(key, command.strings[0], About(Role.TERM, scene, notes=("text drawn as a picture",)))
    else:
        collector.hold(key, command.strings[0], "file name")


def _take_call(command: Command, key: str, scene: str, collector: Collector) -> None:
    collector.hold(f"{key}/event", command.strings[0], "event name")
    for place, slot in enumerate(command.strings[1:], 1):
        _take_value(f"{key}/{place}", slot, scene, collector)


def _hold(command: Command, key: str, scene: str, collector: Collector) -> None:
    del scene
    for place, slot in enumerate(command.strings, 1):
        at = key if len(command.strings) == 1 else f"{key}/{place}"
        collector.hold(at, slot, KEPT.get(command.code, "name or file"))


def _take_value(key: str, slot: Slot, scene: str, collector: Collector, notes: tuple[str, ...] = ()) -> None:
    text = collector.opened.text(slot) or ""
    collector.value(key, slot, About(value_role(text), scene, notes=notes))


def _take_string(command: Command, key: str, scene: str, collector: Collector) -> None:
    operation = set_operation(command)
    for place, slot in enumerate(command.strings, 1):
        at = key if place == 1 else f"{key}/{place}"
        if operation in SET_FILES:
            collector.hold(at, slot, "file name")
        elif operation in SET_PARTS or place > 1:
            collector.hold(at, slot, "searched for as a part")
        else:
            _take_value(at, slot, scene, collector, _PIECE if operation == ADD else ())


def _take_database(command: Command, key: str, scene: str, collector: Collector) -> None:
    names = ("type name", "data name", "field name")
    _take_value(key, command.strings[0], scene, collector)
    for place, (slot, reason) in enumerate(zip(command.strings[1:], names, strict=False), 1):
        at = f"{key}/{reason.split()[0]}"
        text = collector.opened.text(slot)
        if place == 2 and text in collector.facts.bound and looks_up_data(command):  # noqa: PLR2004
            collector.compared(at, slot, About(Role.NAME, scene))
        else:
            collector.hold(at, slot, reason)


_TAKERS: dict[int, Callable[[Command, str, str, Collector], None]] = {
    Code.MESSAGE: _take_message,
    Code.CHOICES: _take_choices,
    Code.SET_STRING: _take_string,
    Code.STRING_CONDITION: _take_condition,
    Code.PICTURE: _take_picture,
    Code.CALL: _take_call,
    Code.CALL_BY_NAME: _take_call,
    Code.DATABASE: _take_database,
}


def operators(command: Command) -> list[int]:
    """The operators of a 112, one for each condition; -1 where it compares with a variable."""
    count = command.numbers[0] & 15 if command.numbers else 0
    found = command.numbers[1 : 1 + count]
    return [-1 if number >> 24 & _IS_VARIABLE else number >> 28 for number in found]


def picture_kind(command: Command) -> int:
    """What a 150 shows: 0 a file, 1 a file by variable, 2 text, 3 a window's file, 4 that by variable."""
    return command.numbers[0] >> 4 & 7 if command.numbers else 0


def set_operation(command: Command) -> int:
    """What a 122 does with its string."""
    return command.numbers[1] >> 8 & 15 if len(command.numbers) > 1 else 0


def looks_up_data(command: Command) -> bool:
    """Whether a 250 finds its data by name."""
    return len(command.numbers) > 3 and bool(command.numbers[3] & BY_DATA_NAME)  # noqa: PLR2004
