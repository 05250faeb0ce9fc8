r"""The settings that the games of RPG Maker give to the formats of their files, whatever version they are of.

`columns` and `columns_face` (half-width cells of a message line without and with a face), `actor.<id>` (an actor's
name, which texts have as `\N[id]`), `names` (all names that an actor can have, separated by line feeds).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import regex

_ACTOR = "actor."
_ACTOR_CODE = regex.compile(r"\\[Nn]\[(\d+)\]")


class Columns(NamedTuple):
    """Half-width cells of a message line, without and with a face."""

    plain: int
    face: int

    def read(self, settings: Mapping[str, str]) -> "Columns":
        """The columns that `settings` state, these where they state none; numbers that are none are ignored."""
        return Columns(
            _number(settings.get("columns"), self.plain),
            _number(settings.get("columns_face"), self.face),
        )

    def of(self, *, face: bool) -> int:
        """The columns of a line, with a face beside it or without."""
        return self.face if face else self.plain

    def at(self, width: int | None) -> "Columns":
        """The columns of a line of `width` cells (None: these), of which a face takes as much as here."""
        return self if width is None else Columns(width, max(1, width - (self.plain - self.face)))

    def written(self) -> dict[str, str]:
        """The settings that state them."""
        return {"columns": str(self.plain), "columns_face": str(self.face)}


@dataclass(frozen=True, slots=True)
class Actors:
    """The actors of a game. by_id: their names. names: all names that an actor has at some time."""

    by_id: Mapping[int, str] = field(default_factory=dict[int, str])
    names: frozenset[str] = frozenset()

    @classmethod
    def read(cls, settings: Mapping[str, str]) -> "Actors":
        """The actors that `settings` state."""
        by_id = {
            int(name[len(_ACTOR) :]): value
            for name, value in settings.items()
            if name.startswith(_ACTOR) and name[len(_ACTOR) :].isdecimal()
        }
        return cls(by_id, frozenset(name for name in settings.get("names", "").split("\n") if name))

    def spoken(self, name: str, codes: "regex.Pattern[str]") -> str | None:
        r"""A speaker's name as a person reads it: `\N[1]` is the actor's name, other codes are left out."""
        resolved = _ACTOR_CODE.sub(lambda m: self.by_id.get(int(m[1]), ""), name)
        return codes.sub("", resolved).strip() or None

    def notes(self, text: str) -> tuple[str, ...]:
        r"""Who the `\N[n]` of a text are."""
        if "\\" not in text:
            return ()
        named = {m[0]: self.by_id.get(int(m[1])) for m in _ACTOR_CODE.finditer(text)}
        return tuple(f"{code} is {name}" for code, name in named.items() if name)


def written(by_id: Mapping[int, str], names: Iterable[str]) -> dict[str, str]:
    """The settings that state a game's actors; the names hold no line feed."""
    found = {f"{_ACTOR}{number}": name for number, name in by_id.items()}
    joined = "\n".join(names)
    return found | {"names": joined} if joined else found


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() and int(text) > 0 else default
