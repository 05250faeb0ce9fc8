"""What tells the formatting of runs of a DOCX file from another's (ECMA-376-1, 17.3.2)."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from translator.core.office_parts import attributes_of

Form = tuple[str, ...]
"""What tells a formatting from others."""

_QUIET = frozenset(
    (
        *("lang", "noProof", "bCs", "iCs", "szCs", "rPrChange", "webHidden", "kern", "snapToGrid", "fitText"),
        *("cs", "rtl", "specVanish", "oMath", "ins"),
    )
)
"""Properties of runs that nobody sees in a translation, or that are set by the script of the text."""


@cache
def _property(w: str) -> re.Pattern[str]:
    return re.compile(rf"<{re.escape(w)}(\w+)([^<>]*?)/?>")


@lru_cache(maxsize=4096)
def form_of(properties: str, wrapper: str, w: str) -> Form:
    """What tells a run's formatting from another's: its visible properties, and the link that it is in."""
    inner = properties.partition(f"<{w}rPrChange")[0]
    found = {
        f"{m[1]}{m[2].strip()}"
        for m in _property(w).finditer(inner)
        if m[1] not in _QUIET and m[1] not in ("rPr", "rFonts")
    }
    found |= set(_fonts(inner, w))
    return (*sorted(found), *((wrapper,) if wrapper else ()))


def _fonts(inner: str, w: str) -> Iterator[str]:
    """The fonts that are set, without the hint and those that only some scripts are shown in."""
    match = re.search(rf"<{w}rFonts([^<>]*?)/?>", inner)
    if match is not None:
        found = attributes_of(match[1])
        for name in (f"{w}ascii", f"{w}asciiTheme"):
            if name in found:
                yield f"{name}={found[name]}"
