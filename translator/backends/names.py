"""Model names that look alike."""

from collections.abc import Iterable
from difflib import SequenceMatcher

_MOST = 5
_ALIKE = 0.6


def near_names(wanted: str, have: Iterable[str]) -> tuple[str, ...]:
    """Those of `have` that a person who typed `wanted` may have meant, best first, at most five.

    Letters' case, a registry path before the name and the tag behind it count less than the name itself.
    """
    scored = [(max(_alike(wanted, name), _alike(_bare(wanted), _bare(name))), name) for name in have]
    good = sorted(((score, name) for score, name in scored if score >= _ALIKE), key=lambda pair: (-pair[0], pair[1]))
    return tuple(name for _, name in good[:_MOST])


def _bare(name: str) -> str:
    return name.rpartition("/")[2].partition(":")[0]


def _alike(one: str, other: str) -> float:
    a, b = one.casefold(), other.casefold()
    if a and b and (a in b or b in a):
        return 1.0 if a == b else 0.9
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
