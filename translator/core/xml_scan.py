"""The tokens of XML and HTML: see `core.xml_spans`."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple
from xml.parsers import expat

from translator.core.xml_patterns import (
    BARE,
    CDATA,
    COMMENT,
    DTD,
    EMPTY,
    END,
    HTML_CUT,
    HTML_DTD,
    HTML_END,
    HTML_START,
    HTML_TEXT,
    HTML_WHOLE,
    PI,
    START,
    TEXT,
    WHOLE,
    WRONG,
    XML_ATTRIBUTE,
    Whole,
    html_pattern,
    xml_pattern,
)
from translator.core.xml_references import UNWRITABLE


class XmlError(ValueError):
    """A text is no well-formed XML. position: the index of the character where that shows."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class Kind(Enum):
    """What a token is. EMPTY is `<a/>`; RAW is what stands in script and style of HTML; WHOLE is an element with all
    that is in it, and white space behind it (see `Whole`).
    """

    TEXT = "text"
    START = "start"
    EMPTY = "empty"
    END = "end"
    CDATA = "cdata"
    COMMENT = "comment"
    PI = "pi"
    DOCTYPE = "doctype"
    RAW = "raw"
    WHOLE = "whole"


class Token(NamedTuple):
    """A run of text with the references in it, or one piece of markup: `text[start:end]`.

    name: of a tag, as it is written in XML (with its prefix), in lower case in HTML; "" for all others.
    inner: where a WHOLE's start tag ends; 0 for all others.
    """

    kind: Kind
    start: int
    end: int
    name: str = ""
    inner: int = 0


_XML_KINDS = {
    TEXT: Kind.TEXT, END: Kind.END, START: Kind.START, EMPTY: Kind.EMPTY,
    COMMENT: Kind.COMMENT, CDATA: Kind.CDATA, PI: Kind.PI, DTD: Kind.DOCTYPE,
}  # fmt: skip
_RAW = frozenset(("script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"))
_ESCAPABLE_RAW = frozenset(("title", "textarea"))


def scan(text: str, *, html: bool = False, whole: Whole | None = None) -> Iterator[Token]:
    """The tokens of a text, which joined are the text. Raises XmlError in XML mode."""
    if html:
        return _scan_html(text, html_pattern(whole))
    return _scan_sound(text, xml_pattern(whole)) if _is_sound(text) else _scan_xml(text, xml_pattern(None))


def _is_sound(text: str) -> bool:
    """Whether expat finds a text well-formed. What it refuses may be so all the same (it must not be asked where
    entities are declared, which it would look up), and is looked through here to say what is wrong with it.
    """
    if len(text) > _LARGEST or "<!ENTITY" in text:
        return False
    parser = expat.ParserCreate("utf-8")
    parser.UseForeignDTD()  # entities that nobody declares may be declared elsewhere
    try:
        parser.Parse(text, True)  # noqa: FBT003  it takes it by position only
    except (expat.ExpatError, UnicodeEncodeError):
        return False
    return True


_LARGEST = 32 << 20
"""Python hands a text to expat by the megabyte, and expat begins a long comment or tag anew with each."""


def _scan_sound(text: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    """The tokens of a well-formed text."""
    for match in pattern.finditer(text):
        which = match.lastindex or WRONG
        start, end = match.span()
        if which == WHOLE:
            yield Token(Kind.WHOLE, start, end, match[START], match.start(WHOLE))
        elif which == WRONG:
            raise XmlError(_what_is_wrong(text, start), start)
        else:
            name = match[which] if which in (START, END) else match[START] if which == EMPTY else ""
            yield Token(_XML_KINDS[which], start, end, name)


def _scan_xml(  # noqa: C901, PLR0912  one branch for each kind: calls would cost
    text: str, pattern: re.Pattern[str]
) -> Iterator[Token]:
    found = UNWRITABLE.search(text)
    if found is not None:
        raise XmlError(f"the character U+{ord(found.group()):04X} is not allowed in XML", found.start())
    bare = BARE.search(text) is not None
    open_names: list[str] = []
    rooted = False
    for match in pattern.finditer(text):
        which, (start, end) = match.lastindex, match.span()
        if which == TEXT:
            if not open_names and not match.group().strip(" \t\r\n\ufeff"):
                yield Token(Kind.TEXT, start, end)
                continue
            if not open_names:
                raise XmlError("text stands outside of the root element", start)
            if bare:
                _refuse_bare(text, start, end)
            yield Token(Kind.TEXT, start, end)
        elif which == END:
            name = match[END]
            if not open_names or open_names[-1] != name:
                inside = f"<{open_names[-1]}> is open" if open_names else "nothing is open"
                raise XmlError(f"</{name}> closes what is not open: {inside}", start)
            open_names.pop()
            yield Token(Kind.END, start, end, name)
        elif which in (START, EMPTY):
            name = match[START]
            if not open_names and rooted:
                raise XmlError(f"<{name}> stands behind the end of the root element", start)
            rooted = True
            _check_attributes(text, start, end)
            if bare:
                _refuse_bare(text, start, end)
            if which == START:
                open_names.append(name)
            yield Token(_XML_KINDS[which], start, end, name)
        elif which in _XML_KINDS:
            yield Token(_XML_KINDS[which], start, end)
        else:
            raise XmlError(_what_is_wrong(text, start), start)
    if open_names:
        raise XmlError(f"the file ends inside of <{open_names[-1]}>", len(text))
    if not rooted:
        raise XmlError("there is no element in it", len(text))


def _refuse_bare(text: str, start: int, end: int) -> None:
    found = BARE.search(text, start, end)
    if found is not None:
        raise XmlError("an & that starts no reference; it must be written &amp;", found.start())


def _check_attributes(text: str, start: int, end: int) -> None:
    """No attribute twice. Most tags have one or none, which a count of the equal signs tells."""
    if text.count("=", start, end) < 2:  # noqa: PLR2004  two are needed for one twice
        return
    names = [match[1] for match in XML_ATTRIBUTE.finditer(text, start, end)]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise XmlError(f"the attribute {twice} stands twice in a tag", start)


def _what_is_wrong(text: str, start: int) -> str:
    following = text[start : start + 30].partition("\n")[0]
    if following.startswith("<!--"):
        return "a comment does not end, or has -- in it"
    if following.startswith("<![CDATA["):
        return "a CDATA section does not end"
    return f"a tag that is not well-formed, or does not end: {following!r}"


def _scan_html(text: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    position, size = 0, len(text)
    match_at = pattern.match
    while position < size:
        match = match_at(text, position)
        if match is None:
            raise AssertionError("the pattern takes any character")
        which, end = match.lastindex, match.end()
        if which == HTML_TEXT:
            yield Token(Kind.TEXT, position, end)
        elif which == HTML_END:
            yield Token(Kind.END, position, end, match[HTML_END].lower())
        elif which == HTML_WHOLE:
            yield Token(Kind.WHOLE, position, end, match[HTML_START], match.start(HTML_WHOLE))
        elif which == HTML_START:
            name = match[HTML_START].lower()
            raw = name in _RAW or name in _ESCAPABLE_RAW
            yield Token(Kind.EMPTY if text.startswith("/>", end - 2) and not raw else Kind.START, position, end, name)
            if raw:
                stop = _raw_end(text, end, name)
                if stop > end:
                    yield Token(Kind.RAW if name in _RAW else Kind.TEXT, end, stop)
                end = stop
        elif which == HTML_CUT:
            yield Token(Kind.COMMENT, position, size)
            end = size
        else:
            yield Token(Kind.DOCTYPE if which == HTML_DTD else Kind.COMMENT, position, end)
        position = end


def _raw_end(text: str, start: int, name: str) -> int:
    """Where the raw text of an element ends: before its end tag, else at the file's end."""
    found = None if name == "plaintext" else re.compile(rf"(?i)</{name}(?=[ \t\r\n\f/>])").search(text, start)
    return len(text) if found is None else found.start()
