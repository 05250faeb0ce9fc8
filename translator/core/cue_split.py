"""Parting the translation of a sentence among the cues that it was cut over.

Each cue gets its share of the text (by width on screen). Cuts fall where lines may be broken, never into a word, a
code or between the codes of a pair; of the places around a cue's share, one behind a sentence's or a clause's mark is
better than one between words, and that better than one between Chinese characters. Each cue gets some text where there
are places enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from translator.core.cue_joins import joined, seam
from translator.core.layout import fit
from translator.core.linebreak import Kind, Unit, may_break, units
from translator.core.markup import Fate, MarkupSyntax
from translator.core.segment import Limits

_SENTENCE = frozenset("。．.!?！？…‥")
_CLAUSE = frozenset("、，,;；:：—―」』）)】”")
_BETTER = {"sentence": 0.45, "clause": 0.35, "space": 0.15, "other": 0.0}
"""How far off its share a cut may be for the sake of a better place, in parts of the average cue."""
_HYPHENS = frozenset("-‐")
_LINES = 2


@dataclass(frozen=True, slots=True)
class _Place:
    """A place where a text may be cut: where what is before ends, where the rest begins, cells and letters before it,
    its worth.
    """

    left: int
    right: int
    cells: int
    letters: int
    worth: float


def shares_of(lengths: Sequence[int], durations: Sequence[float]) -> list[float]:
    """What part of a translation each cue gets: halfway between its share of the source's text and of its time."""
    text, time = sum(lengths), sum(max(d, 0.0) for d in durations)
    by_text = [length / text if text else 1 / len(lengths) for length in lengths]
    by_time = [max(d, 0.0) / time if time else one for d, one in zip(durations, by_text, strict=True)]
    return [(one + other) / 2 for one, other in zip(by_text, by_time, strict=True)]


def part(target: str, shares: Sequence[float], columns: int, markup: MarkupSyntax) -> list[str]:
    """A text in as many pieces as there are shares, each wrapped to the columns; the last are "" where too few can be.

    `cue_joins.joined` makes the text of the pieces again.
    """
    found = units(target, markup)
    places = _places(target, found, markup)
    cuts = _chosen(places, shares, sum(unit.cells for unit in found))
    pieces: list[str] = []
    start = 0
    for cut in cuts:
        pieces.append(target[start : cut.left])
        start = cut.right
    pieces.append(target[start:])
    wrapped = [_wrapped(piece, columns, markup) for piece in pieces]
    if joined(wrapped, markup).source != target:
        wrapped = pieces if joined(pieces, markup).source == target else [target]
    return wrapped + [""] * (len(shares) - len(wrapped))


def _places(target: str, found: list[Unit], markup: MarkupSyntax) -> list[_Place]:
    inside = _inside(target, markup)
    places: list[_Place] = []
    at, cells, letters = 0, 0, 0
    for index, unit in enumerate(found):
        if letters and at not in inside and may_break(found, index):
            place = _place(found, index, _Place(at, at, cells, letters, 0.0))
            if place is not None:
                places.append(place)
        at += len(unit.text)
        cells += unit.cells
        letters += unit.first.isalnum() or unit.last.isalnum()
    # Behind the last place there must be a word, too.
    last = max((n for n, unit in enumerate(found) if unit.first.isalnum()), default=-1)
    end = sum(len(unit.text) for unit in found[:last]) if last >= 0 else -1
    return [place for place in places if place.right <= end]


def _place(found: Sequence[Unit], index: int, here: _Place) -> _Place | None:
    """The place before a unit with what is worth to cut there, None where the text could not be put together again."""
    at = here.left
    before = index - 1
    while before and found[before].kind is Kind.SPACE:
        before -= 1
    last, first = found[before].last, found[index].first
    parted = "".join(unit.text for unit in found[before + 1 : index])
    wanted = seam(last, first, _PLAIN)
    if not parted and last in _HYPHENS:
        return None
    left = at - len(parted)
    if parted != wanted:
        if not parted:
            return None  # put together again, there would be a space
        left = at  # the spaces stay, at the end of the cue
    if last in _SENTENCE:
        worth = _BETTER["sentence"]
    elif last in _CLAUSE:
        worth = _BETTER["clause"]
    else:
        worth = _BETTER["space" if parted else "other"]
    return replace(here, left=left, worth=worth)


_PLAIN = MarkupSyntax()


def _inside(target: str, markup: MarkupSyntax) -> frozenset[int]:
    """The offsets between the codes of a pair."""
    if not markup.may_have_codes(target):
        return frozenset()
    covered: set[int] = set()
    opened: list[int] = []
    at = 0
    for piece in markup.tokenize(target):
        end = at + len(piece.text)
        if piece.rule is not None and piece.rule.fate is Fate.OPEN:
            opened.append(at)
        elif piece.rule is not None and piece.rule.fate is Fate.CLOSE and opened:
            start = opened.pop()
            if not opened:
                covered.update(range(start + 1, end))
        at = end
    return frozenset(covered)


def _chosen(places: Sequence[_Place], shares: Sequence[float], total: int) -> list[_Place]:
    """The cuts, one for each share but the last, or as many as can be."""
    wanted = len(shares) - 1
    if not places or not wanted:
        return []
    average = max(total, 1) / len(shares)
    # The best way to make the cuts 1 to n with the last at a place, for one n after the other.
    costs = [0.0] * len(places)
    ways: list[list[int]] = []
    ideal = 0.0
    for number, share in enumerate(shares[:-1]):
        ideal += share * total
        new: list[float] = []
        way: list[int] = []
        best, at, waiting = float("inf"), -1, 0
        for place in places:
            # Between two cuts there is a letter.
            while number and places[waiting].letters < place.letters:
                if costs[waiting] < best:
                    best, at = costs[waiting], waiting
                waiting += 1
            own = abs(place.cells - ideal) / average - place.worth
            new.append(best + own if number else own)
            way.append(at)
        costs = new
        ways.append(way)
    index = min(range(len(places)), key=lambda n: costs[n])
    if costs[index] == float("inf"):
        return _chosen(places, [*shares[:-2], shares[-2] + shares[-1]], total)
    cuts = [places[index]]
    for way in reversed(ways[1:]):
        index = way[index]
        cuts.append(places[index])
    return cuts[::-1]


def _wrapped(piece: str, columns: int, markup: MarkupSyntax) -> str:
    """A piece in lines that fit, their spaces kept where they would not be read again."""
    limits = Limits(columns=columns, lines=_LINES, wrap=True)
    lines = fit(piece, limits=limits, markup=markup, source_lines=1, split=False).text.split("\n")
    kept: list[str] = []
    at = 0
    for line in lines:
        found = piece.find(line, at)
        if found < 0:
            return piece
        parted = piece[at:found]
        if kept and parted != seam(kept[-1], line, markup):
            kept[-1] += parted
        kept.append(line)
        at = found + len(line)
    return "\n".join(kept) + piece[at:]
