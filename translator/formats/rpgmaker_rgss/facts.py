"""What the format must know of the game around a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import regex

from translator.core.rpgmaker_settings import Actors, Columns
from translator.core.segment import Limits
from translator.formats.rpgmaker_rgss.kinds import Engine

MESSAGE_LINES = 4


class Window(NamedTuple):
    """Half-width cells of a message line, and the size of the help window."""

    columns: Columns
    help_columns: int
    help_lines: int


WINDOWS = {
    Engine.ACE: Window(Columns(43, 34), 43, 2),
    Engine.VX: Window(Columns(51, 40), 50, 1),
    Engine.XP: Window(Columns(40, 40), 55, 1),
}
"""Widths in pixels as the engines' own scripts have them, in cells of half the usual font size.

Ace: a window of 544 less 24, font 24, a face takes 112 (`Window_Message#new_line_x`), help two lines of the same. VX:
544 less 32, font 20, 112 for a face, help 504 in one line. XP: a window of 480 less 32, of which 4 are left free, font
22; help 600 in one line (`Window_Help`: the window's 640 less 40).
"""

_CODES = regex.compile(r"\\[A-Za-z]+\[[^\]\n]*\]|\\[A-Za-z]+|\\[^\w\s]")


@dataclass(frozen=True, slots=True)
class GameFacts:
    """The settings of `FormatOptions` that this format reads, the engine's own values where they are not given."""

    engine: Engine
    window: Window
    actors: Actors = field(default_factory=Actors)

    @classmethod
    def read(cls, engine: Engine, settings: Mapping[str, str]) -> "GameFacts":
        """The facts that `settings` state; numbers that are none are ignored."""
        usual = WINDOWS[engine]
        return cls(engine, usual._replace(columns=usual.columns.read(settings)), Actors.read(settings))

    def message(self, *, face: bool, lines: int = MESSAGE_LINES, splits: bool = False) -> Limits:
        """The room of a message. splits: it has a head, which a further message can repeat."""
        return Limits(columns=self.window.columns.of(face=face), lines=lines, wrap=True, splits=splits)

    def help(self) -> Limits:
        """The room of a description in the help window."""
        lines = self.window.help_lines
        return Limits(columns=self.window.help_columns, lines=lines, wrap=lines > 1, single=lines == 1)

    def spoken(self, name: str) -> str | None:
        r"""A speaker's name as a person reads it: `\N[1]` is the actor's name, other codes are left out."""
        return self.actors.spoken(name, _CODES)
