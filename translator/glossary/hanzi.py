"""Chinese characters in one spelling or another, by OpenCC."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import cast


@lru_cache(maxsize=4096)
def simplified(text: str) -> str:
    """`text` with simplified characters in place of traditional and Japanese ones (村長, 村长), for comparing."""
    return text if text.isascii() else converter("t2s")(converter("jp2t")(text))


@cache
def converter(configuration: str) -> Callable[[str], str]:
    """What changes a text as one of OpenCC's configurations (`t2s`, `s2twp`, `jp2t` …) says."""
    from opencc import OpenCC  # noqa: PLC0415  (loads dictionaries; few texts need it)

    found = OpenCC(configuration).convert  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  opencc has no types
    return cast("Callable[[str], str]", found)
