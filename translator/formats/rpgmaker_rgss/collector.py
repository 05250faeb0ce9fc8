"""Gathering the segments of a file together with the strings that their translations are written to.

A string that several places link to (`@`) is one text: the first place names it, the others are noted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from translator.core.collecting import About, Keys
from translator.core.ruby_marshal_values import Marshalled, Node, RubyObject, RubyString, Value
from translator.core.segment import Segment
from translator.formats.rpgmaker_rgss.forms import PLAIN, Form, form_of
from translator.formats.rpgmaker_rgss.texts import Texts

if TYPE_CHECKING:
    from translator.formats.rpgmaker_rgss.blocks import Block
    from translator.formats.rpgmaker_rgss.scripts import Part

NAME = "actor-name"
"""The binding of all names that people and comparisons are called by."""


class Cut(NamedTuple):
    """A part of a string's text."""

    start: int
    end: int


@dataclass(slots=True)
class Spot:
    """Where one text stands: the string, the part of it (None: all of it, in this form), strings that repeat it."""

    string: RubyString
    form: Form = PLAIN
    part: "Part | None" = None
    copies: list[RubyString] = field(default_factory=list[RubyString])


class Collector:
    """The texts found so far. Blank ones are not taken: there is nothing to translate, and nothing is shown."""

    __slots__ = ("_at", "_keys", "_linked", "_met", "blocks", "owners", "segments", "spots", "texts")

    def __init__(self, read: Marshalled, texts: Texts) -> None:
        self.texts = texts
        self._linked = Counter(read.objects[link.number] for link in read.links)
        self._met: Counter[RubyString] = Counter()
        self.segments: list[Segment] = []
        self.spots: dict[str, Spot] = {}
        self.blocks: dict[str, Block] = {}
        self.owners: dict[RubyString, str] = {}
        self._at: dict[str, int] = {}
        self._keys = Keys()

    def is_linked(self, command: "Command") -> bool:
        """Whether a command, its parameters or its string also stand elsewhere."""
        parts = (command.node, command.node.fields.get("@parameters"), command.string(0))
        return any(part in self._linked for part in parts)

    def text(self, value: Value) -> str | None:
        """The text of a string; None for what is no string, or no text in its charset."""
        return self.texts.read(value) if isinstance(value, RubyString) else None

    def add(self, key: str, value: Value, about: About) -> Spot | None:
        """Take the text of a whole string; None when it is blank, no text, or the text of another segment."""
        raw = self.text(value)
        if raw is None or not isinstance(value, RubyString) or not raw.strip():
            return None
        if value in self.owners:
            self.also(value, key, about)
            return None
        spot = Spot(value, form=form_of(raw))
        self.owners[value] = self._take(key, spot, spot.form.read(raw), about)
        return spot

    def add_part(self, key: str, spot: Spot, source: str, about: About) -> None:
        """Take the text of a part of a string."""
        if source.strip():
            self.owners.setdefault(spot.string, self._take(key, spot, source, about))

    def add_block(self, block: "Block", segment: Segment) -> None:
        """Take a text that takes several commands."""
        self.blocks[segment.key] = block
        self._keys.take(segment.key)
        for string in block.strings:
            self.owners.setdefault(string, segment.key)
        self._append(segment)

    def _take(self, key: str, spot: Spot, source: str, about: About) -> str:
        key = self._keys.new(key)
        self.spots[key] = spot
        self._append(about.segment(key, source))
        return key

    def _append(self, segment: Segment) -> None:
        self._at[segment.key] = len(self.segments)
        self.segments.append(segment)

    def meets(self, string: RubyString) -> None:
        """A string that is a segment's is met again, where it is kept in step anyhow (the copy of a choice)."""
        self._met[string] += 1

    def also(self, string: RubyString, key: str, about: About) -> None:
        """Note that a text also stands elsewhere as something else."""
        self.meets(string)
        segment = self.segments[self._at[self.owners[string]]]
        binding = segment.binding or about.binding
        if segment.role is not about.role or binding != segment.binding:
            self._note(segment, f"also used as {about.role}: {key}", binding)

    def finish(self) -> None:
        """Note the texts that other values link to which are not offered: they change too."""
        for string, links in self._linked.items():
            if isinstance(string, RubyString) and string in self.owners and links > self._met[string]:
                segment = self.segments[self._at[self.owners[string]]]
                self._note(segment, "also used where it is not shown as text", segment.binding)

    def _note(self, segment: Segment, note: str, binding: str | None) -> None:
        if note not in segment.notes:
            index = self._at[segment.key]
            self.segments[index] = replace(segment, notes=(*segment.notes, note), binding=binding)


class Command(NamedTuple):
    """An event command: its code, its indent (-1: none), its parameters, and itself."""

    code: int
    indent: int
    parameters: Sequence[Value]
    node: RubyObject

    def string(self, index: int) -> RubyString | None:
        """A parameter that is a string."""
        value = self.parameters[index] if index < len(self.parameters) else None
        return value if isinstance(value, RubyString) else None


def fields_of(value: Value) -> dict[str, Value]:
    """The instance variables of an object, none for another value."""
    return value.fields if isinstance(value, RubyObject) else {}


def is_number(value: Value) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool | Node)
