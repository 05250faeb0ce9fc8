"""What the format must know of the game around a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import regex

from translator.core.segment import Limits

COLUMNS = 50
COLUMNS_FACE = 38
LINES = 4
CHOICE_INDENT = 2
"""Half-width cells: a line is 300 of the screen's 320 pixels, a cell 6; a face takes 72, a choice's indent 12."""

_ACTOR_CODE = regex.compile(r"\\[Nn]\[(\d+)\]")
_CODES = regex.compile(r"\\[A-Za-z]\[[^\]\n]*\]|\\[^\w\s]")
_QUOTES = ("「", "『", "（", "(", "“", '"')
_NAME = r"((?:\\[Nn]\[\d+\]|[^\\\n。、！？!?…「」『』（）【】:：]){1,16})"
_CODE = r"(?:\\[A-Za-z]\[[^\[\]\n]*\]|\\[.|!><^])*"
_BRACKETS = regex.compile(rf"{_CODE}【{_NAME}】{_CODE}[ \t\u3000]*(?:\n|(?=[「『（]))")
_COLON = regex.compile(rf"{_CODE}{_NAME}{_CODE}[:：]{_CODE}[ \t\u3000]*\n")
_FIRST_LINE = regex.compile(rf"{_CODE}{_NAME}{_CODE}[ \t\u3000]*\n")
_BEFORE_QUOTE = regex.compile(rf"{_CODE}{_NAME}{_CODE}[「『]")


@dataclass(frozen=True, slots=True)
class GameFacts:
    """The settings of `FormatOptions` that this format reads; the engine's own values where they are not given.

    actors: names by id. names: all names that an actor of the game has at some time.
    """

    columns: int = COLUMNS
    columns_face: int = COLUMNS_FACE
    actors: Mapping[int, str] = field(default_factory=dict[int, str])
    names: frozenset[str] = frozenset()

    @classmethod
    def read(cls, settings: Mapping[str, str]) -> "GameFacts":
        """The facts that `settings` state; numbers that are none are ignored."""
        actors = {
            int(name[6:]): value
            for name, value in settings.items()
            if name.startswith("actor.") and name[6:].isdecimal()
        }
        return cls(
            columns=_number(settings.get("columns"), COLUMNS),
            columns_face=_number(settings.get("columns_face"), COLUMNS_FACE),
            actors=actors,
            names=frozenset(name for name in settings.get("names", "").split("\n") if name),
        )

    def message(self, *, face: bool, below: int, splits: bool) -> Limits:
        """The room of a message. below: lines of its box that a choice or a number takes."""
        columns = self.columns_face if face else self.columns
        return Limits(columns=columns, lines=LINES - below, wrap=True, splits=splits and not below)

    def choice(self, *, face: bool) -> Limits:
        """The room of a choice's option."""
        columns = self.columns_face if face else self.columns
        return Limits(columns=max(1, columns - CHOICE_INDENT), single=True)

    def speaker(self, text: str) -> str | None:
        r"""Who surely speaks a message: `【name】`, `name:`, a name before a quote, also as `\N[1]`."""
        found = _COLON.match(text) or (_BRACKETS.match(text) if "【" in text else None)
        if found is None and any(quote in text for quote in _QUOTES):
            found = _FIRST_LINE.match(text)
            if found and not text[found.end() :].lstrip("\u3000 ").startswith(_QUOTES):
                found = None
            if found is None:
                found = _BEFORE_QUOTE.match(text)
                if found and found[1].strip() not in self.names and not found[1].startswith("\\"):
                    found = None
        return self.spoken(found[1]) if found else None

    def spoken(self, name: str) -> str | None:
        r"""A name as a person reads it: `\N[1]` is the actor's name, other codes are left out."""
        resolved = _ACTOR_CODE.sub(lambda m: self.actors.get(int(m[1]), ""), name)
        return _CODES.sub("", resolved).strip() or None

    def notes(self, text: str) -> tuple[str, ...]:
        r"""Who the `\N[n]` of a text are."""
        if "\\" not in text:
            return ()
        named = {m[0]: self.actors.get(int(m[1])) for m in _ACTOR_CODE.finditer(text)}
        return tuple(f"{code} is {name}" for code, name in named.items() if name)


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() and int(text) > 0 else default
