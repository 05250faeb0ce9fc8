"""Tags that come in pairs around a text: both are in a message, or neither."""

import regex

from translator.formats.kag.tokens import Kind, Token

_CLOSINGS = {"font": "[resetfont]", "nowait": "[endnowait]", "mark": "[endmark]"}
_OPENINGS = {closing[1:-1]: opening for opening, closing in _CLOSINGS.items()}
_BARE_TAG = regex.compile(r"\[[^\s\[\]]+\]")


def closing_of(name: str) -> str:
    """The tag that closes one of this name."""
    return _CLOSINGS.get(name, f"[/{name}]")


def bare_tags(text: str, start: int) -> dict[str, int]:
    """Where the last of each tag without values starts on the line, from `start` on."""
    stop = text.find("\n", start)
    return {one.group(): one.start() for one in _BARE_TAG.finditer(text, start, stop if stop >= 0 else len(text))}


def closed_end(text: str, start: int, end: int, after: Token) -> int:
    """Where a message ends: after the tag that closes the one last opened in it, if that comes right after."""
    if after.kind is not Kind.TAG or after.start != end:
        return end
    opening = _OPENINGS.get(after.name, after.name[1:] if after.name.startswith("/") else "")
    inside = text[start:end]
    opened = max(inside.rfind(f"[{opening}{mark}") for mark in "] ") if opening else -1
    return after.end if opened > inside.rfind(f"[{after.name}]") else end
