"""Stops an answer that has gone wrong while it is still being written: loops, too much, leaked template."""

from typing import Final

from translator.core.backend import Abort
from translator.core.loops import WINDOW, Run, loop, own_repetition
from translator.core.thoughts import LEAKED, LONGEST_MARK, MARKS
from translator.engine import chatter
from translator.engine.chatter import Guess
from translator.engine.leaks import LONGEST, leak
from translator.engine.numbering import Numbers

LOOP: Final = "loop"
REMARK: Final = "remark"
TOO_MANY_LINES: Final = "too-many-lines"
TOO_LONG: Final = "too-long"
TEMPLATE: Final = "template-leaked"
THOUGHT: Final = LEAKED.code

_THOUGHT: Final = tuple(mark for pair in MARKS for mark in pair)
_LONGEST_MARK: Final = max(LONGEST, LONGEST_MARK)

_STEP: Final = 64
"""New characters between two looks at the tail."""

_ROUNDS: Final = 2
"""Times that an answer may number its texts: some models repeat the form, or plan, before they begin."""

_LAST_REMARK: Final = 40
"""So many characters of a line too many are waited for, where it begins like a remark about the translation."""


class Watch:
    """Looks at one answer as it grows; call it with the whole text so far, it returns an Abort when to stop.

    The text is without the thought before it, which the backends keep apart: a thought's mark is a fault here.
    lines: how many lines the answer may have, None where it is not lines (structured output). items: how many numbered
    texts it may have, where it is those (`1. …`, `"id": 1`), None where it is not.
    max_chars: longer is too long. source: what was asked; its own repetition is no loop, its own marks are no leak.

    Each character costs a constant time, however the answer is cut into pieces. A text that is shorter than the one
    before it starts anew. The code REMARK says that all lines are there and the model has gone on to speak about them.
    """

    __slots__ = (
        "_items",
        "_last_look",
        "_line_at",
        "_lines",
        "_max_chars",
        "_numbers",
        "_open",
        "_own",
        "_plain",
        "_seen",
        "_source",
        "_thoughts",
        "_wanted",
    )

    def __init__(self, lines: int | None, max_chars: int, *, source: str = "", items: int | None = None) -> None:
        self._wanted = lines
        self._items = items
        self._max_chars = max_chars
        self._source = source
        self._thoughts = tuple(mark for mark in _THOUGHT if mark not in source)
        self._own: tuple[Run, ...] | None = None
        self._plain: bool | None = None
        self._restart()

    def _restart(self) -> None:
        self._seen = 0
        self._lines = 0
        self._line_at = 0
        self._open = False
        self._last_look = 0
        self._numbers = Numbers()

    def __call__(self, text: str) -> Abort | None:
        """Judge what is new in `text`, the whole answer so far."""
        if len(text) < self._seen:
            # What looked like the answer was a thought that nothing had opened: it has been taken out.
            self._restart()
        new = text[self._seen :]
        before, self._seen = self._seen, len(text)
        if (">" in new or "]" in new) and (abort := self._leaked(text, max(0, before - _LONGEST_MARK))):
            return abort
        if self._wanted is not None and (abort := self._count(text, before, self._wanted)):
            return abort
        if self._items is not None and (abort := self._count_items(text, self._items)):
            return abort
        if len(text) > self._max_chars:
            return self._loops(text) or Abort(TOO_LONG, f"the answer is longer than {self._max_chars} characters")
        if len(text) - self._last_look >= _STEP:
            return self._loops(text)
        return None

    def final(self, text: str) -> Abort | None:
        """Judge an answer that has ended: as if called, and its end is looked at for a loop whatever its length."""
        if abort := self(text):
            return abort
        if self._wanted is not None and self._lines > self._wanted:
            return self._too_many()
        return self._loops(text) if self._last_look < len(text) else None

    def _leaked(self, text: str, start: int) -> Abort | None:
        if any(text.find(mark, start) >= 0 for mark in self._thoughts):
            return LEAKED
        mark = leak(text, self._source, start)
        if mark is None:
            return None
        what = f"the answer holds {mark.group()}, a piece of a chat template"
        return Abort(TEMPLATE, f"{what}: the server's template or stop words do not fit the model")

    def _count_items(self, text: str, wanted: int) -> Abort | None:
        """Count the numbered texts: neither may a number be too high nor may they begin anew over and over."""
        self._numbers.read(text)
        if self._numbers.highest > wanted:
            what = f"a text number {self._numbers.highest}"
        elif self._numbers.count > _ROUNDS * wanted:
            what = f"{self._numbers.count} numbered texts"
        else:
            return None
        return Abort(TOO_MANY_LINES, f"the answer has {what} where {wanted} were asked for")

    def _too_many(self) -> Abort:
        return Abort(TOO_MANY_LINES, f"the answer has more than {self._wanted} lines")

    def _count(self, text: str, before: int, wanted: int) -> Abort | None:
        """Count the lines with something on them; what is new in `text` begins at `before`.

        A first line that only announces the answer is not counted, and a last one that speaks about it ends it.
        """
        at = before
        while (end := text.find("\n", at)) >= 0:
            if abort := self._grown(text[at:end], text[self._line_at : end], wanted, ended=True):
                return abort
            if self._lines == 1 and self._open and chatter.announces(text[self._line_at : end]) and self._may_chat():
                self._lines = 0
            self._open = False
            at = self._line_at = end + 1
        return self._grown(text[at:], text[self._line_at :], wanted, ended=False)

    def _grown(self, new: str, line: str, wanted: int, *, ended: bool) -> Abort | None:
        """Judge a line that `new` has come to."""
        if not self._open:
            if not new or new.isspace():
                return None
            self._open = True
            self._lines += 1
        if self._lines <= wanted:
            return None
        guess = chatter.remarks(line) if self._may_chat() else Guess.NO
        if guess is Guess.YES:
            return Abort(REMARK, "the answer goes on with a remark about the translation")
        if guess is Guess.NOT_YET and not ended and len(line) <= _LAST_REMARK:
            return None
        return self._too_many()

    def _may_chat(self) -> bool:
        """Whether a sentence about translations cannot be the translation of what was asked."""
        if self._plain is None:
            self._plain = not chatter.could_be_text(self._source.split("\n"))
        return self._plain

    def _loops(self, text: str) -> Abort | None:
        self._last_look = len(text)
        period = loop(text[-WINDOW:], self._own_repetition)
        if period is None:
            return None
        return Abort(LOOP, f"the answer repeats its last {period} characters over and over")

    def _own_repetition(self) -> tuple[Run, ...]:
        if self._own is None:
            self._own = own_repetition(self._source)
        return self._own
