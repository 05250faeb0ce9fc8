"""Signs and syllables that repeat for long (laughter, moans, dashes): shortened before sending, lengthened after.

Long ones are what makes small models repeat themselves without end.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import regex

from translator.profiles.profile import Runs

_LAUGHTER = "ハはﾊヒひﾋフふﾌヘへﾍホほﾎクくｸケけｹ哈呵嘻嘿嗬咯桀ㅋㅎｗＷw笑草"
_SYLLABLES = "ha|he|hi|ho|hu|fu|ku|ke|kya|gya"
_BETWEEN = "[、，・ \u3000]"
_DASHES = "―—─━–"
_DRAWN_OUT = "ーｰ－‐−-"
# In the order in which they are tried. A sign that words are written with (ー, ・, a full stop) is a run only where
# two of it stand together, a letter where three do; a dash or an ellipsis is one alone too.
_PATTERN: Final = regex.compile(
    rf"(?P<laughter>(?P<l>[{_LAUGHTER}][っッｯ]?)(?P<b>{_BETWEEN}?)(?P=l)(?:(?P=b)(?P=l))*"
    rf"|(?P<x>{_SYLLABLES})(?P=x)+(?=h?\b)|\b(?P<y>{_SYLLABLES})(?P<z>[ \-])(?P=y)(?:(?P=z)(?P=y))*\b)"
    rf"|(?P<dashes>(?P<d>[{_DASHES}])(?P=d)*|(?P<e>[{_DRAWN_OUT}])(?P=e)+)"
    r"|(?P<ellipses>(?P<f>[…‥⋯])(?P=f)*|(?P<g>[・･。．.])(?P=g)+)"
    r"|(?P<waves>(?P<w>[～〜~∼])(?P=w)*)"
    r"|(?P<stops>(?P<s>[っッｯ])(?P=s)+)"
    r"|(?P<cries>(?P<c>\p{L})(?P=c){2,})",
    regex.IGNORECASE,
)
# Anything three times in a row; `re` looks four times as fast as `regex` here.
_THRICE: Final = re.compile(r"(..?)\1\1")
_UNITS = "lxydefgwsc"


@dataclass(frozen=True, slots=True)
class Run:
    """A run in a source. kind: the field of `Runs` that rules it; unit: what repeats; was, sent: how many times."""

    kind: str
    unit: str
    was: int
    sent: int


def shortened(texts: Sequence[str], rules: Runs) -> tuple[list[str], tuple[Run, ...]]:
    """The texts between a paragraph's codes with their runs as short as `rules` say, and the runs in order.

    The runs that are short already are among them, as they count when an answer's runs are looked for; no run is given
    where none is too long.
    """
    if not any(_THRICE.search(text) for text in texts):
        return list(texts), ()
    seen: list[Run] = []

    def shorten(match: "regex.Match[str]") -> str:
        kind, unit, between, count = _told(match)
        most: int = getattr(rules, kind)
        run = match.group()
        # Only what can be made again: after the first, which may have a capital letter, all are the same.
        again = run[len(unit) :] == (between + run[-len(unit) :]) * (count - 1)
        sent = min(count, most) if most and again else count
        seen.append(Run(kind, unit.casefold(), count, sent))
        return run if sent == count else run[: sent * (len(unit) + len(between)) - len(between)]

    found = [_PATTERN.sub(shorten, text) for text in texts]
    if all(run.was == run.sent for run in seen):
        return list(texts), ()
    return found, tuple(seen)


def lengthened(texts: Sequence[str], runs: Iterable[Run]) -> list[str]:
    """The texts between an answer's codes, with each run that certainly stands for one of `runs` as long as that was.

    Certain is: the answer has as many runs of the same sign as the source, or else, beside those, as many runs of the
    kind (laughter for laughter, dashes for dashes); they stand in the same order. All others stay as they are, and no
    run becomes shorter.
    """
    there = [(index, match, *_told(match)) for index, text in enumerate(texts) for match in _PATTERN.finditer(text)]
    source = list(runs)
    signs = [(kind, unit.casefold()) for _, _, kind, unit, _, _ in there]
    matched: dict[int, Run] = {}
    for sign in dict.fromkeys((run.kind, run.unit) for run in source):
        of_source = [run for run in source if (run.kind, run.unit) == sign]
        of_answer = [index for index, known in enumerate(signs) if known == sign]
        if len(of_source) == len(of_answer):
            matched.update(zip(of_answer, of_source, strict=True))
            source = [run for run in source if (run.kind, run.unit) != sign]
    for kind in dict.fromkeys(run.kind for run in source):
        of_source = [run for run in source if run.kind == kind]
        of_answer = [index for index, known in enumerate(signs) if known[0] == kind and index not in matched]
        if len(of_source) == len(of_answer):
            matched.update(zip(of_answer, of_source, strict=True))
    made = list(texts)
    for at in sorted(matched, reverse=True):
        index, match, _, unit, between, count = there[at]
        run = matched[at]
        if run.sent < run.was > count:
            end = match.end()
            last = match.group()[-len(unit) :]
            made[index] = made[index][:end] + (between + last) * (run.was - count) + made[index][end:]
    return made


def _told(match: "regex.Match[str]") -> tuple[str, str, str, int]:
    """A match's kind, what repeats, what stands between two of them, and how many there are."""
    # `lastgroup` is the outer group: it is the last to be closed.
    kind = match.lastgroup or "cries"
    unit = next(found for name in _UNITS if (found := match[name]))
    between: str = match["b"] or match["z"] or ""
    count = (len(match.group()) + len(between)) // (len(unit) + len(between))
    return kind, unit, between, count
