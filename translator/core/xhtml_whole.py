"""Elements that `core.xml_spans` takes whole: their texts, as `core.xhtml_text.read_run` would read them."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from translator.core.xhtml_text import (
    BLANK,
    KEPT,
    READING,
    RUBY,
    Code,
    Run,
    joined,
    local,
    read_text,
    settle,
    show_code,
    unbroken,
)
from translator.core.xhtml_words import INLINES, OPAQUE
from translator.core.xml_patterns import opaque
from translator.core.xml_references import NAME

_PIECE = re.compile(rf"(<(?:{opaque(OPAQUE)}|[^<>]*)>)")
_NAME = re.compile(rf"</?({NAME})")


_MARKS = re.compile(rf"<(?:{'|'.join(INLINES)})[ \t\r\n][^<>]*?(?:translate|hidden|style=[^<>]*none)", re.IGNORECASE)


def has_marks(text: str) -> bool:
    """Whether tags within lines of text may say that they are not to be translated, or that they are hidden."""
    return any(word in text for word in _MARK_WORDS) and _MARKS.search(text) is not None


_MARK_WORDS = ("translate", "hidden", "Hidden", "display", "DISPLAY")


class _Tag(NamedTuple):
    """A code. shown: as it is in a text. name: without prefix. opens: 1 for a start tag, -1 for an end tag, else 0."""

    shown: str
    name: str
    opens: int


class WholeReader:
    """Reads the elements of one file, of which many have the same tags in them."""

    def __init__(self, *, html: bool) -> None:
        self._html = html
        self._tags: dict[str, _Tag] = {}
        self._plain: set[str] = set()  # those of the tags that are not odd

    def read(self, raw: str, start: int) -> Run | None:
        """The run that `raw`, which stands at `start`, holds; None where there is nothing but white space."""
        bare = raw.lstrip(BLANK)
        start += len(raw) - len(bare)
        bare = bare.rstrip(BLANK)
        simple = "&" not in bare and "\n" not in bare and "\r" not in bare
        if "<" in bare:
            pieces = _PIECE.split(bare)  # text, tag, text, ..., text
            if not (simple and pieces[0] and pieces[-1] and self._plain.issuperset(pieces[1::2])):
                return self._with_tags(pieces, start)
            return Run(start, start + len(bare), bare, "".join(pieces[::2]).strip(), None)
        if simple:
            return Run(start, start + len(bare), bare, bare.strip(), None) if bare else None
        shown = settle(unbroken(read_text(bare, html=self._html)))
        return Run(start, start + len(bare), shown, shown.strip(), ())

    def _with_tags(self, pieces: list[str], start: int) -> Run | None:
        known = self._tags
        tags = [known.get(piece) or self._tag(piece) for piece in pieces[1::2]]
        span = _inside(pieces, tags)
        if span is None:
            return None
        first, last = span
        start += sum(map(len, pieces[:first]))
        pieces, tags = pieces[first : last + 1], tags[first // 2 : last // 2]
        head = pieces[0].lstrip(BLANK)
        start += len(pieces[0]) - len(head)
        pieces[0] = head
        pieces[-1] = pieces[-1].rstrip(BLANK)
        raw = "".join(pieces)
        if "&" not in raw and "\n" not in raw and "\r" not in raw and self._plain.issuperset(pieces[1::2]):
            return Run(start, start + len(raw), raw, "".join(pieces[::2]).strip(), None)
        return self._odd(raw, start, pieces, tags)

    def _tag(self, raw: str) -> _Tag:
        found = _NAME.match(raw)
        spelled = "" if found is None else found[1]
        name = local(spelled)
        closes = raw.startswith("</")
        end = raw.index(">") + 1
        shown = show_code(raw, "" if closes else spelled, end, html=self._html)
        opens = -1 if closes else 0 if end < len(raw) or raw.endswith("/>") else 1
        if shown == raw and name != "br" and name not in READING and end == len(raw):
            self._plain.add(raw)
        found = self._tags[raw] = _Tag(shown, name, opens)
        return found

    def _odd(self, raw: str, start: int, pieces: Sequence[str], tags: Sequence[_Tag]) -> Run:
        parts: list[str] = []
        plain: list[str] = []
        codes: list[Code] = []
        breaks: list[str] = []
        reading = 0
        at = start
        for number, piece in enumerate(pieces):
            end = at + len(piece)
            if not number % 2:
                shown = unbroken(read_text(piece, html=self._html))
                parts.append(shown)
                if not reading:
                    plain.append(shown)
            else:
                shown, name, opens = tags[number // 2]
                if name == "br" and opens >= 0:
                    parts.append("\n")
                    plain.append("\n")
                    breaks.append(piece)
                else:
                    if name in READING:
                        reading += opens
                    codes.append(Code(shown, at, end))
                    parts.append(shown.replace("&", KEPT))
            at = end
        return joined(raw, start, parts, plain, codes, breaks)


def _inside(pieces: Sequence[str], tags: Sequence[_Tag]) -> tuple[int, int] | None:
    """The first and the last piece without line breaks at the edges and pairs of tags that hold all of it; None where
    there is only white space.
    """
    first, last = _without_breaks(pieces, tags, 0, len(pieces) - 1)
    if first == last and not pieces[first].strip(BLANK):
        return None
    partners: Mapping[int, int] | None = None
    while first < last and not pieces[first].strip(BLANK) and not pieces[last].strip(BLANK):
        opening = tags[first // 2]
        if opening.opens <= 0 or opening.name in RUBY or tags[last // 2 - 1].opens >= 0:
            break
        partners = _partners(tags) if partners is None else partners
        if partners.get(first // 2) != last // 2 - 1:
            break
        inner = _without_breaks(pieces, tags, first + 2, last - 2)
        if inner[0] >= inner[1] and not pieces[inner[0]].strip(BLANK):
            break
        first, last = inner
    return first, last


def _without_breaks(pieces: Sequence[str], tags: Sequence[_Tag], first: int, last: int) -> tuple[int, int]:
    while first < last and tags[first // 2].name == "br" and not pieces[first].strip(BLANK):
        first += 2
    while first < last and tags[last // 2 - 1].name == "br" and not pieces[last].strip(BLANK):
        last -= 2
    return first, last


def _partners(tags: Sequence[_Tag]) -> Mapping[int, int]:
    """Which tag ends what another begins."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for number, tag in enumerate(tags):
        if tag.opens > 0:
            opened.append(number)
        elif tag.opens < 0 and opened:
            found[opened.pop()] = number
    return found
