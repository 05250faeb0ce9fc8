"""Gathering the segments of a file together with the places that their translations are written to."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from translator.core.collecting import About, Keys
from translator.core.json_spans import Path, Span
from translator.core.segment import Segment
from translator.formats.rpgmaker_mv.forms import PLAIN, Form, form_of

if TYPE_CHECKING:
    from translator.formats.rpgmaker_mv.blocks import Block

NAME = "actor-name"
"""The binding of all names that people and comparisons are called by."""


class Copy(NamedTuple):
    """A string that repeats a text after `prefix`: it is written together with it."""

    anchor: int
    path: Path
    prefix: str = ""


@dataclass(slots=True)
class Spot:
    """Where one text stands: the JSON value at the index `anchor`, the path in it, how it is spelled, its copies."""

    anchor: int
    path: Path
    form: Form = PLAIN
    copies: list[Copy] = field(default_factory=list[Copy])


class Collector:
    """The texts found so far. Blank ones are not taken: there is nothing to translate, and nothing is shown."""

    __slots__ = ("_keys", "blocks", "segments", "spots")

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.spots: dict[str, Spot] = {}
        self.blocks: dict[str, Block] = {}
        self._keys = Keys()

    def add(self, key: str, raw: object, spot: Spot, about: About) -> bool:
        """Take the text of one string, as it is spelled there; False when it is blank or no string at all."""
        if not isinstance(raw, str):
            return False
        if spot.form is PLAIN and "\r" in raw:
            spot.form = form_of(raw)
        source = spot.form.read(raw)
        if not source.strip():
            return False
        key = self._keys.new(key)
        self.spots[key] = spot
        self.segments.append(about.segment(key, source))
        return True

    def add_block(self, block: "Block", segment: Segment) -> None:
        """Take a text that takes several commands."""
        self.blocks[segment.key] = block
        self._keys.take(segment.key)
        self.segments.append(segment)


class Command(NamedTuple):
    """An event command: its code, its indent (-1: none), its parameters, and where it stands."""

    code: int
    indent: int
    parameters: list[object]
    span: Span
