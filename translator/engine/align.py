"""Which line of an answer is whose, where that is certain: told by what a line keeps in translation, its anchors.

An anchor stands in one line of what was asked and in one line of the answer: a markup code, a number, a word in Latin
letters, a term of the glossary, the quotation marks around a whole line. One anchor proves little about its
neighbours; so what is between two anchored lines is used only where equally many lines stand there on both sides,
and an anchored line only where that holds on both of its sides (else it may have swallowed its neighbour, or be
half of a text). A shifted line is worse than a missing one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

import regex

from translator.core.markup import Fate, MarkupSyntax
from translator.core.numerals import in_digits, values
from translator.engine.lengths import shifted

_STRONG: Final = 2
"""What nobody writes by chance in another line: a code, a long number, a word kept in another script."""
_WEAK: Final = 1
"""What a translator may also put into the next line: a name for a pronoun, a small number."""
_ENOUGH: Final = 2
"""The weight of the anchors that a run of lines needs where the number of lines is wrong."""

_TO_ASCII: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LATIN: Final = regex.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]+(?![A-Za-z])")
_SIGNS: Final = re.compile(r"[0-9A-Za-z]+|[０-９Ａ-Ｚａ-ｚ]+|\\[^0-9A-Za-z]")
_OPENING: Final = '「『“"'
_CLOSING: Final = '」』”"'
_CERTAIN: Final = {"ja": 10, "zh-CN": 10, "zh-TW": 10, "en": 13}
"""From which number on a language hardly writes it in a way that is not known here (一对, a couple)."""

_CERTAIN_ELSEWHERE: Final = 101
"""In other languages smaller numbers may be words (douze, hundert), and so may hundreds and thousands."""

_TIMES: Final = {"zh-CN": 3.0, "zh-TW": 3.0}
"""How much better the lengths must fit a merge and a split: so that no right answer is doubted. Measured with ten lines
of each of 1,638 places of Ren'Py's tutorial, Japanese to Chinese: no right one fits more than 2.3 times better, and
three of four that were damaged do. English to Japanese and back varies more.
"""

_TIMES_ELSEWHERE: Final = 5.0

_SAME: Final = 4
"""From so many characters on, two equal lines for different texts are taken for one line written twice."""

Terms = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The lines of a request, as the model saw them.

    units: for each line the unit that it belongs to; what moves within a unit has not moved. terms: glossary terms
    with their translations. standins: how stand-ins for codes look, their number as group 1; None: there are none.
    language: the answer's (its code). latin: whether it is written in Latin letters.
    """

    lines: Sequence[str]
    units: Sequence[int]
    markup: MarkupSyntax
    terms: Terms = ()
    standins: "regex.Pattern[str] | None" = None
    language: str = "zh-CN"
    latin: bool = False


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Line `source` of what was asked is line `line` of the answer, as far as `token` tells."""

    source: int
    line: int
    weight: int
    token: tuple[str, str]

    @property
    def is_term(self) -> bool:
        return self.token[0] == "term"


def align(asked: Asked, lines: Sequence[str], *, whole: bool = True) -> list[int | None]:
    """For each line that was asked for the number of its line in the answer (from 0), None where it is not certain.

    lines: the answer's, none of them empty. whole: whether they are all that the answer has; of one that was cut off
    only whole lines are given, and what follows the last anchor is not certain.
    """
    count = len(asked.lines)
    if whole and len(lines) == count:
        return _as_counted(asked, lines)
    certain: list[int | None] = [None] * count
    anchors, lost, doubled = _anchors(asked, lines)
    if not anchors:
        return certain
    pairs, poisoned, poisoned_lines = _in_order(anchors)
    poisoned |= lost
    poisoned_lines |= doubled | _written_twice(asked, lines)
    points = [(-1, -1), *sorted(pairs)]
    if whole:
        points.append((count, len(lines)))
    sound = [
        below[0] - above[0] == below[1] - above[1]
        and poisoned.isdisjoint(range(above[0] + 1, below[0]))
        and poisoned_lines.isdisjoint(range(above[1] + 1, below[1]))
        for above, below in pairwise(points)
    ]
    start = 0
    while start < len(sound):
        stop = start
        while stop < len(sound) and sound[stop]:
            stop += 1
        run = points[start : stop + 1]
        if stop > start and sum(pairs.get(point, 0) for point in run) >= _ENOUGH:
            for source in range(run[0][0] + 1, run[-1][0]):
                certain[source] = source - run[0][0] + run[0][1]
        start = stop + 1
    return certain


def _as_counted(asked: Asked, lines: Sequence[str]) -> list[int | None]:
    """The lines in their order, but those of a stretch in which an anchor has moved: one line was merged and another
    one split there.
    """
    count = len(lines)
    certain: list[int | None] = list(range(count))
    if count == 1 or len(set(asked.units)) == 1:
        return certain
    if (uneven := _uneven(asked, lines)) is not None:
        # A line beside the stretch may be the one that was merged or split as well.
        first, last = max(uneven[0] - 1, 0), min(uneven[1] + 2, count)
        certain[first:last] = [None] * (last - first)
    if len(asked.terms) < _ENOUGH and all(map(_marked_alike, asked.lines, lines)):
        return certain
    anchors, _, _ = _anchors(asked, lines)
    moved = [anchor for anchor in anchors if asked.units[anchor.source] != asked.units[anchor.line]]
    if all(anchor.is_term for anchor in moved) and len(moved) < _ENOUGH:
        return certain
    poisoned = {line for a in moved for line in range(min(a.source, a.line), max(a.source, a.line) + 1)}
    fixed = {a.source for a in anchors if a.source == a.line and not a.is_term and a.source not in poisoned}
    for above, below in pairwise(sorted({-1, count} | fixed)):
        if not poisoned.isdisjoint(range(above + 1, below)):
            certain[max(above, 0) : below + 1] = [None] * (min(below + 1, count) - max(above, 0))
    return certain


def _uneven(asked: Asked, lines: Sequence[str]) -> tuple[int, int] | None:
    """The first and the last line of a stretch whose lengths say that a line was merged there and another one split."""
    markup = asked.markup
    signs = [_SIGNS.findall(line) for line in asked.lines]
    # What only this line has, not the ones beside it, stands in its place: it has not moved.
    fixed = [
        bool(own) and own not in (signs[k - 1 : k] + signs[k + 1 : k + 2]) and own == _SIGNS.findall(lines[k])
        for k, own in enumerate(signs)
    ]
    found = shifted(
        [len(markup.plain(line)) + 1 for line in asked.lines],
        [len(markup.plain(line)) + 1 for line in lines],
        times=_TIMES.get(asked.language, _TIMES_ELSEWHERE),
        fixed=fixed,
    )
    return None if found is None or asked.units[found[0]] == asked.units[found[1]] else found


def _marked_alike(source: str, line: str) -> bool:
    """Whether two lines certainly have the same marks, but terms; most have, and this is the quick way to tell."""
    return _SIGNS.findall(source) == _SIGNS.findall(line) and (source[:1] in _OPENING) == (line[:1] in _OPENING)


def _anchors(asked: Asked, lines: Sequence[str]) -> tuple[list[_Anchor], set[int], set[int]]:
    """The anchors; the lines asked whose own strong mark is not in one line of the answer; the answer's lines that
    share such a mark.
    """
    terms = list(_telling(asked.terms))
    ours = _Marks(asked)
    for line in asked.lines:
        ours.add(line, [src for src, _ in terms if src in line])
    candidates = {token: places for token, places in ours.said.items() if ours.only_in(token) is not None}
    if not candidates:
        return [], set(), set()
    theirs = _Marks(asked)
    by_term = [(src, words) for src, words in terms if ("term", src) in candidates]
    for line in lines:
        folded = line.casefold() if by_term else ""
        theirs.add(line, [src for src, words in by_term if any(word in folded for word in words)])
    anchors: list[_Anchor] = []
    lost: set[int] = set()
    doubled: set[int] = set()
    for token, places in candidates.items():
        (source,) = places
        weight = _weight(token, asked)
        line = theirs.only_in(token)
        if line is not None and (weight == _WEAK or theirs.said[token][line] == places[source]):
            anchors.append(_Anchor(source, line, weight, token))
        elif weight == _STRONG:
            lost.add(source)
            doubled.update(theirs.said.get(token, ()))
    return anchors, lost, doubled


class _Marks:
    """Where the marks stand that may become anchors."""

    def __init__(self, asked: Asked) -> None:
        self.said: dict[tuple[str, str], Counter[int]] = {}
        self._asked = asked
        self._lines: list[str] = []

    def add(self, line: str, terms: Iterable[str]) -> None:
        """Note the marks of the next line, and the terms that stand in it."""
        number = len(self._lines)
        self._lines.append(line)
        for token in _tokens(line, self._asked):
            self.said.setdefault(token, Counter())[number] += 1
        for term in terms:
            self.said.setdefault(("term", term), Counter())[number] += 1

    def only_in(self, token: tuple[str, str]) -> int | None:
        """The one line in which a mark stands; None where it stands in none or in several.

        A number stands also where it is written as a word.
        """
        places = self.said.get(token, ())
        if len(places) != 1:
            return None
        (place,) = places
        if token[0] == "number":
            value = Fraction(token[1])
            if any(value in values(line) for number, line in enumerate(self._lines) if number != place):
                return None
        return place


def _weight(token: tuple[str, str], asked: Asked) -> int:
    kind, text = token
    if kind == "number":
        return _STRONG if Fraction(text) >= _CERTAIN.get(asked.language, 0) else _WEAK
    return _STRONG if kind in {"code", "latin"} else _WEAK


def _tokens(line: str, asked: Asked) -> Iterator[tuple[str, str]]:
    """The marks of a line that may be anchors, but the terms."""
    text = line
    if asked.markup.may_have_codes(line):
        pieces = list(asked.markup.tokenize(line))
        kept = [piece.rule is not None and piece.rule.fate is not Fate.DROP for piece in pieces]
        yield from (("code", piece.text) for piece, code in zip(pieces, kept, strict=True) if code)
        text = "".join("\n" if code else piece.text for piece, code in zip(pieces, kept, strict=True))
    if asked.standins is not None:
        yield from (("code", match[1].translate(_TO_ASCII)) for match in asked.standins.finditer(text))
        text = asked.standins.sub("\n", text)
    if text[:1] in _OPENING and text[-1:] in _CLOSING and len(text) > 1:
        yield "quotes", ""
    text = text.translate(_TO_ASCII)
    for number in in_digits(text):
        if number.value is not None and (
            asked.language in _CERTAIN
            or (number.value >= _CERTAIN_ELSEWHERE and number.text.strip("0") not in {"", "1"})
        ):
            yield "number", str(number.value)
    if not asked.latin:
        yield from (("latin", match.group()) for match in _LATIN.finditer(text))


def _telling(terms: Terms) -> Iterator[tuple[str, list[str]]]:
    """The terms whose translation is part of no other term's: with one inside another a word tells nothing."""
    folded = [(src, [word.casefold() for word in words if word]) for src, words in terms]
    for number, (src, words) in enumerate(folded):
        others = [word for other, (_, known) in enumerate(folded) if other != number for word in known]
        if src and words and not any(word in other for word in words for other in others):
            yield src, words


def _in_order(anchors: Sequence[_Anchor]) -> tuple[dict[tuple[int, int], int], set[int], set[int]]:
    """The pairs of lines that the anchors agree on, with their weight; the lines on either side where they do not."""
    weights: dict[tuple[int, int], int] = {}
    for anchor in anchors:
        pair = (anchor.source, anchor.line)
        weights[pair] = weights.get(pair, 0) + anchor.weight
    pairs = sorted(weights)
    bad: set[tuple[int, int]] = set()
    for number, above in enumerate(pairs):
        for below in pairs[number + 1 :]:
            if not (above[0] < below[0] and above[1] < below[1]):
                bad |= {above, below}
    return (
        {pair: weight for pair, weight in weights.items() if pair not in bad},
        {source for source, _ in bad},
        {line for _, line in bad},
    )


def _written_twice(asked: Asked, lines: Sequence[str]) -> set[int]:
    """The lines of the answer that stand there more than once, unless lines that were asked do too."""
    if len(set(asked.lines)) < len(asked.lines):
        return set()
    often = {line for line, times in Counter(lines).items() if times > 1 and len(line) >= _SAME}
    return {number for number, line in enumerate(lines) if line in often}
