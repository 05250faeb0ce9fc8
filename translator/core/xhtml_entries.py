"""What `core.xhtml_walk` finds: open elements, texts, and originals beside their translations."""

from dataclasses import dataclass
from typing import NamedTuple

from translator.core.segment import Role
from translator.core.xhtml_text import Run
from translator.core.xhtml_words import Words
from translator.core.xml_spans import Attribute, MarkupFile, Token, attributes

HEADING = "heading"
"""The binding of headings, and of what repeats them (labels of a table of contents, titles of files)."""

AUTHOR = "author"
"""The binding of an author's name in the description of a book."""

_AUTHORS = ("creator", "docauthor")

_PlaceKey = tuple[frozenset[str], str | None, bool]
"""The open elements that tell what a text is, the nearest that gives it a role, whether a `<title>` is the nearest."""

_OUTSIDE: _PlaceKey = (frozenset(), None, False)


class Said(NamedTuple):
    """What an element says that its language is, and the next one around it that says so, if it is not the root."""

    values: tuple[Attribute, ...]
    outer: "Said | None"


def said_language(file: MarkupFile, tag: Token) -> tuple[Attribute, ...]:
    """The attributes of a start tag that say what language its element is in."""
    found = attributes(file.text, tag, html=file.html)
    return tuple(a for a in found if a.name in ("lang", "xml:lang") and a.start < a.end)


@dataclass(frozen=True, slots=True)
class Pair:
    """The original beside a translation, and the spans that go where the translation is taken back."""

    original: Run
    extra: tuple[tuple[int, int], ...]


class Entry(NamedTuple):
    """A text: a run, or the value of an attribute (`run` is None), and what is known of it.

    block: the element that a run is all of, as a WHOLE token. said: what blocks say of its language.
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
    said: Said | None = None


_NARROW = frozenset(("caption", "hgroup", "legend", "summary"))


class Place:
    """What a text is by the open elements around it. role: None where its own words tell. titled: right in a `<title>`.
    narrow: where no second paragraph and no table may stand.
    """

    __slots__ = ("_inner", "_key", "_known", "_words", "binding", "chapter", "heading", "narrow", "role", "titled")

    def __init__(self, words: Words, key: _PlaceKey = _OUTSIDE, known: "dict[_PlaceKey, Place] | None" = None) -> None:
        """Outside of all elements; the other arguments are for `within`."""
        names, named, self.titled = self._key = key
        self._words = words
        self._known: dict[_PlaceKey, Place] = {} if known is None else known
        self._inner: dict[str, Place] = {}
        self.heading = not words.headings.isdisjoint(names)
        self.chapter = not words.chapters.isdisjoint(names) and "poem" not in names
        self.role = None if named is None else words.roles[named]
        bound = (self.heading or "nav" in names) and self.role is not Role.NAME
        self.binding = HEADING if bound else AUTHOR if named in _AUTHORS else None
        self.narrow = not _NARROW.isdisjoint(names)

    def within(self, name: str) -> "Place":
        """The place in an element of this name that stands here."""
        place = self._inner.get(name)
        if place is None:
            words, (names, named, _) = self._words, self._key
            tells = words.headings | words.chapters | words.roles.keys() | _NARROW | {"nav", "poem"}
            key = (names | ({name} & tells), name if name in words.roles else named, name == "title")
            place = self._known.get(key) or Place(words, key, self._known)
            self._inner[name] = self._known[key] = place
        return place


class Around(NamedTuple):
    """What the open elements are to a text: its place, the nearest id, what they say of its language."""

    place: Place
    owner: str | None = None
    said: Said | None = None


@dataclass(slots=True)
class Frame:
    """An open block element: its tag's token, its classes, what it is to the texts in it."""

    name: str
    token: int
    around: Around
    classes: tuple[str, ...] = ()
