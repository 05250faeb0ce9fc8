"""No model at all: each line is marked and widened, so that a player sees what is caught and what overflows."""

import hashlib
import re
from math import ceil

from translator.core.backend import ModelInfo, OnBegin, OnToken, Reply, Request
from translator.core.scripts import width

MODEL = "pseudo"
_OPEN, _CLOSE, _FILL = "［", "］", "～"
_MORE = 0.35
_VERSION = 1
_LINE = re.compile(r"(?P<before>\s*)(?P<text>.*?)(?P<after>\s*)", re.DOTALL)
_CODE = re.compile(r"\\+[A-Za-z]+(?:\[[^\]]*\])?|\\+[^A-Za-z]|<[^>]*>|\{[^}]*\}|%\d*[sd]?")


def mark(line: str) -> str:
    """A line in brackets and about 35 % wider, at least by one sign: こんにちは → ［こんにちは～］.

    Its text, control codes included, stays as it is in between; codes do not count as width. A blank line stays.
    """
    match = _LINE.fullmatch(line)
    if match is None or not match["text"]:
        return line
    text = match["text"]
    extra = ceil(width(_CODE.sub("", text)) * _MORE)
    # The brackets are two full-width signs themselves.
    fill = max(1, ceil((extra - width(_OPEN + _CLOSE)) / width(_FILL)))
    return f"{match['before']}{_OPEN}{text}{_FILL * fill}{_CLOSE}{match['after']}"


class PseudoBackend:
    """Marks each line of the last message (or of the prompt). The same text always gives the same answer."""

    name = "pseudo"

    async def models(self) -> list[ModelInfo]:
        """The one model that this is."""
        return [await self.describe(MODEL)]

    async def describe(self, model: str) -> ModelInfo:
        """A model without limits; its digest changes only when the marks do."""
        del model
        digest = hashlib.sha256(f"{MODEL} {_VERSION} {_OPEN}{_FILL}{_CLOSE} {_MORE}".encode()).hexdigest()
        return ModelInfo(name=MODEL, digest=digest, capabilities=("completion",), server=MODEL)

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        """The marked text, at once; `on_token` hears nothing, since all of it comes with the end."""
        del on_token, on_begin
        text = request.prompt if request.prompt is not None else request.messages[-1].content
        answer = "\n".join(map(mark, text.split("\n")))
        return Reply(text=answer, prompt_tokens=len(text), output_tokens=len(answer))

    async def close(self) -> None:
        """Nothing was opened."""
