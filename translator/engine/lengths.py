"""Whether the lengths of an answer's lines say that one line was merged and another one split, so that the number of
lines is right and what stands between the two is shifted.

Pairs of texts that translate each other have lengths that go together, as W. Gale and K. Church showed ("A Program for
Aligning Sentences in Bilingual Corpora", 1993). Here two readings of an answer are compared: line for line, and the
best one with a merge and a split.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

_FEWEST: Final = 5
"""In fewer lines there is too little to learn from how long a translation is here."""

_SLACK: Final = 3.0
"""The variance of the shortest line: at a length of one character anything may stand."""

_NOISE: Final = 10.0
"""Misfit that says nothing: about what ten lines have that are right."""


def shifted(
    sources: Sequence[int], lines: Sequence[int], *, times: float, fixed: Sequence[bool]
) -> tuple[int, int] | None:
    """The first and the last line of the stretch between a merge and a split; None: nothing speaks for one.

    sources, lines: the lengths, of equally many lines, not all empty. times: so much better must the reading with the
    stretch fit. fixed: for each line whether it is certain on other grounds that it has not moved.
    """
    count = len(sources)
    if count < _FEWEST:
        return None
    fits = _Fits(sources, lines)
    straight = [fits.misfit(source, line) for source, line in zip(sources, lines, strict=True)]
    misfit = sum(straight) + _NOISE
    if misfit < times * _NOISE:
        return None
    gain, first, last = max(_gains(fits, straight, fixed), default=(0.0, 0, 0))
    return (first, last) if misfit >= times * (misfit - gain) else None


class _Fits:
    """How badly lengths go together, given how long the whole answer is."""

    def __init__(self, sources: Sequence[int], lines: Sequence[int]) -> None:
        self.sources = sources
        self.lines = lines
        self._ratio = sum(lines) / max(sum(sources), 1)

    def misfit(self, source: int, line: int) -> float:
        """The squared distance from the length that is to be expected, in units of its variance."""
        wanted = self._ratio * source
        return (line - wanted) ** 2 / ((wanted + line) / 2 + _SLACK)


def _gains(fits: _Fits, straight: Sequence[float], fixed: Sequence[bool]) -> Iterator[tuple[float, int, int]]:
    """By how much each stretch fits better than its lines as they stand, with its first and its last line."""
    count, s, t = len(straight), fits.sources, fits.lines
    here = list(accumulate(straight, initial=0.0))
    above, below = _moved(fits, -1), _moved(fits, 1)
    merged = [[fits.misfit(s[k] + s[k + 1], t[at]) for at in (k, k + 1)] for k in range(count - 1)]
    split = [[fits.misfit(s[k], t[k] + t[(k + by) % count]) for by in (-1, 1)] for k in range(count)]
    for first in range(count - 2):
        for last in range(first + 2, count):
            if fixed[last - 1]:
                break  # nor can a longer stretch go past it
            merged_first = merged[first][0] + above[last] - above[first + 2] + split[last][0]
            split_first = split[first][1] + below[last - 1] - below[first + 1] + merged[last - 1][1]
            yield here[last + 1] - here[first] - min(merged_first, split_first), first, last


def _moved(fits: _Fits, by: int) -> list[float]:
    """The sum of the misfits of all lines before each one, where each has come to its neighbour's place."""
    count = len(fits.lines)
    moved = (fits.misfit(source, fits.lines[(k + by) % count]) for k, source in enumerate(fits.sources))
    return list(accumulate(moved, initial=0.0))
