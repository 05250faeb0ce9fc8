"""Chinese characters in one spelling, to compare words with."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import cast


@lru_cache(maxsize=4096)
def simplified(text: str) -> str:
    """`text` with simplified characters in place of traditional and Japanese ones (村長, 村长)."""
    return text if text.isascii() else _converter("t2s")(_converter("jp2t")(text))


@cache
def _converter(configuration: str) -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415  (loads dictionaries; few texts need it)

    found = OpenCC(configuration).convert  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  opencc has no types
    return cast("Callable[[str], str]", found)
