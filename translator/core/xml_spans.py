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

All is linear in the file's length; nothing is recursive. Whether a file is well-formed expat says, which is fast; only
what it refuses is looked through for what is wrong with it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from translator.core.charset import encode
from translator.core.document import FormatError, FormatOptions, RefusedTargetError
from translator.core.lines import Lines, read_lines
from translator.core.spantext import SpanText
from translator.core.splice import Edit, splice
from translator.core.textfile import Output, choose_output
from translator.core.xml_charset import declared_spans, find_charset, iana_name
from translator.core.xml_patterns import HTML_ATTRIBUTE, XML_ATTRIBUTE, Whole
from translator.core.xml_references import (
    UNWRITABLE,
    escape_attribute,
    escape_text,
    legacy_reference,
    read_reference,
    read_references,
    unwritable,
)
from translator.core.xml_scan import Kind, Token, XmlError, scan

__all__ = [
    "VOID", "Attribute", "Change", "Kind", "MarkupFile", "Token", "Whole", "XmlError", "attribute", "attributes",
    "escape_attribute", "escape_text", "legacy_reference", "read_markup", "read_reference", "read_references", "scan",
    "unwritable",
]  # fmt: skip


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
