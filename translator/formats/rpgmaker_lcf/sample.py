"""What a game's files let suppose of it: its code page, and the names of its heroes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from translator.core.document import FormatError
from translator.formats.rpgmaker_lcf.codepage import detect
from translator.formats.rpgmaker_lcf.commands import (
    HERO_NAME,
    MESSAGE,
    MESSAGE_LINE,
    OPTION,
    TELEPORT_TARGETS,
    parameters,
    read_commands,
)
from translator.formats.rpgmaker_lcf.tree import Tree, read_tree

_SHOWN = frozenset({MESSAGE, MESSAGE_LINE, OPTION})
_TRANSLATED = frozenset({
    "menu_save", "menu_quit", "new_game", "load_game", "exit_game", "status", "row", "order", "wait_on", "wait_off",
    "level", "health_points", "spirit_points", "normal_status", "sp_cost", "attack", "defense", "spirit", "agility",
    "weapon", "shield", "armor", "helmet", "accessory", "save_game_message", "load_game_message", "exit_game_message",
    "file", "yes", "no",
})  # fmt: skip
"""The terms that makers of games write in their own language, as liblcf's `ReaderUtil::DetectEncodings` has it; the
others, and the messages of states, are often left as the editor has them.
"""


@dataclass(slots=True)
class Sample:
    """The strings above ASCII of some files, and the names that heroes have or get, in bytes.

    events: what events show. own: the title, and what the game's makers wrote of the database. others: of the
    database, what may be left from the editor's own, which is Japanese. actors: names by id. targets: the maps that a
    command adds to the menu of a skill that teleports (its parameters: 0 to add, the map; EasyRPG Player's
    `CommandTeleportTargets`).
    """

    events: list[bytes] = field(default_factory=list[bytes])
    own: list[bytes] = field(default_factory=list[bytes])
    others: list[bytes] = field(default_factory=list[bytes])
    actors: dict[int, bytes] = field(default_factory=dict[int, bytes])
    names: list[bytes] = field(default_factory=list[bytes])
    targets: set[int] = field(default_factory=set[int])
    order: tuple[int, ...] = ()

    def add(self, blob: bytes) -> None:
        """Take the strings of a file; raises FormatError."""
        tree = read_tree(blob)
        self.order = tree.order or self.order
        self._texts(blob, tree)
        for where in tree.lists:
            for command in read_commands(blob, where.start, where.end):
                if command.code == HERO_NAME:
                    self.names.append(blob[command.start : command.end])
                if command.code == TELEPORT_TARGETS:
                    match parameters(blob, command, 2):
                        case [0, number]:
                            self.targets.add(number)
                        case _:
                            pass
                if command.code in _SHOWN:
                    raw = blob[command.start : command.end]
                    if not raw.isascii():
                        self.events.append(raw)

    def _texts(self, blob: bytes, tree: Tree) -> None:
        for text in tree.texts:
            raw = blob[text.start : text.end]
            area, _, rest = text.path.partition("/")
            if area == "actors" and rest.endswith("/name"):
                number = rest.partition("/")[0]
                self.names.append(raw)
                if number.isdecimal():
                    self.actors[int(number)] = raw
            if not text.reason and not raw.isascii():
                (self.others if _may_be_left(text.path) else self.own).append(raw)

    def codec(self, language: str = "") -> str:
        """The codec that they read best in. language: the one that the game is said to be in."""
        return detect(self.events, self.own, self.others, language=language)


def detect_in(blobs: Iterable[bytes]) -> str:
    """The codec of some files of a game; those that are damaged are passed over."""
    sample = Sample()
    for blob in blobs:
        for found in _readable(blob):
            sample.events += found.events
            sample.own += found.own
            sample.others += found.others
    return sample.codec()


def _may_be_left(path: str) -> bool:
    """Whether a text of the database may be the editor's own."""
    area, _, rest = path.partition("/")
    return (area == "terms" and rest not in _TRANSLATED) or (area == "states" and "/message_" in rest)


def _readable(blob: bytes) -> Iterator[Sample]:
    sample = Sample()
    try:
        sample.add(blob)
    except FormatError:
        return  # opening it says what is wrong with it
    yield sample
