"""Finds where a text begins to say the same over and over, while it is still being written."""

from collections.abc import Callable, Iterator
from operator import eq
from typing import Final

LONGEST_PERIOD: Final = 1536
"""Characters of the longest round that is found: a dozen lines, or half a page."""

WINDOW: Final = 2 * LONGEST_PERIOD + 128
"""The tail (characters) that is looked at: it holds as much of any period as makes it a loop."""

_NEEDLE: Final = 32
"""So many characters at the end are searched for before it: a tail that loops has them once more, a period away."""

_SHORT: Final = 40
_LONGEST_OWN_PERIOD: Final = 128
"""In a source no longer periods of characters are looked for, only of lines: it would take its time."""

_WIDER: Final = 4
"""A round may take so many times the characters in another language (ドクン、 → thump, thump,), and a few more."""
_WIDER_BY: Final = 8

Run = tuple[int, int]
"""A stretch of a text that repeats: its period and its length (characters)."""


def tolerated(period: int) -> int:
    """How many characters of this period may stand at the end of any text: 50 of one character, four rounds of a
    sentence, little more than two of several lines.
    """
    return 48 + 3 * min(period, _SHORT) + 2 * max(period - _SHORT, 0)


def own_repetition(source: str) -> tuple[Run, ...]:
    """The stretches of `source` that repeat themselves: the longest of each period, and of each period of lines."""
    wide = int.from_bytes(source.encode("utf-32-le", "surrogatepass"), "little")
    runs = [
        (period, equal + period)
        for period in range(1, min(len(source) // 2, _LONGEST_OWN_PERIOD) + 1)
        if (equal := _longest_equal(wide, len(source), period))
    ]
    lines = source.split("\n")
    for count in range(1, len(lines) // 2 + 1):
        equal = bytes(map(eq, lines, lines[count:]))
        if b"\1" * count in equal:
            longest = max(equal.split(b"\0"), key=len)
            first = equal.index(longest)
            runs.append(
                (
                    len("\n".join(lines[first : first + count])) + 1,
                    len("\n".join(lines[first : first + len(longest) + count])) + 1,
                )
            )
    return tuple(runs)


def _longest_equal(wide: int, size: int, period: int) -> int:
    """The most characters in a row that are what they are a period later; 0 where they are fewer than a period.

    wide: a text of `size` characters in UTF-32, as one number. A character that comes again has four zero bytes in the
    difference of the text and the shifted text, and two bytes are zero before it.
    """
    different = b"\0\0" + (wide ^ wide >> 32 * period).to_bytes(4 * size, "little")[: -4 * period]
    low, high = 0, size - period
    middle = period
    while low < high:
        if different.find(bytes(4 * middle + 2)) >= 0:
            low = middle
        elif middle == period:
            return 0
        else:
            high = middle - 1
        middle = min(2 * low, high) if high == size - period else (low + high + 1) // 2
    return low


def _allowed(run: Run, own: Run) -> bool:
    """Whether what repeats in a translation may be what repeats in its source: it may do so twice as much."""
    period, length = run
    own_period, own_length = own
    return length <= 2 * own_length or (
        length * own_period <= 2 * own_length * period and period <= _WIDER * own_period + _WIDER_BY
    )


def _repeating(tail: str) -> Iterator[Run]:
    """The ways in which `tail` ends in something that stands there twice in a row, short periods first.

    Each step back is one search, and a few comparisons of slices for what is no multiple of a period found before.
    """
    end = len(tail)
    needle = tail[-_NEEDLE:]
    first = max(0, end - _NEEDLE - LONGEST_PERIOD)
    before = end - 1
    seen: list[Run] = []
    while (at := tail.rfind(needle, first, before)) >= 0:
        period = end - _NEEDLE - at
        before = at + _NEEDLE - 1
        if any(period % shorter == 0 and 2 * period <= length for shorter, length in seen):
            continue  # as many rounds of the shorter period: they make the same stretch
        if 2 * period > end or tail[end - 2 * period : end - period] != tail[end - period :]:
            continue
        seen.append((period, _extent(tail, period)))
        yield seen[-1]


def _extent(tail: str, period: int) -> int:
    """How many characters at the end of `tail` have this period; at least two rounds do."""
    low, high = period, len(tail) - period
    while low < high:
        middle = (low + high + 1) // 2
        if tail[-middle:] == tail[-middle - period : -period]:
            low = middle
        else:
            high = middle - 1
    return low + period


def loop(text: str, own: Callable[[], tuple[Run, ...]] = lambda: ()) -> int | None:
    """The period (characters) of a loop that `text` ends in, None if it ends in none.

    `own` gives the source's `own_repetition`; it is asked only when something repeats. What repeats in the source
    may repeat twice as much in its translation (laughter, dashes, equal lines).
    """
    for run in _repeating(text[-WINDOW:]):
        if run[1] >= tolerated(run[0]) and not any(_allowed(run, other) for other in own()):
            return run[0]
    return None
