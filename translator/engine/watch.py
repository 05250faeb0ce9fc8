"""Stops an answer that has gone wrong while it is still being written: loops, too much, leaked template."""

from collections.abc import Callable
from operator import eq
from typing import Final

from translator.core.backend import Abort

LOOP: Final = "loop"
TOO_MANY_LINES: Final = "too-many-lines"
TOO_LONG: Final = "too-long"
TEMPLATE: Final = "template-leaked"
THOUGHT: Final = "thought-leaked"

# Marks that only a chat template writes: ChatML (Qwen, Sakura), Llama 3, Gemma, Mistral, Phi and DeepSeek.
LEAKS: Final = (
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|start_header_id|>",
    "<|eot_id|>",
    "<start_of_turn>",
    "<end_of_turn>",
    "[/INST]",
    "<|assistant|>",
    "<|user|>",
    "<\uff5cAssistant\uff5c>",
    "<\uff5cUser\uff5c>",
)
_THOUGHT: Final = ("<think>", "</think>")
_LONGEST_MARK: Final = max(map(len, (*LEAKS, *_THOUGHT)))

_WINDOW: Final = 1024
"""The tail (characters) in which a loop is looked for; it holds more than three rounds of the longest period."""

_LONGEST_PERIOD: Final = 256
_LONGEST_OWN_PERIOD: Final = 128
"""In a source no longer periods are looked for: laughter and equal lines are shorter, and it would take its time."""
_STEP: Final = 64
"""New characters between two looks at the tail."""

_NEEDLE: Final = 8
"""So many characters at the end are searched for before it: a tail that repeats has them once more, a period away."""


def _suffix_extents(text: str) -> list[int]:
    """For each period p from 1 on: how many characters at the end of `text` repeat those p before them.

    The Z function of the reversed text: linear in its length.
    """
    back = text[::-1]
    size = len(back)
    z = [0] * size
    left = right = 0
    for i in range(1, size):
        k = min(right - i, z[i - left]) if i < right else 0
        while i + k < size and back[k] == back[i + k]:
            k += 1
        z[i] = k
        if i + k > right:
            left, right = i, i + k
    return z[1 : _LONGEST_PERIOD + 1]


def _may_loop(tail: str) -> bool:
    """Whether some stretch at the end of `tail` stands there twice in a row: without that no closer look is taken."""
    end = len(tail)
    needle = tail[-_NEEDLE:]
    first = max(0, end - _NEEDLE - _LONGEST_PERIOD)
    at = tail.rfind(needle, first, end - 1)
    while at >= 0:
        period = end - _NEEDLE - at
        if tail[-2 * period : -period] == tail[-period:]:
            return True
        at = tail.rfind(needle, first, at + _NEEDLE - 1)
    return False


def _tolerated(period: int) -> int:
    """How many characters a tail of this period may have in any text: 50 of one character, four rounds of a line."""
    return 48 + 3 * period


def own_repetition(source: str) -> tuple[int, float]:
    """The longest stretch of `source` (characters) that repeats itself, and the most rounds that any stretch has."""
    longest, rounds = 0, 1.0
    for period in range(1, min(len(source) // 2, _LONGEST_OWN_PERIOD) + 1):
        equal = bytes(map(eq, source, source[period:]))
        if b"\1" * period in equal:
            stretch = max(map(len, equal.split(b"\0"))) + period
            longest = max(longest, stretch)
            rounds = max(rounds, stretch / period)
    return longest, rounds


def loop(text: str, own: Callable[[], tuple[int, float]] = lambda: (0, 1.0)) -> int | None:
    """The period (characters) of a loop that `text` ends in, None if it ends in none.

    `own` gives the source's `own_repetition`; it is asked only when something repeats. What repeats in the source
    may repeat twice as much in its translation (laughter, dashes, equal lines).
    """
    tail = text[-_WINDOW:]
    found = [
        (period, extent + period)
        for period, extent in enumerate(_suffix_extents(tail), 1)
        if extent and extent + period >= _tolerated(period)
    ]
    if not found:
        return None
    longest, rounds = own()
    for period, extent in found:
        if extent > 2 * longest and extent / period > 2 * rounds:
            return period
    return None


class Watch:
    """Looks at one answer as it grows; call it with the whole text so far, it returns an Abort when to stop.

    lines: how many lines the answer may have, None where it is not lines (structured output).
    max_chars: longer is too long. source: what was asked; its own repetition is no loop, its own marks are no leak.
    thinks: whether the answer may begin with the model's thought; lines and length then count after it.

    Each character costs a constant time, however the answer is cut into pieces.
    """

    __slots__ = (
        "_last_look",
        "_leaks",
        "_lines",
        "_max_chars",
        "_open",
        "_own",
        "_seen",
        "_source",
        "_start",
        "_wanted",
    )

    def __init__(self, lines: int | None, max_chars: int, *, source: str = "", thinks: bool = False) -> None:
        self._wanted = lines
        self._max_chars = max_chars
        self._source = source
        self._leaks = tuple(mark for mark in (LEAKS if thinks else (*LEAKS, *_THOUGHT)) if mark not in source)
        self._start: int | None = None if thinks else 0
        self._own: tuple[int, float] | None = None
        self._seen = 0
        self._lines = 0
        self._open = False
        self._last_look = 0

    def __call__(self, text: str) -> Abort | None:
        """Judge what is new in `text`, the whole answer so far."""
        new = text[self._seen :]
        before, self._seen = self._seen, len(text)
        if (">" in new or "]" in new) and (abort := self._leaked(text[max(0, before - _LONGEST_MARK) :])):
            return abort
        if self._start is None:
            end = text.find(_THOUGHT[1], max(0, before - len(_THOUGHT[1])))
            if end >= 0:
                self._start = end + len(_THOUGHT[1])
                new = text[self._start :].lstrip()
        if self._start is not None:
            if self._too_many_lines(new):
                return Abort(TOO_MANY_LINES, f"the answer has more than {self._wanted} lines")
            if len(text) - self._start > self._max_chars:
                return Abort(TOO_LONG, f"the answer is longer than {self._max_chars} characters")
        if len(text) - self._last_look >= _STEP:
            return self._loops(text)
        return None

    def final(self, text: str) -> Abort | None:
        """Judge an answer that has ended: as if called, and its end is looked at for a loop whatever its length."""
        return self(text) or (self._loops(text) if self._last_look < len(text) else None)

    def _leaked(self, part: str) -> Abort | None:
        for mark in self._leaks:
            if mark in part:
                if mark in _THOUGHT:
                    return Abort(THOUGHT, "the answer holds the model's thought")
                return Abort(TEMPLATE, f"the answer holds a piece of the chat template: {mark}")
        return None

    def _too_many_lines(self, new: str) -> bool:
        if self._wanted is None:
            return False
        first, *others = new.split("\n")
        self._count(first)
        for line in others:
            self._open = False
            self._count(line)
        return self._lines > self._wanted

    def _count(self, part: str) -> None:
        """Count the line that `part` belongs to once something stands on it: empty lines do not count."""
        if not self._open and part and not part.isspace():
            self._open = True
            self._lines += 1

    def _loops(self, text: str) -> Abort | None:
        self._last_look = len(text)
        tail = text[-_WINDOW:]
        if not _may_loop(tail):
            return None
        period = loop(tail, self._own_repetition)
        if period is None:
            return None
        return Abort(LOOP, f"the answer repeats its last {period} characters over and over")

    def _own_repetition(self) -> tuple[int, float]:
        if self._own is None:
            self._own = own_repetition(self._source)
        return self._own
