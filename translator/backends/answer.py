"""An answer as it comes in: text and thought told apart, the listener asked whether to go on."""

from typing import Final, Self

from translator.core.backend import Abort, OnBegin, OnToken, Request
from translator.core.halves import first_half, has_half, joined
from translator.core.loops import WINDOW, loop
from translator.core.thoughts import CLOSES, LEAKED, LONGEST_MARK, MARKS

_BLANK: Final = " \t\r\n"
_STEP: Final = 256
"""New characters of a thought between two looks for a loop at its end."""

_OWN: Final = ((500, 500),)
"""What a thought may repeat: it copies its source, laughter and all, and drafts a line several times."""

_FEW: Final = 8
"""A thought of no more characters does no harm: models that are told not to think leave an empty one, or 好的。"""

_START: Final = 64
"""So many characters of a text are waited for while they may become a mark: blanks, and the beginning of one."""

_NO_THOUGHT: Final = ("{", "[{", "```")
"""How answers begin and thoughts do not."""


class Answer:
    """Gathers the parts of an answer.

    A thought that stands in the text itself is taken out of it: between `<think>` (or the like) at its start and
    `</think>`, cut anywhere between two parts, never closed, or never opened (some templates open it in the prompt).
    `parts` counts what was added, which is about the number of tokens. on_begin hears of the first part.

    room: how many parts a thought and its answer may have together, 0 where none is expected: one of more than a few
    characters then ends the answer, and so does, always, one that goes on in a loop. While a thought is expected and
    nothing shows whether what comes is one, the listener hears nothing of it until there is no more room.
    """

    __slots__ = (
        "_blanks",
        "_closes",
        "_half",
        "_half_thought",
        "_heard",
        "_looked",
        "_on_begin",
        "_on_token",
        "_opened",
        "_room",
        "abort",
        "parts",
        "text",
        "thought",
    )

    def __init__(self, on_token: OnToken | None, on_begin: OnBegin | None = None, *, room: int = 0) -> None:
        self.text = ""
        self.thought = ""
        self.parts = 0
        self.abort: Abort | None = None
        self._on_token = on_token
        self._on_begin = on_begin
        self._room = room
        self._heard = 0
        self._looked = 0
        self._blanks = 0
        self._half = self._half_thought = ""
        self._opened: bool | None = None  # None: the start may still become an opening mark
        self._closes = ""  # what ends the thought that the text is in

    @classmethod
    def to(cls, request: Request, on_token: OnToken | None, on_begin: OnBegin | None) -> Self:
        """The answer to a request: a thought is expected where the request asks for one."""
        return cls(on_token, on_begin, room=request.max_tokens if request.think else 0)

    def add(self, content: str, thought: str = "") -> None:
        r"""Take the next part of the text, of the thought that the server itself tells apart, or of both.

        A character may be cut between two parts ("\ud83d" and "\ude00"): its first half waits for the other one.
        """
        self.parts += 1
        if self.parts == 1 and self._on_begin is not None:
            self._on_begin()
        if thought:
            if self._half_thought or has_half(thought):
                thought, self._half_thought = _whole(self._half_thought + thought)
            self.thought += thought
        if content:
            if self._half or has_half(content):
                content, self._half = _whole(self._half + content)
            self._take(content)

    def _take(self, content: str) -> None:
        if self._closes:
            self._think(content)
            return
        if self._opened and not self.text:
            length = len(content)
            content = content.lstrip(_BLANK)  # the blank lines between a thought and its answer
            self._blanks += length - len(content)
        before = len(self.text)
        self.text += content
        if self._opened is None:
            start = self.text.lstrip(_BLANK)
            for opens, closes in MARKS:
                if start.startswith(opens):
                    self._opened, self._closes, self.text = True, closes, ""
                    self._think(start[len(opens) :])
                    return
            if any(opens.startswith(start) for opens, _ in MARKS):
                return
            self._opened = False
        if not self._opened and (">" in content or "]" in content):
            closing = CLOSES.search(self.text, max(0, before - LONGEST_MARK))
            if closing is not None:
                self._opened = True
                self.thought += self.text[: closing.start()].strip(_BLANK)
                self.text = self.text[closing.end() :].lstrip(_BLANK)
                self._heard = 0

    def _think(self, content: str) -> None:
        """Take more of a thought that the text is in, and what stands behind its end."""
        before = len(self.thought)
        self.thought += content
        end = self.thought.find(self._closes, max(0, before - len(self._closes)))
        if end >= 0:
            self.text = self.thought[end + len(self._closes) :].lstrip(_BLANK)
            self.thought = self.thought[:end].strip(_BLANK)
            self._closes = ""

    def tell(self) -> bool:
        """Show the listener the text so far if it has grown; whether the answer is to be stopped.

        It is when the listener says so, or for its thought; without a listener it never is.
        """
        if self._on_token is None:
            return False
        held = self._held()
        self.abort = self._judged(self.text if held else "")
        if self.abort is None and not held and len(self.text) != self._heard:
            self._heard = len(self.text)
            self.abort = self._on_token(self.text)
        return self.abort is not None

    def finish(self) -> None:
        """No more parts will come: a thought that came with the last of them is judged too."""
        self.thought += joined(self._half_thought)
        if self._half:
            self._take(joined(self._half))
        self._half = self._half_thought = ""
        if self._closes:
            self.thought = self.thought.strip(_BLANK)
        if self._on_token is not None and self.abort is None and self._leaked():
            self.abort = LEAKED

    def _held(self) -> bool:
        """Whether the text so far may be no answer, but a mark's beginning or a thought."""
        if self._opened is None:
            return len(self.text) < _START
        unknown = not self._opened and not self.thought and self.parts <= self._room
        return unknown and not self.text[:_START].lstrip(_BLANK).startswith(_NO_THOUGHT)

    def _judged(self, held: str) -> Abort | None:
        """What is wrong with the thought, or with the text `held` that may be one."""
        if self._leaked():
            return LEAKED
        if self._room and self.parts > self._room and not self.text:
            return Abort("too-long", f"the thought has taken up all {self._room} tokens of the answer")
        if self._blanks > _OWN[0][1] and not self.text:
            return Abort("loop", "the answer is blank lines over and over")
        thought = self.thought or held
        if len(thought) - self._looked >= _STEP:
            self._looked = len(thought)
            period = loop(thought[-WINDOW:], lambda: _OWN)
            if period is not None:
                return Abort("loop", f"the thought repeats its last {period} characters over and over")
        return None

    def _leaked(self) -> bool:
        """Whether there is more of a thought than does no harm, where none is expected."""
        most = _FEW + len(self._closes)  # the end of one that is not yet closed may be the beginning of its mark
        return not self._room and len(self.thought) > most and len(self.thought.strip(_BLANK)) > most


def _whole(text: str) -> tuple[str, str]:
    """The text in whole characters, and the half of one at its end that waits for its other half."""
    half = first_half(text)
    return joined(text.removesuffix(half) if half else text), half
