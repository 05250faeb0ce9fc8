"""What the format must know of the game around a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import regex

from translator.core.rpgmaker_settings import Actors, Columns
from translator.core.segment import Limits
from translator.core.speakers import has_quote, opens_quote

COLUMNS = Columns(50, 38)
LINES = 4
CHOICE_INDENT = 2
"""Half-width cells: a line is 300 of the screen's 320 pixels, a cell 6; a face takes 72, a choice's indent 12."""

_NUMBER = regex.compile(r"[0-9]{1,9}")
_CODES = regex.compile(r"\\[A-Za-z]\[[^\]\n]*\]|\\[^\w\s]")
_NAME = r"((?:\\[Nn]\[\d+\]|[^\\\n。、！？!?…「」『』（）【】:：]){1,16})"
_CODE = r"(?:\\[A-Za-z]\[[^\[\]\n]*\]|\\[.|!><^])*"
_BRACKETS = regex.compile(rf"{_CODE}【{_NAME}】{_CODE}[ \t\u3000]*(?:\n|(?=[「『（]))")
_COLON = regex.compile(rf"{_CODE}{_NAME}{_CODE}[:：]{_CODE}[ \t\u3000]*\n")
_FIRST_LINE = regex.compile(rf"{_CODE}{_NAME}{_CODE}[ \t\u3000]*\n")
_BEFORE_QUOTE = regex.compile(rf"{_CODE}{_NAME}{_CODE}[「『]")


@dataclass(frozen=True, slots=True)
class GameFacts:
    """The settings of `FormatOptions` that this format reads; the engine's own values where they are not given.

    targets: the maps whose names the menu of a skill that teleports shows.
    """

    columns: Columns = COLUMNS
    actors: Actors = field(default_factory=Actors)
    targets: frozenset[int] = frozenset()

    @classmethod
    def read(cls, settings: Mapping[str, str]) -> "GameFacts":
        """The facts that `settings` state; numbers that are none are ignored."""
        targets = (int(word) for word in settings.get("targets", "").split() if _NUMBER.fullmatch(word))
        return cls(COLUMNS.read(settings), Actors.read(settings), frozenset(targets))

    def message(self, *, face: bool, below: int, splits: bool) -> Limits:
        """The room of a message. below: lines of its box that a choice or a number takes."""
        return Limits(columns=self.columns.of(face=face), lines=LINES - below, wrap=True, splits=splits and not below)

    def choice(self, *, face: bool) -> Limits:
        """The room of a choice's option."""
        return Limits(columns=max(1, self.columns.of(face=face) - CHOICE_INDENT), single=True)

    def speaker(self, text: str) -> str | None:
        r"""Who surely speaks a message: `【name】`, `name:`, a name before a quote, also as `\N[1]`."""
        found = _COLON.match(text) or (_BRACKETS.match(text) if "【" in text else None)
        if found is None and has_quote(text):
            found = _FIRST_LINE.match(text)
            if found and not opens_quote(text[found.end() :]):
                found = None
            if found is None:
                found = _BEFORE_QUOTE.match(text)
                if found and found[1].strip() not in self.actors.names and not found[1].startswith("\\"):
                    found = None
        return self.spoken(found[1]) if found else None

    def spoken(self, name: str) -> str | None:
        r"""A name as a person reads it: `\N[1]` is the actor's name, other codes are left out."""
        return self.actors.spoken(name, _CODES)
