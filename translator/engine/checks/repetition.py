"""A translation that repeats itself over and over where its source does not."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw

_LONGEST_PERIOD = 256
_SHORTEST = 16
"""Characters that a stretch of short rounds has before it is a loop: shorter ones are laughter."""

_ROUNDS = 4
_LONG_PERIOD = 12
_LONG_ROUNDS = 3
"""A whole phrase counts as a loop sooner than a syllable."""

_SLACK = 8
_SIGNS = 3
"""So many runs of four characters come again at a loop's period, at least."""

_SHOWN = 20


def look(case: Case) -> Iterator[Flaw]:
    """Flag a stretch of the target that is one piece of any length again and again.

    At least four times and 16 characters, or three times for pieces of 12 characters and more; and more than twice
    as much (and 8 characters) as the source repeats anything itself.
    """
    target, source = case.target, case.unit.source
    periods = _candidates(target)
    if not periods:
        return
    found = longest_stretch(target, periods, rounds=_ROUNDS, shortest=_SHORTEST)
    if found is None:
        return
    start, length, period = found
    all_periods = range(1, min(_LONGEST_PERIOD, len(source) // 2) + 1)
    own = longest_stretch(source, all_periods, rounds=2, shortest=2)
    if length > 2 * (own[1] if own else 0) + _SLACK:
        piece = target[start : start + min(period, _SHOWN)]
        yield Flaw(f"{piece!r} comes {length // period} times in a row", (start, start + length))


def _candidates(text: str) -> list[int]:
    """The distances at which runs of four characters come again; a loop has its period among them."""
    if len(text) < _SHORTEST or len(text) - len(set(pairwise(text))) < _SHORTEST // 2:
        return []
    seen: dict[str, int] = {}
    counts: dict[int, int] = {}
    for index in range(len(text) - 3):
        run = text[index : index + 4]
        before = seen.get(run)
        if before is not None and index - before <= _LONGEST_PERIOD:
            counts[index - before] = counts.get(index - before, 0) + 1
        seen[run] = index
    return [period for period, count in counts.items() if count >= _SIGNS]


def longest_stretch(text: str, periods: Iterable[int], *, rounds: int, shortest: int) -> tuple[int, int, int] | None:
    """The longest stretch (start, length, period) of at least `shortest` characters in which a piece of one of the
    lengths `periods` comes at least `rounds` times (at most 3 are wanted of pieces of 12 characters and more).
    """
    best: tuple[int, int, int] | None = None
    for period in periods:
        wanted = min(rounds, _LONG_ROUNDS) if period >= _LONG_PERIOD else rounds
        least = max(period * wanted, shortest, best[1] + 1 if best else 0)
        run = 0
        for index in range(len(text) - period):
            if text[index] != text[index + period]:
                run = 0
                continue
            run += 1
            if run + period >= least:
                best = (index + 1 - run, run + period, period)
                least = run + period + 1
    return best


CHECK = Check(
    "repetition",
    Severity.ERROR,
    look,
    "a piece of any length that comes again and again, far more often than the source repeats anything",
)
