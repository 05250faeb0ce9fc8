"""References in XML and HTML (`&lt;`, `&#x3042;`, `&nbsp;`): what they mean, and what must be written as one."""

import re
from html.entities import html5

NAME = r"[A-Za-z_:\x80-\U0010ffff][-\w:.\u00b7]*"
"""A name as tags, attributes and entities have one."""

UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that XML cannot hold."""

_REFERENCE = re.compile(rf"&(?:#([0-9]{{1,9}})|#[xX]([0-9A-Fa-f]{{1,8}})|({NAME}));")
_FIVE = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_LEGACY = re.compile("&(" + "|".join(sorted((n for n in html5 if not n.endswith(";")), key=len, reverse=True)) + ")")
_NAMED: dict[str, str] = {name.removesuffix(";"): value for name, value in html5.items()}


def read_reference(raw: str, *, html: bool = False) -> str | None:
    """What one reference (`&lt;`, `&#x3042;`, `&nbsp;`) means; None where that is not known, or no character.

    html: whether HTML's names count (they do in XHTML too), and its reading of `&#128;` to `&#159;` as Windows-1252.
    """
    match = _REFERENCE.fullmatch(raw)
    if match is None:
        return None
    return _meaning(match, html=html)


def _meaning(match: re.Match[str], *, html: bool) -> str | None:
    name = match[3]
    if name is not None:
        return _FIVE.get(name) or (_NAMED.get(name) if html else None)
    number = int(match[1]) if match[1] is not None else int(match[2], 16)
    if number > 0x10FFFF:  # noqa: PLR2004  the end of Unicode
        return None
    if html and 0x80 <= number < 0xA0:  # noqa: PLR2004  the C1 controls
        return bytes((number,)).decode("cp1252", "ignore") or None
    found = chr(number)
    return None if UNWRITABLE.match(found) else found


def read_references(raw: str, *, html: bool = False) -> str:
    """A text or an attribute's value with all references read that have a meaning; the others stay as they are."""
    if "&" not in raw:
        return raw
    return _REFERENCE.sub(lambda m: _meaning(m, html=html) or m.group(), raw)


def legacy_reference(raw: str, position: int) -> tuple[str, int] | None:
    """HTML's old entities need no semicolon (`&copy 2020`): what stands at `position` means, and where it ends."""
    match = _LEGACY.match(raw, position)
    return None if match is None else (html5[match[1]], match.end())


def escape_text(text: str) -> str:
    """A text as it is written between tags. Raises nothing: see `unwritable`."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace("]]>", "]]&gt;") if "]]>" in text else text


def escape_attribute(value: str, quote: str = '"') -> str:
    """A value as it is written in `quote`s; tabs and line ends as references, which a reader would make spaces."""
    value = value.replace("&", "&amp;").replace("<", "&lt;")
    value = value.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")
    return value.replace("'", "&#39;") if quote == "'" else value.replace('"', "&quot;")


def unwritable(text: str) -> str | None:
    """The first character that XML cannot hold in any spelling (control characters, half of a pair); None if none."""
    found = UNWRITABLE.search(text)
    return None if found is None else found.group()
