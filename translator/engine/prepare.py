"""From a text to what the model sees of it, and back."""

from collections.abc import Sequence
from dataclasses import dataclass

from translator.core.finding import Finding
from translator.core.languages import Language
from translator.core.markup import MarkupSyntax
from translator.core.work import Unit
from translator.engine.desk import Desk


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text that the model sees, as `count` lines from its `first` on, and what was taken off around it.

    source: the part as it stands in the text. sent: each line as the model sees it, before a speaker is added.
    standins: (stand-in, code) in order. spelled: for the digits that were sent half-width, (sent, as it was).
    """

    first: int
    count: int
    before: str
    source: str
    after: str
    codes: tuple[str, ...] = ()
    standins: tuple[tuple[str, str], ...] = ()
    spelled: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A unit as the model sees it. lines: never empty ones, never with a line feed; parts: how they go back."""

    unit: Unit
    lines: tuple[str, ...]
    parts: tuple[str | Stretch, ...]
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """A unit's translation, markup and line breaks back in place, and what is wrong with it."""

    target: str
    findings: tuple[Finding, ...] = ()


def translatable(source: str, markup: MarkupSyntax, language: Language | None) -> bool:
    """Whether there is something to translate outside the markup: letters of the language's scripts.

    Any letter counts for a language of the Latin script and for None (the language is not known).
    """
    ...


def prepare(unit: Unit, desk: Desk) -> Prepared:
    """What the model sees of a unit; no lines at all where there is nothing to translate."""
    ...


def restore(prepared: Prepared, lines: Sequence[str], desk: Desk) -> Restored:
    """The translation of a unit from the model's lines for it, as many as `prepared.lines` (else ValueError)."""
    ...
