"""What the format must know of the game around a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import regex

from translator.core.rpgmaker_settings import Actors, Columns
from translator.core.segment import Limits

MV_COLUMNS = Columns(55, 43)
MESSAGE_LINES = 4
HELP_LINES = 2

_CODES = regex.compile(r"\\[A-Za-z]+\[[^\]\n]*\]|\\[A-Za-z]+|\\[^\w\s]")


@dataclass(frozen=True, slots=True)
class GameFacts:
    """The settings of `FormatOptions` that this format reads, MV's own values where they are not given.

    locale: what System.json is given as its locale.
    """

    columns: Columns = MV_COLUMNS
    actors: Actors = field(default_factory=Actors)
    locale: str | None = None

    @classmethod
    def read(cls, settings: Mapping[str, str]) -> "GameFacts":
        """The facts that `settings` state; numbers that are none are ignored."""
        return cls(
            columns=MV_COLUMNS.read(settings),
            actors=Actors.read(settings),
            locale=settings.get("locale") or None,
        )

    def message(self, *, face: bool, lines: int = MESSAGE_LINES, splits: bool = False) -> Limits:
        """The room of a message. splits: it has a head, which a further message can repeat."""
        return Limits(columns=self.columns.of(face=face), lines=lines, wrap=True, splits=splits)

    def help(self) -> Limits:
        """The room of a description in the help window."""
        return Limits(columns=self.columns.plain, lines=HELP_LINES, wrap=True)

    def spoken(self, name: str) -> str | None:
        r"""A speaker's name as a person reads it: `\N[1]` is the actor's name, other codes are left out."""
        return self.actors.spoken(name, _CODES)
