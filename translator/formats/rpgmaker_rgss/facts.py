"""What the format must know of the game around a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import regex

from translator.core.segment import Limits
from translator.formats.rpgmaker_rgss.kinds import Engine

MESSAGE_LINES = 4


class Window(NamedTuple):
    """Half-width cells of a message line without and with a face, and the size of the help window."""

    columns: int
    columns_face: int
    help_columns: int
    help_lines: int


WINDOWS = {
    Engine.ACE: Window(43, 34, 43, 2),
    Engine.VX: Window(51, 40, 50, 1),
    Engine.XP: Window(40, 40, 55, 1),
}
"""Widths in pixels as the engines' own scripts have them, in cells of half the usual font size.

Ace: a window of 544 less 24, font 24, a face takes 112 (`Window_Message#new_line_x`), help two lines of the same. VX:
544 less 32, font 20, 112 for a face, help 504 in one line. XP: a window of 480 less 32, of which 4 are left free, font
22; help 600 in one line (`Window_Help`: the window's 640 less 40).
"""

_ACTOR_CODE = regex.compile(r"\\[Nn]\[(\d+)\]")
_CODES = regex.compile(r"\\[A-Za-z]+\[[^\]\n]*\]|\\[A-Za-z]+|\\[^\w\s]")


@dataclass(frozen=True, slots=True)
class GameFacts:
    """The settings of `FormatOptions` that this format reads, the engine's own values where they are not given.

    window: see `Window`. actors: names by id. names: all names that an actor of the game has at some time.
    """

    engine: Engine
    window: Window
    actors: Mapping[int, str] = field(default_factory=dict[int, str])
    names: frozenset[str] = frozenset()

    @classmethod
    def read(cls, engine: Engine, settings: Mapping[str, str]) -> "GameFacts":
        """The facts that `settings` state; numbers that are none are ignored."""
        actors = {
            int(name[6:]): value
            for name, value in settings.items()
            if name.startswith("actor.") and name[6:].isdecimal()
        }
        usual = WINDOWS[engine]
        return cls(
            engine,
            usual._replace(
                columns=_number(settings.get("columns"), usual.columns),
                columns_face=_number(settings.get("columns_face"), usual.columns_face),
            ),
            actors,
            frozenset(name for name in settings.get("names", "").split("\n") if name),
        )

    def message(self, *, face: bool, lines: int = MESSAGE_LINES, splits: bool = False) -> Limits:
        """The room of a message. splits: it has a head, which a further message can repeat."""
        columns = self.window.columns_face if face else self.window.columns
        return Limits(columns=columns, lines=lines, wrap=True, splits=splits)

    def help(self) -> Limits:
        """The room of a description in the help window."""
        lines = self.window.help_lines
        return Limits(columns=self.window.help_columns, lines=lines, wrap=lines > 1, single=lines == 1)

    def spoken(self, name: str) -> str | None:
        r"""A speaker's name as a person reads it: `\N[1]` is the actor's name, other codes are left out."""
        resolved = _ACTOR_CODE.sub(lambda m: self.actors.get(int(m[1]), ""), name)
        return _CODES.sub("", resolved).strip() or None

    def actor_notes(self, text: str) -> tuple[str, ...]:
        r"""Who the `\N[n]` of a text are."""
        if "\\" not in text:
            return ()
        named = {m[0]: self.actors.get(int(m[1])) for m in _ACTOR_CODE.finditer(text)}
        return tuple(f"{code} is {name}" for code, name in named.items() if name)


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() and int(text) > 0 else default
