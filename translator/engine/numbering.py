r"""How models number the texts of an answer: `1. …`, `[2] …`, `3、…`, `"id": 4`, `"5": …`."""

import re
from typing import Final

import regex

_BLANKS: Final = r"[^\S\n]*+"
_SIGN: Final = rf"{_BLANKS}[.\uff0e\u3001:\uff1a)\uff09](?!\d)"
_NUMBER: Final = (
    rf"{_BLANKS}[-*(\uff08]?{_BLANKS}[\[\u3010]?([0-9\uff10-\uff19]{{1,4}})(?:[\]\u3011](?:{_SIGN})?|{_SIGN})"
)

NUMBERED: Final = regex.compile(rf"{_NUMBER}\s*(.*)")
"""A whole line that begins with its number: the number, and the text behind it."""

_ITEM: Final = re.compile(
    rf'(?:\n|\A){_NUMBER}|"id"\s{{0,4}}:\s{{0,4}}"?([0-9]{{1,6}})|[{{,]\s{{0,16}}"([0-9]{{1,4}})"\s{{0,4}}:'
)

_LONGEST: Final = 40
"""Characters of a number with what stands around it; longer ones are not seen when they come in small pieces."""


class Numbers:
    """The numbers of texts in an answer that grows: how many stand there so far, and the highest of them."""

    __slots__ = ("_at", "_read", "count", "highest")

    def __init__(self) -> None:
        self.count = 0
        self.highest = 0
        self._at = 0
        self._read = 0

    def read(self, text: str) -> None:
        """Take what is new in `text`, the whole answer so far; a number at its very end may still become another."""
        start, self._read = max(self._read - _LONGEST, self._at), len(text)
        for match in _ITEM.finditer(text, start):
            if match.end() < len(text):
                self._at = match.end()
                self.count += 1
                self.highest = max(self.highest, int(match[1] or match[2] or match[3]))
