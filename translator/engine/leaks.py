"""Marks that only a chat template writes: in a translation they are a sign that the model goes on with the dialogue."""

from typing import Final

import regex

_SIGNS: Final = regex.compile(
    # ChatML (Qwen, Sakura), Llama 3 and 4, Phi, Command, GLM, GPT-OSS; the middle's and the pictures' marks too.
    r"<\|[A-Za-z0-9_\u2581]{1,40}\|>"
    # DeepSeek, with bars of full width; then the ends and gaps of the tokenisers themselves.
    r"|<\uff5c[^\uff5c\s]{1,40}\uff5c>"
    r"|</?s>|<(?:eos|bos|pad|unk|unused[0-9]{1,4})>"
    # Gemma, Mistral and Llama 2, and the calls of tools.
    r"|<(?:start|end)_of_turn>|<</?SYS>>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]"
    r"|</?tool_(?:call|response)>"
)

LONGEST: Final = 48
"""Characters of the longest mark, and some more. Each ends in `>` or `]`."""


def leak(text: str, source: str, start: int = 0) -> "regex.Match[str] | None":
    """The first mark of a chat template in `text`, from `start` on, that `source` has not; None where there is none."""
    return next((match for match in _SIGNS.finditer(text, start) if match.group() not in source), None)
