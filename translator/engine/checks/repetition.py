"""A translation that repeats itself over and over where its source does not."""

from collections.abc import Iterator

from translator.core.finding import Severity
from translator.core.work import Unit
from translator.engine.checks import Check, Flaw
from translator.engine.desk import Desk

_LONGEST_PERIOD = 256
_SHORTEST = 16
"""Characters that a stretch of short rounds has before it is a loop: shorter ones are laughter."""

_ROUNDS = 4
_LONG_PERIOD = 12
_LONG_ROUNDS = 3
"""A whole phrase counts as a loop sooner than a syllable."""

_SLACK = 8


def look(source: Unit, target: str, desk: Desk) -> Iterator[Flaw]:
    """Flag a stretch of the target that is one piece of any length again and again.

    At least four times and 16 characters, or three times for pieces of 12 characters and more; and more than twice
    as much (and 8 characters) as the source repeats anything itself.
    """
    del desk  # holds in any language
    if _may_repeat(target):
        found = longest_stretch(target)
        if found is not None:
            start, length, period = found
            own = longest_stretch(source.source, rounds=2, shortest=2) if _may_repeat(source.source, 1) else None
            if length > 2 * (own[1] if own else 0) + _SLACK:
                piece = target[start : start + min(period, 20)]
                message = f"{piece!r} comes {length // period} times in a row"
                yield Flaw(message, (start, start + length))


def _may_repeat(text: str, fewest: int = 8) -> bool:
    """Whether so many pairs of neighbours come again: a stretch with period p and length n has n - p - 1 that do."""
    size = len(text) - 1
    return size >= fewest and size - len(set(zip(text, text[1:], strict=False))) >= fewest


def longest_stretch(text: str, *, rounds: int = _ROUNDS, shortest: int = _SHORTEST) -> tuple[int, int, int] | None:
    """The longest stretch (start, length, period) in which a piece comes at least `rounds` times (pieces of 12
    characters and more: 3 times at most) and that has at least `shortest` characters; None when there is none.
    """
    best: tuple[int, int, int] | None = None
    size = len(text)
    for period in range(1, min(_LONGEST_PERIOD, size // 2) + 1):
        wanted = min(rounds, _LONG_ROUNDS) if period >= _LONG_PERIOD else rounds
        least = max(period * (wanted - 1), shortest - period, (best[1] if best else 0) - period + 1)
        run = 0
        for index in range(size - period):
            if text[index] == text[index + period]:
                run += 1
                if run >= least and run + period > (best[1] if best else 0):
                    best = (index + 1 - run, run + period, period)
            else:
                run = 0
    return best


CHECK = Check("repetition", Severity.ERROR, look)
