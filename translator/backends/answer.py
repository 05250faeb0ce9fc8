"""An answer as it comes in: text and thought told apart, the listener asked whether to go on."""

from translator.core.backend import Abort, OnBegin, OnToken
from translator.core.loops import WINDOW, loop

OPENS = "<think>"
CLOSES = "</think>"
_BLANK = " \t\r\n"
_STEP = 256
"""New characters of a thought between two looks for a loop at its end."""

_OWN = ((500, 500),)
"""What a thought may repeat: it copies its source, laughter and all, and drafts a line several times."""


class Answer:
    """Gathers the parts of an answer.

    A thought that stands in the text itself is taken out of it: between `<think>` at its start and `</think>`, cut
    anywhere between two parts, never closed, or never opened (some templates open it in the prompt). A thought that
    goes on in a loop ends the answer.
    `parts` counts what was added, which is about the number of tokens. on_begin hears of the first part.
    """

    __slots__ = (
        "_heard",
        "_inside",
        "_looked",
        "_on_begin",
        "_on_token",
        "_opened",
        "abort",
        "parts",
        "text",
        "thought",
    )

    def __init__(self, on_token: OnToken | None, on_begin: OnBegin | None = None) -> None:
        self.text = ""
        self.thought = ""
        self.parts = 0
        self.abort: Abort | None = None
        self._on_token = on_token
        self._on_begin = on_begin
        self._heard = 0
        self._looked = 0
        self._opened: bool | None = None  # None: the start may still become an opening mark
        self._inside = False

    def add(self, content: str, thought: str = "") -> None:
        """Take the next part of the text, of the thought that the server itself tells apart, or of both."""
        self.parts += 1
        if self.parts == 1 and self._on_begin is not None:
            self._on_begin()
        if thought:
            self.thought += thought
        if content:
            self._take(content)

    def _take(self, content: str) -> None:
        before = len(self.thought if self._inside else self.text)
        if self._inside:
            self.thought += content
            end = self.thought.find(CLOSES, max(0, before - len(CLOSES)))
            if end >= 0:
                self._inside = False
                self.text = self.thought[end + len(CLOSES) :].lstrip(_BLANK)
                self.thought = self.thought[:end].strip(_BLANK)
            return
        if self._opened and not self.text:
            content = content.lstrip(_BLANK)  # the blank lines between a thought and its answer
        self.text += content
        if self._opened is None:
            start = self.text.lstrip(_BLANK)
            if start.startswith(OPENS):
                self._opened = self._inside = True
                inner = start[len(OPENS) :]
                self.text = ""
                self._take(inner)
                return
            if OPENS.startswith(start):
                return
            self._opened = False
        if not self._opened:
            end = self.text.find(CLOSES, max(0, before - len(CLOSES)))
            if end >= 0:
                self._opened = True
                self.thought += self.text[:end].strip(_BLANK)
                self.text = self.text[end + len(CLOSES) :].lstrip(_BLANK)
                self._heard = 0

    def tell(self) -> bool:
        """Show the listener the text so far if it has grown; whether the answer is to be stopped.

        It is when the listener says so, or when the thought loops; without a listener it never is.
        """
        if self._on_token is not None and len(self.thought) - self._looked >= _STEP:
            self._looked = len(self.thought)
            period = loop(self.thought[-WINDOW:], lambda: _OWN)
            if period is not None:
                self.abort = Abort("loop", f"the thought repeats its last {period} characters over and over")
                return True
        if self._on_token is None or len(self.text) == self._heard or (self._opened is None and not self._inside):
            return False
        self._heard = len(self.text)
        self.abort = self._on_token(self.text)
        return self.abort is not None

    def finish(self) -> None:
        """No more parts will come."""
        if self._inside:
            self.thought = self.thought.strip(_BLANK)
