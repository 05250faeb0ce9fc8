"""Gathering the segments of a file together with the places that their translations are written to."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from translator.core.json_spans import Path, Span
from translator.core.segment import NO_LIMITS, Limits, Role, Segment
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


@dataclass(frozen=True, slots=True)
class About:
    """What holds for a text beside its source."""

    role: Role
    scene: str = ""
    speaker: str | None = None
    notes: tuple[str, ...] = ()
    limits: Limits = NO_LIMITS
    binding: str | None = None


SINGLE = Limits(single=True)


class Collector:
    """The texts found so far. Blank ones are not taken: there is nothing to translate, and nothing is shown."""

    __slots__ = ("blocks", "segments", "spots")

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.spots: dict[str, Spot] = {}
        self.blocks: dict[str, Block] = {}

    def add(self, key: str, raw: object, spot: Spot, about: About) -> bool:
        """Take the text of one string, as it is spelled there; False when it is blank or no string at all."""
        if not isinstance(raw, str):
            return False
        if spot.form is PLAIN and "\r" in raw:
            spot.form = form_of(raw)
        source = spot.form.read(raw)
        if not source.strip():
            return False
        key = self._unique(key)
        limits = about.limits
        if limits.single and "\n" in source:
            limits = Limits(columns=limits.columns, lines=limits.lines)
        self.spots[key] = spot
        self.segments.append(
            Segment(
                key=key,
                source=source,
                role=about.role,
                scene=about.scene,
                speaker=about.speaker,
                notes=about.notes,
                limits=limits,
                binding=about.binding,
            )
        )
        return True

    def add_block(self, block: "Block", segment: Segment) -> None:
        """Take a text that takes several commands."""
        self.blocks[segment.key] = block
        self.segments.append(segment)

    def _unique(self, key: str) -> str:
        """A key that nothing has yet: two things of the same name are told apart by their order."""
        if key not in self.spots and key not in self.blocks:
            return key
        number = 2
        while f"{key}#{number}" in self.spots:
            number += 1
        return f"{key}#{number}"


class Command(NamedTuple):
    """An event command: its code, its indent (-1: none), its parameters, and where it stands."""

    code: int
    indent: int
    parameters: list[object]
    span: Span
