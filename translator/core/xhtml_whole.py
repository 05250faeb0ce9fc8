"""Elements that `core.xml_spans` takes whole: their texts, as `core.xhtml_text.read_run` would read them."""

import re

from translator.core.xhtml_text import BLANK, Code, Run, read_text, settle, unbroken
from translator.core.xml_spans import MarkupFile, Token

_TAG = re.compile(r"(<[^>]*>)")


def read_whole(file: MarkupFile, token: Token, stop: int) -> Run | None:
    """The run of a WHOLE token whose end tag begins at `stop`; None where there is nothing but white space."""
    start = token.inner
    raw = file.text[start:stop]
    if "<" in raw:
        return _with_tags(file, raw, start, stop)
    bare = raw.lstrip(BLANK)
    start += len(raw) - len(bare)
    bare = bare.rstrip(BLANK)
    if not bare:
        return None
    shown = settle(unbroken(read_text(bare, html=file.html)))
    return Run(start, start + len(bare), shown, shown.strip(), (), ())


def _with_tags(file: MarkupFile, raw: str, start: int, stop: int) -> Run:
    pieces = _TAG.split(raw)  # text, tag, text, ..., text
    start, stop = _trim(pieces, start, stop)
    if len(pieces) == 5 and not pieces[0] and not pieces[4] and pieces[2].strip(BLANK):  # noqa: PLR2004  one element
        start, stop = start + len(pieces[1]), stop - len(pieces[3])
        pieces = [pieces[2]]
        start, stop = _trim(pieces, start, stop)
    codes: list[Code] = []
    at = start
    for number in range(1, len(pieces), 2):
        at += len(pieces[number - 1])
        tag = pieces[number]
        end = at + len(tag)
        codes.append(Code(tag, at, end))
        at = end
    if "&" in raw or "\n" in raw or "\r" in raw:
        pieces = [p if n % 2 else unbroken(read_text(p, html=file.html)) for n, p in enumerate(pieces)]
    source, plain = settle("".join(pieces)), settle("".join(pieces[::2])).strip()
    return Run(start, stop, source, plain, tuple(codes), ())


def _trim(pieces: list[str], start: int, stop: int) -> tuple[int, int]:
    """Cut white space off both ends; where they then stand."""
    head = pieces[0].lstrip(BLANK)
    start += len(pieces[0]) - len(head)
    pieces[0] = head
    tail = pieces[-1].rstrip(BLANK)
    stop -= len(pieces[-1]) - len(tail)
    pieces[-1] = tail
    return start, stop
