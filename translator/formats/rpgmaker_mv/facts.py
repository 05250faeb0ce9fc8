"""What the format must know of the game around a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import regex

from translator.core.segment import Limits

MV_COLUMNS = 55
MV_COLUMNS_FACE = 43
MESSAGE_LINES = 4
HELP_LINES = 2

_ACTOR_CODE = regex.compile(r"\\[Nn]\[(\d+)\]")
_CODES = regex.compile(r"\\[A-Za-z]+\[[^\]\n]*\]|\\[A-Za-z]+|\\[^\w\s]")


@dataclass(frozen=True, slots=True)
class GameFacts:
    """The settings of `FormatOptions` that this format reads, MV's own values where they are not given.

    columns, columns_face: half-width cells of a message line without and with a face. actors: names by id. names:
    all names that an actor of the game has at some time. locale: what System.json is given as its locale.
    """

    columns: int = MV_COLUMNS
    columns_face: int = MV_COLUMNS_FACE
    actors: Mapping[int, str] = field(default_factory=dict[int, str])
    names: frozenset[str] = frozenset()
    locale: str | None = None

    @classmethod
    def read(cls, settings: Mapping[str, str]) -> "GameFacts":
        """The facts that `settings` state; numbers that are none are ignored."""
        actors = {
            int(name[6:]): value
            for name, value in settings.items()
            if name.startswith("actor.") and name[6:].isdecimal()
        }
        return cls(
            columns=_number(settings.get("columns"), MV_COLUMNS),
            columns_face=_number(settings.get("columns_face"), MV_COLUMNS_FACE),
            actors=actors,
            names=frozenset(name for name in settings.get("names", "").split("\n") if name),
            locale=settings.get("locale") or None,
        )

    def message(self, *, face: bool, lines: int = MESSAGE_LINES, splits: bool = False) -> Limits:
        """The room of a message. splits: it has a head, which a further message can repeat."""
        return Limits(columns=self.columns_face if face else self.columns, lines=lines, wrap=True, splits=splits)

    def help(self) -> Limits:
        """The room of a description in the help window."""
        return Limits(columns=self.columns, lines=HELP_LINES, wrap=True)

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
