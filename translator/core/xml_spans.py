"""XML, XHTML and HTML as tokens that remember where they stand, so that parts are replaced and nothing is written anew.

    file = read_markup(blob, charset=None)                # decoded; FormatError
    for token in file.tokens(): ...                       # FormatError with the byte where an XML file is damaged
    for attribute in attributes(file.text, token): ...    # of a start tag
    read_references(raw), escape_text(new), escape_attribute(new)
    file.render([Change(start, end, new, key)], file.output(options))

XML mode holds to what XML 1.0 (5th edition) asks of a document: one root, tags that match, quoted attributes, no name
twice in a tag, characters that XML has, no `&` that starts no reference. Entities are not looked up: an internal DTD
subset is one token, and a reference to an entity of one's own stays as it is written. So nothing can ever grow.

HTML mode takes what browsers take (the tokenizer of the WHATWG standard, 13.2.5): tags without quotes, without ends,
`<` in texts, raw text in script and style. A tag that the file's end cuts off is a comment there: nobody sees it.

All is linear in the file's length; nothing is recursive.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from translator.core.charset import encode
from translator.core.document import FormatError, FormatOptions, RefusedTargetError
from translator.core.lines import Lines, read_lines
from translator.core.spantext import SpanText
from translator.core.splice import Edit, splice
from translator.core.textfile import Output, choose_output
from translator.core.xml_charset import declared_spans, find_charset, iana_name
from translator.core.xml_patterns import (
    BARE,
    CDATA,
    COMMENT,
    DTD,
    EMPTY,
    END,
    HTML_ATTRIBUTE,
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
    XML_ATTRIBUTE,
    Whole,
    html_pattern,
    xml_pattern,
)
from translator.core.xml_references import (
    UNWRITABLE,
    escape_attribute,
    escape_text,
    legacy_reference,
    read_reference,
    read_references,
    unwritable,
)

__all__ = [
    "VOID", "Attribute", "Change", "Kind", "MarkupFile", "Token", "Whole", "XmlError", "attribute", "attributes",
    "escape_attribute", "escape_text", "legacy_reference", "read_markup", "read_reference", "read_references", "scan",
    "unwritable",
]  # fmt: skip


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


class Attribute(NamedTuple):
    """An attribute of a tag. `text[start:end]` is its value as it is spelled, without the quotes.

    name: as `Token.name`. quote: `"`, `'`, or "" where HTML has none; a value is then replaced with quotes.
    """

    name: str
    start: int
    end: int
    quote: str


class Change(NamedTuple):
    """Replace `text[start:end]` by `new`, which is spelled as the file wants it (escaped). key: the segment's.

    references: whether a character that the charset lacks may be written as `&#x...;` (not in CDATA or a comment).
    """

    start: int
    end: int
    new: str
    key: str
    references: bool = True


VOID = frozenset(
    ("area", "base", "basefont", "bgsound", "br", "col", "command", "embed", "frame", "hr", "img", "input", "keygen",
     "link", "meta", "param", "source", "track", "wbr")
)  # fmt: skip
"""The elements of HTML that have no end tag."""

_XML_KINDS = {COMMENT: Kind.COMMENT, CDATA: Kind.CDATA, PI: Kind.PI, DTD: Kind.DOCTYPE}
_RAW = frozenset(("script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"))
_ESCAPABLE_RAW = frozenset(("title", "textarea"))


def scan(text: str, *, html: bool = False, whole: Whole | None = None) -> Iterator[Token]:
    """The tokens of a text, which joined are the text. Raises XmlError in XML mode."""
    return _scan_html(text, html_pattern(whole)) if html else _scan_xml(text, xml_pattern(whole))


def _scan_xml(  # noqa: C901, PLR0912, PLR0915  one branch for each kind: calls would cost
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
        if which == WHOLE:
            if not open_names and rooted:
                raise XmlError(f"<{match[START]}> stands behind the end of the root element", start)
            rooted = True
            inner = match.start(WHOLE)
            _check_attributes(text, start, inner)
            if bare:
                _refuse_bare(text, start, end)
            yield Token(Kind.WHOLE, start, end, match[START], inner)
        elif which == TEXT:
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
            yield Token(Kind.START if which == START else Kind.EMPTY, start, end, name)
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


def attributes(text: str, token: Token, *, html: bool = False) -> list[Attribute]:
    """The attributes of a start tag, in order. An HTML attribute without a value has an empty span at its end."""
    start, end = token.start + 1 + len(token.name), token.end - 1
    if not html:
        return [_attribute(m[1], m) for m in XML_ATTRIBUTE.finditer(text, start, end)]
    return [_attribute(m[1].lower(), m) for m in HTML_ATTRIBUTE.finditer(text, start, end)]


def _attribute(name: str, match: re.Match[str]) -> Attribute:
    for group, quote in ((2, '"'), (3, "'"), (4, "")):
        if group <= match.re.groups and match[group] is not None:
            return Attribute(name, *match.span(group), quote)
    return Attribute(name, match.end(1), match.end(1), "")


def attribute(text: str, token: Token, name: str, *, html: bool = False) -> str | None:
    """The value of a tag's attribute, its references read; None where it has none. The first one holds."""
    if name.lower() not in text[token.start : token.end].lower():
        return None
    for found in attributes(text, token, html=html):
        if found.name == name:
            return read_references(text[found.start : found.end], html=html)
    return None


@dataclass(frozen=True)
class MarkupFile:
    """A decoded file. Offsets are indices of characters in `text`, which has no byte order mark.

    notices: what is odd about its charset. html: read as HTML, else as XML.
    """

    blob: bytes
    text: str
    charset: str
    bom: bytes
    notices: tuple[str, ...] = ()
    html: bool = False

    def tokens(self, whole: Whole | None = None) -> Iterator[Token]:
        """Its tokens; raises FormatError, with the offset in bytes, where XML is not well-formed."""
        try:
            yield from scan(self.text, html=self.html, whole=whole)
        except XmlError as error:
            raise self.error(f"this is no well-formed XML: {error}", error.position) from error

    def error(self, message: str, position: int) -> FormatError:
        """A FormatError that names the line and the byte of a character."""
        line = self.text.count("\n", 0, position) + 1
        offset = len(self.bom) + len(self.text[:position].encode(self.charset, "replace"))
        return FormatError(f"{message} (line {line}, byte {offset})", offset=offset)

    def output(self, options: FormatOptions) -> Output:
        """How it is written: see `core.textfile.choose_output`."""
        return choose_output(Lines(self.bom, self.charset, ()), options)

    @cached_property
    def _simple(self) -> bool:
        """Whether encoding is the reverse of decoding, piece by piece: then parts can be encoded on their own."""
        if self.charset.startswith(("iso2022", "iso-2022", "utf-7", "hz")):
            return False
        try:
            return self.text.encode(self.charset) == self.blob[len(self.bom) :]
        except UnicodeEncodeError:
            return False

    def render(self, changes: Iterable[Change], output: Output) -> bytes:
        """The file with the changes made (they must not overlap), in the charset of `output`.

        In its own charset every byte outside of them stays. In another one its declarations of the charset are
        changed with it. Raises UnencodableError, and RefusedTargetError where a place cannot be parted from its
        neighbours in the file's charset.
        """
        changes = [c for c in changes if c.new != self.text[c.start : c.end]]
        if output.charset == self.charset and not changes:
            return output.bom + self.blob[len(self.bom) :]
        made = [Edit(c.start, c.end, _encodable(c, output.charset)) for c in changes]
        if output.charset != self.charset:
            name = iana_name(output.charset)
            covered = [(e.start, e.end) for e in made]
            declared = declared_spans(self.text, html=self.html)
            made += [Edit(*at, name) for at in declared if not any(s < at[1] and at[0] < e for s, e in covered)]
            return output.bom + splice(self.text, made).encode(output.charset, "xmlcharrefreplace")
        if self._simple:
            return output.bom + splice(self.text, made).encode(self.charset)
        source = SpanText(read_lines(self.blob, charset=self.charset), self.blob)
        spans = {f"{number}": (edit.start, edit.end) for number, edit in enumerate(made)}
        new = {f"{number}": edit.new for number, edit in enumerate(made)}
        try:
            return source.render(spans, new, output)
        except RefusedTargetError as error:
            raise RefusedTargetError(changes[int(error.key)].key, error.reason) from error


def _encodable(change: Change, charset: str) -> str:
    """What is written: characters that the charset lacks as references; raises UnencodableError where none may be."""
    if charset.startswith("utf-") and (change.new.isprintable() or not UNWRITABLE.search(change.new)):
        return change.new
    if change.references and not UNWRITABLE.search(change.new):
        return change.new.encode(charset, "xmlcharrefreplace").decode(charset)
    encode(change.new, charset, key=change.key)
    return change.new


def read_markup(blob: bytes, *, charset: str | None = None, html: bool = False) -> MarkupFile:
    """Decode a file: by its byte order mark, by `charset`, by what it declares, or by what fits where that is a lie.

    Raises FormatError as `charset.decode` does.
    """
    found = find_charset(blob, charset, html=html)
    return MarkupFile(blob, found.text, found.charset, found.bom, found.notices, html)
