"""What a server's counts of tokens betray of a prompt that it cut without a word."""

from collections.abc import Sequence
from typing import Final

from translator.core.backend import Request
from translator.core.scripts import count

_MARGIN: Final = 1
"""Tokens that a cut prompt may fall short of the window: the runner keeps one place free."""

_CHARACTERS_PER_TOKEN: Final = 8
_WIDE_PER_TOKEN: Final = 3
"""No tokeniser in use writes more of a language's characters with one token on average over a whole prompt."""


def was_cut(request: Request, prompt_tokens: int, output_tokens: int, window: int) -> bool:
    """Whether an answer's counts betray that the server cut the prompt or shifted the window while it wrote.

    Ollama before v0.12.4 and behind OpenAI's routes does so silently, and so does LM Studio: the prompt then fills the
    window to its brim, or (on one path of Ollama's) was halved. A halved one is told by far fewer tokens than its
    characters can make; a count that leaves out cached tokens (Ollama v0.30.0) looks the same, which is why only
    prompts that cannot have fitted well are judged so.
    """
    if not prompt_tokens:
        return False
    if prompt_tokens >= window - _MARGIN or prompt_tokens + output_tokens > window + _MARGIN:
        return True
    texts = request.texts
    if sum(map(len, texts)) // _WIDE_PER_TOKEN <= window:
        return False  # so short that it fits however it is counted, and counting takes longer than all else here
    least = least_tokens(texts)
    return least > window and prompt_tokens < least


def least_tokens(texts: Sequence[str]) -> int:
    """Fewer tokens than this no known tokeniser makes of the texts."""
    total = 0
    for text in texts:
        wide = 0 if text.isascii() else sum(count(text, script) for script in ("kana", "han", "hangul"))
        total += wide // _WIDE_PER_TOKEN + (len(text) - wide) // _CHARACTERS_PER_TOKEN
    return total
