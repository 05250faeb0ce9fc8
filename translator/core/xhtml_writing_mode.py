"""Turning vertical writing horizontal: what says in a style sheet or a page that lines run from top to bottom.

`writing-mode` and its forms with `-epub-`, `-webkit-`, `-ms-` become `horizontal-tb` (`lr-tb` for `-ms-`, whose old
values are `tb-rl` and `tb-lr`). What concerns only characters in vertical lines (`text-combine`) does no
harm in horizontal ones and stays, and so do comments and strings (CSS Syntax Level 3, 4.3).
"""

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from translator.core.splice import Edit, splice
from translator.core.xhtml_text import local
from translator.core.xml_spans import Change, Kind, MarkupFile, Token, attributes, scan

_COMMENT = r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?+"
_STRINGS = r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?"
_MODE = re.compile(
    rf"(?is){_COMMENT}|{_STRINGS}"
    rf"|(?<![\w-])(?P<name>(?:-(?:epub|webkit|ms|moz|o)-)?writing-mode)(?P<gap>(?:\s|{_COMMENT})*+:(?:\s|{_COMMENT})*+)"
    r"(?P<value>vertical-rl|vertical-lr|tb-rl|tb-lr|tb|sideways-rl|sideways-lr)(?![\w-])"
)


def horizontal_sheet(blob: bytes) -> bytes:
    """A style sheet with horizontal lines. It is in UTF-16 where a mark says so, else in a charset with ASCII in it."""
    charset = next((name for bom, name in _WIDE.items() if blob.startswith(bom) and not len(blob) % 2), "latin-1")
    text = blob.decode(charset, "surrogatepass")
    return _MODE.sub(_horizontal, text).encode(charset, "surrogatepass") if _says_mode(text) else blob


_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def _says_mode(text: str) -> bool:
    return "writing-mode" in text.lower()


def _horizontal(match: re.Match[str]) -> str:
    if match["name"] is None:
        return match.group()
    value = "lr-tb" if match["value"].lower().startswith("tb") else "horizontal-tb"
    return match["name"] + match["gap"] + value


def horizontal_changes(file: MarkupFile, changes: Sequence[Change]) -> list[Change]:
    """The changes of a page, and those that its own styles need: `<style>`, `style="..."`, also in what is written."""
    if not _says_mode(file.text):
        return list(changes)
    spans = sorted((c.start, c.end) for c in changes if c.start < c.end)
    made = [c._replace(new=_horizontal_markup(c.new)) for c in changes]
    for edit in _edits(file.text, file.tokens(), html=file.html):
        before = bisect_right(spans, (edit.start, len(file.text)))
        if not before or spans[before - 1][1] <= edit.start:
            made.append(Change(*edit, ""))
    return made


def _horizontal_markup(text: str) -> str:
    return splice(text, _edits(text, scan(text, html=True), html=True)) if _says_mode(text) else text


def _edits(text: str, tokens: Iterable[Token], *, html: bool) -> Iterator[Edit]:
    sheet: int | None = None
    for token in tokens:
        if token.kind in (Kind.START, Kind.EMPTY):
            if _says_mode(text[token.start : token.end]):
                for found in attributes(text, token, html=html):
                    if found.name == "style":
                        yield from _edits_of_style(text, found.start, found.end)
            if token.kind is Kind.START and local(token.name) == "style":
                sheet = token.end
        elif token.kind is Kind.END and sheet is not None and local(token.name) == "style":
            yield from _edits_of_style(text, sheet, token.start)
            sheet = None
    if sheet is not None:
        yield from _edits_of_style(text, sheet, len(text))


def _edits_of_style(text: str, start: int, end: int) -> Iterator[Edit]:
    for match in _MODE.finditer(text, start, end):
        if match["name"] is not None:
            yield Edit(*match.span(), _horizontal(match))
