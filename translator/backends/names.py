"""Model names that look alike."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

_MOST = 5
_ALIKE = 0.6
_ALIKE_IN_PART = 0.75
_PARTLY = 0.85
"""What a likeness with a part of a name is worth: below a part that is spelled right."""
_WORD_ENDS = re.compile(r"[-_.:/]")


def near_names(wanted: str, have: Iterable[str]) -> tuple[str, ...]:
    """Those of `have` that a person who typed `wanted` may have meant, best first, at most five.

    Letters' case, a registry path before the name and the tag behind it count less than the name itself. A few words
    of the name, such as its family (`sakura`), may be meant too.
    """
    bare = _bare(wanted)
    scored = [
        (max(_alike(wanted, name), _alike(bare, _bare(name)), _alike_in_words(bare, name)), name) for name in have
    ]
    good = sorted(((score, name) for score, name in scored if score >= _ALIKE), key=lambda pair: (-pair[0], pair[1]))
    return tuple(name for _, name in good[:_MOST])


def _bare(name: str) -> str:
    return name.rpartition("/")[2].partition(":")[0]


def _alike(one: str, other: str) -> float:
    a, b = one.casefold(), other.casefold()
    if a and b and (a in b or b in a):
        return 1.0 if a == b else 0.9
    return _ratio(a, b)


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _alike_in_words(wanted: str, name: str) -> float:
    """How much `wanted` is like the run of as many words of `name` that is most like it; 0 where none is."""
    count, words = len(_WORD_ENDS.split(wanted)), _WORD_ENDS.split(name)
    runs = ("-".join(words[start : start + count]) for start in range(len(words) - count + 1))
    best = max((_ratio(wanted.casefold(), run.casefold()) for run in runs), default=0.0)
    return best * _PARTLY if best >= _ALIKE_IN_PART else 0.0
