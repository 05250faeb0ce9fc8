"""Words with readings above them in a DOCX file (ECMA-376-1, 17.3.3.25 to 17.3.3.28)."""

import re
from functools import cache

from translator.core.xml_spans import read_references


@cache
def _pieces(w: str) -> re.Pattern[str]:
    p = re.escape(w)
    text = rf"<{p}t(?P<tail>\s[^<>]*)?(?<!/)>(?P<text>[^<>]*)</{p}t\s*>"
    return re.compile(rf"(?P<reading><{p}rt[\s>])|(?P<base><{p}rubyBase[\s>])|{text}")


@cache
def _ends(w: str) -> re.Pattern[str]:
    return re.compile(rf"<(?P<end>/?){re.escape(w)}ruby(?:\s[^<>]*)?(?P<empty>/?)>")


def ruby_end(text: str, start: int, w: str) -> int:
    """Where the ruby ends that starts there, with those that are in it."""
    depth = 0
    for match in _ends(w).finditer(text, start):
        depth += -1 if match["end"] else not match["empty"]
        if depth <= 0:
            return match.end()
    return len(text)


def base_and_reading(raw: str, w: str) -> tuple[str, str]:
    """The word of a ruby and its reading. One in another adds to both."""
    base: list[str] = []
    reading: list[str] = []
    into = base
    for match in _pieces(w).finditer(raw):
        if match["text"] is None:
            into = reading if match["reading"] else base
        else:
            into.append(" ".join(read_references(match["text"]).split()))
    return "".join(base), "".join(reading)


def with_base(raw: str, w: str, base: str) -> str:
    """A ruby with another word, spelled as it is written, in its first text; its others are empty then."""
    if base_and_reading(raw, w)[0] == read_references(base):
        return raw
    in_base, written = False, False

    def text(match: re.Match[str]) -> str:
        nonlocal in_base, written
        if match["text"] is None:
            in_base = match["base"] is not None
        if match["text"] is None or not in_base:
            return match.group()
        said, written = "" if written else base, True
        return f"<{w}t xml:space='preserve'>{said}</{w}t>"

    return _pieces(w).sub(text, raw)
