"""What `core.xhtml_walk` finds: open elements, texts, and originals beside their translations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from translator.core.segment import Role
from translator.core.xhtml_text import Run
from translator.core.xhtml_words import Words
from translator.core.xml_spans import Attribute, Token

HEADING = "heading"
"""The binding of headings, and of what repeats them (labels of a table of contents, titles of files)."""

AUTHOR = "author"
"""The binding of an author's name in the description of a book."""

_AUTHORS = ("creator", "docauthor")


@dataclass(slots=True)
class Frame:
    """An open block element: its tag's token, its id, its classes."""

    name: str
    token: int
    ident: str | None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """The original beside a translation, and the spans that go where the translation is taken back."""

    original: Run
    extra: tuple[tuple[int, int], ...]


class Entry(NamedTuple):
    """A text: a run, or the value of an attribute (`run` is None), and what is known of it.

    block: the element that a run is all of, as a WHOLE token.
    """

    key: str
    role: Role
    scene: int
    binding: str | None
    run: Run | None
    block: Token | None = None
    value: Attribute | None = None
    source: str = ""
    plain: bool = False
    pair: Pair | None = None


class Place(NamedTuple):
    """What a text is by the elements around it. role: None where its own words tell. titled: right in a `<title>`.
    narrow: where no second paragraph and no table may stand.
    """

    heading: bool
    chapter: bool
    titled: bool
    role: Role | None
    binding: str | None
    narrow: bool


_NARROW = frozenset(("caption", "hgroup", "legend", "summary"))


def place_of(words: Words, frames: Sequence[str]) -> Place:
    """What a text is in these open elements, the outermost first."""
    heading = any(name in words.headings for name in frames)
    chapter = any(name in words.chapters for name in frames) and "poem" not in frames
    named = next((name for name in reversed(frames) if name in words.roles), None)
    role = None if named is None else words.roles[named]
    bound = (heading or "nav" in frames) and role is not Role.NAME
    binding = HEADING if bound else AUTHOR if named in _AUTHORS else None
    return Place(heading, chapter, frames[-1:] == ("title",), role, binding, not _NARROW.isdisjoint(frames))
