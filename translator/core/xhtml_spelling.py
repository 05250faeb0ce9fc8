"""How a translation is spelled in an XHTML, HTML or FB2 file: the way back of `core.xhtml_text`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from translator.core.xhtml_text import BLANK, REFERENCE, SWALLOWED, TAG, Code, Run
from translator.core.xml_references import escape_text, read_reference
from translator.core.xml_spans import Kind, MarkupFile, Token

_CODE = re.compile(
    r"<!--[^-]*(?:-(?!->)[^-]*)*-->|<!\[CDATA\[[^\]]*(?:\](?!\]>)[^\]]*)*\]\]>|<\?[^<>]*>|</?[A-Za-z][^<>]*>"
    r"|&(?:#[0-9]{1,9}|#[xX][0-9A-Fa-f]{1,8}|[A-Za-z_:][-\w:.]*);|\n"
)


class CannotStandError(ValueError):
    """A text cannot be written in a place; says why."""


def spell(file: MarkupFile, run: Run, target: str, table: Mapping[int, str]) -> str:
    """What is written in a run's place for a target; raises CannotStandError.

    table: how the file spells some characters.
    """
    if not run.codes and "<" not in target and "&" not in target and "\n" not in target:
        return _spelled(target, table)
    waiting = {shown: list(found) for shown, found in groupby(sorted(run.codes, key=_by_shown), key=_by_shown)}
    for found in waiting.values():
        found.reverse()
    sizes = _sizes_of_elements(waiting)
    parts: list[str] = []
    position = broken = 0
    while (match := _CODE.search(target, position)) is not None:
        parts.append(_spelled(target[position : match.start()], table))
        position, code = match.start(), match.group()
        for size in sizes.get(code, ()):
            if target[position : position + size] in waiting:
                code = target[position : position + size]
                break
        position += len(code)
        if code == "\n":
            spelling = run.breaks[min(broken, len(run.breaks) - 1)] if run.breaks else "<br>" if file.html else "<br/>"
            broken += 1
            parts.append(spelling)
        elif code.startswith("&"):
            parts.append(_known_reference(code, run))
        else:
            left = waiting.get(code)
            if not left:
                parts.append(code)
                continue
            known = left.pop() if len(left) > 1 else left[0]
            parts.append(file.text[known.start : known.end])
    parts.append(_spelled(target[position:], table))
    return "".join(parts)


def _sizes_of_elements(shown: Iterable[str]) -> dict[str, list[int]]:
    """How long the codes are that are elements with what is in them (a script with `<` in it), the longest first, by
    their start tags.
    """
    sizes: dict[str, set[int]] = {}
    for code in shown:
        tag = _CODE.match(code)
        if tag is not None and tag.end() < len(code):
            sizes.setdefault(tag.group(), set()).add(len(code))
    return {tag: sorted(found, reverse=True) for tag, found in sizes.items()}


def is_alike(run: Run, target: str) -> bool:
    """Whether a target is surely read back as it is: the same codes in the same order, and plain text around them."""
    if target[:1] in _HARD_ENDS or target[-1:] in _HARD_ENDS or "\r" in target or "\f" in target:
        return False
    if "\n" in target and (target.count("\n") != len(run.breaks) or _LOOSE.search(target) is not None):
        return False
    if run.known is None:
        pieces = _TAGS.split(target)  # text, tag, text, ..., text
        return pieces[1::2] == TAG.findall(run.source) and _is_plain("".join(pieces[::2]))
    if _HARD.search(target) is not None:
        return False
    texts: list[str] = []
    at = 0
    for shown, _, _ in run.known:
        found = target.find(shown, at)
        if found < 0 or "<" in shown[1:]:
            return False
        texts.append(target[at:found])
        at = found + len(shown)
    return _is_plain("".join((*texts, target[at:])))


def _is_plain(text: str) -> bool:
    return "<" not in text and "&" not in text and _LETTER.search(text) is not None


def is_same(file: MarkupFile, run: Run, target: str) -> bool:
    """Whether a target that is alike is spelled in the file as it is shown; the file spells no characters otherwise."""
    text = file.text
    return (
        "]]>" not in target
        and "\n" not in target
        and (run.known is None or all(text[start:end] == shown for shown, start, end in run.known))
    )


_TAGS = re.compile(f"({TAG.pattern})")
_HARD_ENDS = frozenset(("", *BLANK, "<", ">"))
_HARD = re.compile(r"<(?:!|\?|/?[Bb][Rr]|[Rr][TtPpUu])")
_LOOSE = re.compile(r"\n[ \t\n]|[ \t]\n")
"""Line breaks whose neighbours may be read as layout."""
_LETTER = re.compile(r"[^\W_]")


def _by_shown(code: Code) -> str:
    return code.shown


def _known_reference(code: str, run: Run) -> str:
    if code in ("&lt;", "&amp;") or code in run.source or code.startswith("&#"):
        return code
    raise CannotStandError(f"{code} means nothing in this file")


def _spelled(text: str, table: Mapping[int, str]) -> str:
    escaped = escape_text(text)
    return escaped.translate(table) if table else escaped


INLINE_TAG = re.compile(r"<[^>]*>")
"""A tag of what is WHOLE."""


def _text_of(text: str, token: Token) -> str:
    raw = text[token.inner or token.start : token.end]
    return INLINE_TAG.sub("", raw) if token.inner else raw


def spelling_of(file: MarkupFile, tokens: Sequence[Token]) -> dict[int, str]:
    """The characters that a file always spells as one and the same reference (`&nbsp;`, `&#8220;`), but `<` and `&`."""
    if "&" not in file.text:
        return {}
    text = "".join([_text_of(file.text, t) for t in tokens if t.kind in (Kind.TEXT, Kind.WHOLE)])
    found: dict[str, set[str]] = {}
    for raw in set(REFERENCE.findall(text)):
        meaning = read_reference(raw, html=True)
        if meaning is not None and len(meaning) == 1 and meaning not in "<&" and meaning not in SWALLOWED:
            found.setdefault(meaning, set()).add(raw)
    return {ord(c): next(iter(raws)) for c, raws in found.items() if len(raws) == 1 and c not in text}
