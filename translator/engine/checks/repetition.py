"""A translation that repeats itself over and over where its source does not."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import regex

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw

_LONGEST_PERIOD = 256
_SHORTEST = 16
"""Characters that a stretch of short rounds has before it is a loop: shorter ones are laughter."""

_ROUNDS = 4
_LONG_PERIOD = 12
_LONG_ROUNDS = 3
"""A whole phrase counts as a loop sooner than a syllable."""

_OPEN_END = 2
"""So many signs the last round may lack: a comma and its space, the break of a line."""

_SLACK = 8
_RUN = 4
_SIGNS = 3
"""So many runs of four characters come again at a loop's period, at least."""

_MORE_ROUNDS = 2
"""So many rounds more than the source a translation may have, or twice as many (好き好き好き: I love you, I love …)."""
_SCREAM = 24
"""Characters to which a drawn-out sound may be spelled out (きゃーーっ: Kyaaaaaaaah)."""
_SYLLABLE = 2

_SENTENCE = 8
_SENTENCE_SPACED = 16
"""Characters of a sentence that nobody says twice where the source says it once, without and with spaces."""

_SHOWN = 20

_LETTER = regex.compile(r"[\p{L}\p{N}]")
_CLAUSE = regex.compile(r"[\p{L}\p{M}\p{N}ー]+(?:[ '’-][\p{L}\p{M}\p{N}ー]+)*")
_IDEOGRAPH = regex.compile(r"\p{Script=Han}")
_DRAWN_OUT = regex.compile(
    r"[〜～~ぁぃぅぇぉァィゥェォ]|ー(?=[ー〜っッん！!？?。…、」』]|$)|(\p{L})\1\1", regex.IGNORECASE
)
_TWICE = regex.compile(r"(?<![^。．！？!?.…\n])\s*([^。．！？!?.…\n]+[。．！？!?.…]+)\s*\1")
_BEGINNING = regex.compile(r"[\p{L}\p{N}]{2}")


def look(case: Case) -> Iterator[Flaw]:
    """Flag a stretch of the target that is one piece of any length again and again.

    At least four times and 16 characters, or three times for pieces of 12 characters and more; and more than twice
    as much (and 8 characters), and in more rounds, than the source repeats anything itself. A warning for a sentence
    that is there twice; an error for a text that is nothing but one piece three times.
    """
    target, source = case.target, case.unit.source
    periods = _candidates(target)
    if not periods:
        return
    found = longest_stretch(target, periods, rounds=_ROUNDS, shortest=_SHORTEST)
    if found is not None and not _may_repeat(target, found, source):
        start, length, period = found
        piece = target[start : start + min(period, _SHOWN)]
        yield Flaw(f"{piece!r} comes {_rounds(length, period)} times in a row", (start, start + length))
    elif found is None and any(count >= period - _RUN - _OPEN_END for period, count in periods.items()):
        yield from _doubled(case)


def _may_repeat(target: str, found: tuple[int, int, int], source: str) -> bool:
    """Whether what repeats in the target may come from what repeats in the source, or from what is drawn out there."""
    start, length, period = found
    if period <= _SYLLABLE and length <= _SCREAM and _DRAWN_OUT.search(source):
        return True
    periods = range(1, min(_LONGEST_PERIOD, len(source) // 2) + 1)
    own = longest_stretch(source, periods, rounds=2, shortest=2)
    if own is not None and length <= 2 * own[1] + _SLACK:
        return True
    rounds = _own_rounds(source, own)
    return (
        rounds > 1
        and _LETTER.search(target, start, start + period) is not None
        and _rounds(length, period) <= max(rounds + _MORE_ROUNDS, 2 * rounds)
    )


def _own_rounds(source: str, own: tuple[int, int, int] | None) -> int:
    """How often the source says something again: a word in a row, or a clause of it anywhere."""
    clauses = set(_CLAUSE.findall(source))
    often = [source.count(clause) for clause in clauses if len(clause) > 1 or _IDEOGRAPH.match(clause)]
    if own is not None:
        start, length, period = own
        piece = source[start : start + period]
        # A single letter that comes twice is spelling (ll, ああ), a sign no word.
        if _LETTER.search(piece) and (period > 1 or length > _SYLLABLE):
            often.append(_rounds(length, period))
    return max(often, default=0)


def _rounds(length: int, period: int) -> int:
    """The rounds in a stretch; of the last one the end may be missing, or be another sign."""
    return -(-length // period)


def _doubled(case: Case) -> Iterator[Flaw]:
    """A target that is one sentence three times, or has one twice in a row, where the source says it once."""
    target, source = case.target, case.unit.source
    twice = _TWICE.search(target)
    if twice is None:
        return
    sentence, start = twice[1], twice.start(1)
    if len(sentence) < (_SENTENCE if _IDEOGRAPH.search(sentence) else _SENTENCE_SPACED):
        least = _LONG_ROUNDS
    else:
        least = _LONG_ROUNDS - 1
    times = target.count(sentence)
    if times < least or _says_again(source) or len(_CLAUSE.findall(source)) >= times * len(_CLAUSE.findall(sentence)):
        return
    whole = times > 2 and not _LETTER.search(target.replace(sentence, ""))  # noqa: PLR2004 - more than twice
    yield Flaw(
        f"{sentence[:_SHOWN]!r} comes {times} times, in the source once",
        (start, twice.end()),
        None if whole else Severity.WARNING,
    )


def _says_again(source: str) -> bool:
    """Whether two clauses of the source begin alike."""
    beginnings = [found.group().casefold() for found in map(_BEGINNING.match, _CLAUSE.findall(source)) if found]
    return len(set(beginnings)) < len(beginnings)


def _candidates(text: str) -> dict[int, int]:
    """The distances at which runs of four characters come again, and how many do; a loop has its period among them."""
    if len(text) < _SHORTEST - _OPEN_END or len(text) - len(set(pairwise(text))) < _SHORTEST // 2:
        return {}
    seen: dict[str, int] = {}
    counts: dict[int, int] = {}
    for index in range(len(text) - _RUN + 1):
        run = text[index : index + _RUN]
        before = seen.get(run)
        if before is not None and index - before <= _LONGEST_PERIOD:
            counts[index - before] = counts.get(index - before, 0) + 1
        seen[run] = index
    return {period: count for period, count in counts.items() if count >= _SIGNS}


def longest_stretch(text: str, periods: Iterable[int], *, rounds: int, shortest: int) -> tuple[int, int, int] | None:
    """The longest stretch (start, length, period) of at least `shortest` characters in which a piece of one of the
    lengths `periods` comes at least `rounds` times (at most 3 are wanted of pieces of 12 characters and more). A last
    round counts without the signs at its end.
    """
    best: tuple[int, int, int] | None = None
    for period in periods:
        wanted = max(period * (min(rounds, _LONG_ROUNDS) if period >= _LONG_PERIOD else rounds), shortest)
        least = max(wanted - (_OPEN_END if period > _OPEN_END + 1 else 0), best[1] + 1 if best else 0)
        run = 0
        for index in range(len(text) - period):
            if text[index] != text[index + period]:
                run = 0
                continue
            run += 1
            if run + period < least:
                continue
            lacking = text[index + 1 : index + 1 + wanted - run - period]
            if _LETTER.search(lacking):
                continue
            best = (index + 1 - run, run + period, period)
            least = run + period + 1
    return best


CHECK = Check(
    "repetition",
    Severity.ERROR,
    look,
    "a piece of any length that comes again and again, far more often than the source repeats anything; a warning for "
    "a sentence twice in a row",
)
