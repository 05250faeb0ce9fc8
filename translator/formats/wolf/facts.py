"""What the format must know of the game around a file."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

FILE_FIELD = 1
_NUMBER = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """A field of a database: the names of its type and its own, and how its value is chosen (1: a file)."""

    type: str = ""
    name: str = ""
    kind: int = 0


@dataclass(frozen=True, slots=True)
class GameFacts:
    """The settings of `FormatOptions` that this format reads.

    fixed: strings that stay wherever they are values, since they are looked up. bound: strings that are compared or
    looked up and change together. parts: strings that others are searched for. names: the types of this database whose
    data's names are read into strings. closed: too much is looked up to tell; no value is offered. fields: those of
    this file's database, by type and field.
    """

    fixed: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    names: frozenset[int] = frozenset()
    closed: bool = False
    fields: Mapping[tuple[int, int], FieldFacts] = field(default_factory=dict[tuple[int, int], FieldFacts])

    @classmethod
    def read(cls, settings: Mapping[str, str]) -> "GameFacts":
        """The facts that `settings` state; what is no JSON of the right shape is ignored."""
        return cls(
            fixed=frozenset(_strings(settings.get("fixed"))),
            bound=frozenset(_strings(settings.get("bound"))),
            parts=tuple(_strings(settings.get("parts"))),
            names=frozenset(int(word) for word in settings.get("names", "").split() if _NUMBER.fullmatch(word)),
            closed=settings.get("closed") == "1",
            fields=_fields(settings.get("fields")),
        )


def write_fields(types: list[tuple[str, list[tuple[str, int]]]]) -> str:
    """The setting `fields`: for each type its name and its fields' names and kinds."""
    return json.dumps(types, ensure_ascii=False, separators=(",", ":"))


def _json(text: str | None) -> object:
    if text is None:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _strings(text: str | None) -> list[str]:
    return [item for item in _list(_json(text)) if isinstance(item, str)]


def _fields(text: str | None) -> dict[tuple[int, int], FieldFacts]:
    found: dict[tuple[int, int], FieldFacts] = {}
    for number, row in enumerate(_list(_json(text))):
        pair = _list(row)
        if len(pair) != 2 or not isinstance(pair[0], str):  # noqa: PLR2004  a name and its fields
            continue
        for place, item in enumerate(_list(pair[1])):
            match _list(item):
                case [str(called), int(kind)]:
                    found[number, place] = FieldFacts(pair[0], called, kind)
                case _:
                    pass
    return found


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
