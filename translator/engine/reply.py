"""From the text of an answer to the lines of each unit, where it is certain which line belongs to which."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar, cast

import regex

from translator.core.finding import Finding, Severity
from translator.core.markup import MarkupSyntax
from translator.core.numerals import values
from translator.engine.align import Asked, align
from translator.engine.chatter import without
from translator.engine.codes import standins_as
from translator.engine.desk import Desk
from translator.engine.numbering import NUMBERED
from translator.engine.prepared import Prepared
from translator.engine.structured import json_texts
from translator.profiles.profile import CodeStyle, Style

EMPTY = "empty"
LINES = "lines"
CUT = "cut"

_CUT_OFF: Final = "the answer was cut off before its end"

_THOUGHT = regex.compile(r"\A.*?</think(?:ing)?>|\A\s*<think(?:ing)?>.*\Z", regex.DOTALL)
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_FENCE = "```"
_NUMERAL = r"[\p{Nd}\p{Nl}一二三四五六七八九十百壱弐参]{1,4}"
_COUNTS = regex.compile(
    rf"\W*(?:\p{{No}}|第|(?:その|其の){_NUMERAL}|{_NUMERAL}\s*(?:[^\w\s]|\s|\Z)"
    r"|(?:[IVXivx]{1,4}|[A-Za-zＡ-Ｚａ-ｚア-ンㄱ-ㅎ가-힣])\s*[.．、:：)）])"
)
"""How a line begins that counts (二、, ①, 第三章, (a), IV.): its translation may well begin with a number."""
_BRACKETED = regex.compile(r"[\[【⟦]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer holds: for each unit its lines, or None where it is not certain which they are.

    findings: about the answer as a whole; not empty whenever a unit has None. Codes: `empty`, `lines`, `cut`.
    """

    lines: tuple[tuple[str, ...] | None, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every unit has its lines."""
        return None not in self.lines


def read(desk: Desk, text: str, asked: Sequence[Prepared], *, cut: bool = False) -> Reading:
    """Read an answer to a request for these units, or for some lines of them.

    cut: the answer ended at its limit or was stopped: its last line is not whole. Lines are never padded or shifted:
    of plain lines all are used or, where their number is not right or an anchor has moved, those of which it is
    certain whose they are (`align`); of numbered texts those with their number.
    """
    expected = [len(ready.lines) for ready in asked]
    wanted = sum(expected)
    if "think" in text:
        text = _THOUGHT.sub("", text, count=1)
    if not text.strip():
        return _none(expected, EMPTY, "the answer is empty")
    style = desk.profile.style
    if style is Style.JSON:
        return _by_number(desk, text, asked, cut=cut)
    if style is Style.COMPLETION:
        if cut:
            return _none(expected, CUT, _CUT_OFF)
        return (
            Reading(tuple(_dealt([_completed(text, desk)], expected)))
            if wanted == 1
            else _none(expected, LINES, f"1 line came back for {wanted}")
        )
    lines = [stripped for line in (text.split("\n")[:-1] if cut else text.split("\n")) if (stripped := line.strip())]
    sources = [line for ready in asked for line in ready.lines]
    lines = _unnumbered(without(lines, sources), sources)
    places = align(_asked(desk, asked, sources), lines, whole=not cut)
    certain = tuple(
        None if None in texts else cast("tuple[str, ...]", texts)
        for texts in _dealt([None if place is None else lines[place] for place in places], expected)
    )
    if None not in certain and not cut:
        return Reading(certain)
    kept = sum(len(texts) for texts in certain if texts is not None)
    what = _CUT_OFF if cut else f"{len(lines)} lines came back for {wanted}"
    if not cut and len(lines) == wanted:
        what = "lines were merged and split"
    message = f"{what}; it is certain whose {kept} of them are" if kept else what
    return Reading(certain, (Finding(CUT if cut else LINES, Severity.ERROR, message),))


def _unnumbered(lines: list[str], sources: Sequence[str]) -> list[str]:
    """Plain lines without the numbers that a model has put before all of them, 1, 2, 3 …, nobody having asked for any.

    Only where no line that was asked begins by counting. One line alone is less of a series: it must also have no 1
    anywhere in its source.
    """
    if not lines or not NUMBERED.match(lines[0]):
        return lines
    matches = [NUMBERED.fullmatch(line) for line in lines]
    numbered = [match for match in matches if match is not None and match[2]]
    if [int(match[1].translate(_DIGITS)) for match in numbered] != list(range(1, len(lines) + 1)):
        return lines
    if any(map(_COUNTS.match, sources)) or (len(lines) == 1 and (len(sources) > 1 or 1 in values(sources[0]))):
        return lines
    heads = (match.string[: match.start(2)] for match in numbered)
    if any(map(_BRACKETED.search, heads)) and any(map(_BRACKETED.search, sources)):
        return lines  # it may be what is left of a code
    return [match[2] for match in numbered]


def _asked(desk: Desk, asked: Sequence[Prepared], sources: Sequence[str]) -> Asked:
    """What was asked, as `align` looks at it."""
    formats = list(dict.fromkeys(ready.unit.format for ready in asked))
    markup = desk.markup(formats[0])
    for other in formats[1:]:
        markup = _joined(markup, desk.markup(other))
    terms = dict.fromkeys(entry for ready in asked for entry in ready.unit.glossary if not entry.regex)
    return Asked(
        sources,
        [number for number, ready in enumerate(asked) for _ in ready.lines],
        markup,
        tuple((entry.src, tuple(entry.dst.split("|"))) for entry in terms),
        standins_as(desk.profile.standin) if desk.profile.codes is CodeStyle.STANDIN else None,
        desk.profile.languages.asked(desk.target.code),
        "latin" in desk.target.scripts,
    )


@lru_cache(maxsize=16)
def _joined(markup: MarkupSyntax, other: MarkupSyntax) -> MarkupSyntax:
    """The markup of both; most units of a request are of one format."""
    if other == markup or not other.rules:
        return markup
    return other if not markup.rules else markup.joined(other)


def _none(expected: Sequence[int], code: str, message: str) -> Reading:
    """An answer of which nothing is used."""
    return Reading((None,) * len(expected), (Finding(code, Severity.ERROR, message),))


_Line = TypeVar("_Line", str, str | None)


def _dealt(lines: Sequence[_Line], expected: Sequence[int]) -> Iterator[tuple[_Line, ...]]:
    position = 0
    for count in expected:
        yield tuple(lines[position : position + count])
        position += count


def _completed(text: str, desk: Desk) -> str:
    """The one line that a completion asks for: the first with something on it, without a repeated label."""
    line = next(stripped for line in text.split("\n") if (stripped := line.strip()))
    label = f"{desk.target.english}:"
    return line[len(label) :].strip() if line.startswith(label) else line


def _by_number(desk: Desk, text: str, asked: Sequence[Prepared], *, cut: bool) -> Reading:
    """Deal out texts that carry their numbers.

    Where only the last numbers are missing, some may have been made one and the others counted anew: then anchors
    decide, as they do of lines without numbers.
    """
    expected = [len(ready.lines) for ready in asked]
    found = json_texts(text, [(line, desk.markup(ready.unit.format)) for ready in asked for line in ready.lines])
    if found is None and not desk.json:
        found = _numbered_texts(text, cut=cut)
    wanted = sum(expected)
    if not found:
        return _none(expected, CUT if cut else LINES, "no translation can be found in the answer")
    strange = [n for n in found if not 1 <= n <= wanted]
    if strange:
        return _none(expected, LINES, f"the answer has a text number {strange[0]} where {wanted} were asked for")
    texts = [found.get(number) or None for number in range(1, wanted + 1)]
    named = [found_text for found_text in texts if found_text is not None]
    renumbered = not cut and texts[: len(named)] == named and len(found) == len(named)
    if renumbered:
        sources = [line for ready in asked for line in ready.lines]
        places = align(_asked(desk, asked, sources), named)
        texts = [None if place is None else named[place] for place in places]
    units = tuple(None if None in lines else cast("tuple[str, ...]", lines) for lines in _dealt(texts, expected))
    if None not in units:
        return Reading(units)
    if renumbered:
        what = "texts were merged and split" if len(named) == wanted else f"{len(named)} texts came back for {wanted}"
        return Reading(units, (Finding(LINES, Severity.ERROR, what),))
    missing = [n for n in range(1, wanted + 1) if not found.get(n)]
    message = f"{len(missing)} of {wanted} texts are missing, doubled or not one line: {', '.join(map(str, missing))}"
    return Reading(units, (Finding(CUT if cut else LINES, Severity.ERROR, message),))


def _numbered_texts(text: str, *, cut: bool) -> dict[int, str | None]:
    """The texts of `1. …` lines; None for a number that comes twice or goes on in a line without a number.

    What stands before the first number or after an empty line is chatter.
    """
    found: dict[int, str | None] = {}
    current: int | None = None
    for line in text.split("\n"):
        if not line.strip() or line.lstrip().startswith(_FENCE):
            current = None
            continue
        match = NUMBERED.fullmatch(line)
        if match is None:
            if current is not None:
                found[current] = None
            continue
        current = int(match[1].translate(_DIGITS))
        found[current] = None if current in found else match[2].strip()
    if cut and found:
        found[list(found)[-1]] = None
    return found
