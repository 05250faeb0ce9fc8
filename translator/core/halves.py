"""Halves of characters (surrogates), which text of no encoding may hold: joined where they fit, replaced where not."""

import re
from typing import Final

_HALF: Final = re.compile("[\ud800-\udfff]")
_FIRST: Final = ("\ud800", "\udbff")


def has_half(text: str) -> bool:
    """Whether a half of a character stands in `text`."""
    return _HALF.search(text) is not None


def joined(text: str) -> str:
    """`text` with each pair of halves as the character that it is, and each half alone as U+FFFD."""
    if text.isascii() or not has_half(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def first_half(text: str) -> str:
    """The first half of a character at the end of `text`; empty where none is. Its other half may still come."""
    return text[-1:] if _FIRST[0] <= text[-1:] <= _FIRST[1] else ""
