"""Texts with inline elements in XML files that translators exchange (XLIFF, TMX): read as one text, and written again.

In a text references are read (`&lt;b&gt;` is `<b>`), and inline elements stand as the file spells them (`<g id="1">`):
those that hold text as two tags, those that hold code (`<ph id="1">{0}</ph>`) whole. What of a translation is one of
the inline elements of its source or of the translation before it is written as such, all else as text; so a `<b>` that
was escaped is escaped again. A text that holds what looks like one of its own inline elements would not come back as it
is: `Content.torn` says so.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from translator.core.document import RefusedTargetError
from translator.core.lines import unified_breaks
from translator.core.markup import Fate, MarkupRule
from translator.core.xml_references import NAME, escape_text, read_reference, read_references, unwritable
from translator.core.xml_spans import Change, Kind, Token, attribute

_REFERENCE = re.compile(rf"&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|{NAME});")
_TAG = re.compile(rf"<(/?)({NAME})")
_EDGE_BEFORE = re.compile(r"[ \t]*+[\r\n][ \t\r\n]*+")
_SIGN = re.compile("[<&]")
_HEAD_END = re.compile("[>;]")
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in an element: `text` is what it says, `raw` how the file spells it at `start` up to `end`.

    codes: its inline elements and the references that mean nothing here, as `text` has them. cdata: it is one CDATA
    section, `raw` what is in it. trimmed: line breaks at its edges are no part of it; padded: there are some.
    """

    start: int
    end: int
    text: str
    raw: str
    codes: frozenset[str] = frozenset()
    cdata: bool = False
    trimmed: bool = True
    padded: bool = False
    torn: bool = False


class Slot(NamedTuple):
    """An element with what is in it. end: its end tag; None where it is empty (`<target/>`)."""

    start: Token
    inside: tuple[Token, ...]
    end: Token | None

    @property
    def stop(self) -> int:
        """The index behind it."""
        return self.start.end if self.end is None else self.end.end


def take(tokens: Iterator[Token], start: Token) -> Slot:
    """The element that a start tag begins, its tokens taken from those that follow."""
    if start.kind is Kind.EMPTY:
        return Slot(start, (), None)
    inside: list[Token] = []
    depth = 1
    for token in tokens:
        if token.kind is Kind.START:
            depth += 1
        elif token.kind is Kind.END:
            depth -= 1
            if not depth:
                return Slot(start, tuple(inside), token)
        inside.append(token)
    raise ValueError("the tokens end inside of an element")


def read_slot(text: str, slot: Slot, *, holding: frozenset[str], keep_space: bool) -> Content:
    """What an element says: see `read_content`."""
    start = slot.start.end
    end = start if slot.end is None else slot.end.start
    return read_content(text, slot.inside, start, end, holding=holding, keep_space=keep_space)


def change_of(key: str, new: str, slot: Slot, before: Content, source: Content, newline: str, text: str) -> Change:
    """The change that puts a new text into an element that is there."""
    spelled, cdata = write_content(key, new, before, source, newline)
    if cdata and not before.cdata:
        spelled = f"<![CDATA[{spelled}]]>" if new else ""
    if slot.end is None:
        start = slot.start.start + len(text[slot.start.start : slot.start.end - 2].rstrip(_SPACE))
        spelled = f">{spelled}</{slot.start.name}>" if new else text[start : slot.start.end]
        return Change(start, slot.start.end, spelled, key, references=not cdata)
    return Change(before.start, before.end, spelled, key, references=not cdata)


def inside_of(key: str, new: str, source: Content, newline: str) -> tuple[str, bool]:
    """What stands in an element that is made for a new text, and whether that is a CDATA section."""
    spelled, cdata = write_content(key, new, None, source, newline)
    return (f"<![CDATA[{spelled}]]>" if cdata else spelled), cdata


def local(name: str) -> str:
    """A tag's name without its prefix."""
    return name.rpartition(":")[2]


def read_content(
    text: str, tokens: Sequence[Token], start: int, end: int, *, holding: frozenset[str], keep_space: bool
) -> Content:
    """What the tokens between a start tag (which ends at `start`) and its end tag (which begins at `end`) say.

    holding: the local names of inline elements that hold text; those that are not to be translated are kept whole.
    keep_space: white space with line breaks at the edges belongs to the text (`xml:space="preserve"`).
    """
    if len(tokens) == 1 and tokens[0].kind is Kind.CDATA:
        inner = (tokens[0].start + len("<![CDATA["), tokens[0].end - len("]]>"))
        raw = text[slice(*inner)]
        return Content(*inner, unified_breaks(raw), raw, cdata=True, trimmed=False)
    around = (start, end)
    if not keep_space:
        start, end = _trimmed(text, tokens, start, end)
    padded = (start, end) != around
    raw = text[start:end]
    if len(tokens) <= 1 and "&" not in raw and (not tokens or tokens[0].kind is Kind.TEXT):
        return Content(start, end, unified_breaks(raw), raw, trimmed=not keep_space, padded=padded)
    pieces = list(_pieces(text, tokens, start, end, holding))
    codes = frozenset(piece for piece, is_code in pieces if is_code)
    torn = False
    if codes:
        plain = "\0".join(piece for piece, is_code in pieces if not is_code)
        torn = any(is_code for _, is_code in _parted(plain, codes))
    text_of = "".join(piece for piece, _ in pieces)
    return Content(start, end, text_of, raw, codes, trimmed=not keep_space, padded=padded, torn=torn)


def _trimmed(text: str, tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """Without white space at the edges that has a line break in it. What is nothing but white space stays."""
    if not tokens or not text[start:end].strip(_SPACE):
        return start, end
    if tokens[0].kind is Kind.TEXT and (found := _EDGE_BEFORE.match(text, start, tokens[0].end)):
        start = found.end()
    last = tokens[-1]
    if last.kind is Kind.TEXT:
        tail = text[max(start, last.start) : end]
        bare = tail.rstrip(_SPACE)
        if "\n" in tail[len(bare) :] or "\r" in tail[len(bare) :]:
            end -= len(tail) - len(bare)
    return start, end


def _pieces(
    text: str, tokens: Sequence[Token], start: int, end: int, holding: frozenset[str]
) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a code."""
    opened, depth = 0, 0
    for token in tokens:
        if depth:
            depth += (token.kind is Kind.START) - (token.kind is Kind.END)
            if not depth:
                yield text[opened : token.end], True
        elif token.kind is Kind.START and not _holds(text, token, holding):
            opened, depth = token.start, 1
        elif token.kind is Kind.TEXT:
            yield from _references(text[max(token.start, start) : min(token.end, end)])
        elif token.kind is Kind.CDATA:
            yield unified_breaks(text[token.start + len("<![CDATA[") : token.end - len("]]>")]), False
        else:
            yield text[token.start : token.end], True


def has_words(content: Content) -> bool:
    """Whether it says anything besides its inline elements and white space. One that holds code (`<ph>{0}</ph>`) says
    nothing itself; a text that is not to be translated (`<mrk mtype="protected">`) counts.
    """
    return _says_words(content.text, content.codes)


def _says_words(text: str, codes: frozenset[str]) -> bool:
    if not codes:
        return bool(text.strip())
    words = "".join(
        ("" if _CODED.match(piece) else _TAGS.sub("", piece)) if is_code else piece
        for piece, is_code in _parted(text, codes)
    )
    return bool(words.strip())


def _holds(text: str, token: Token, holding: frozenset[str]) -> bool:
    if local(token.name) not in holding:
        return False
    return attribute(text, token, "mtype") != "protected" and attribute(text, token, "translate") != "no"


def _references(raw: str) -> Iterator[tuple[str, bool]]:
    at = 0
    if "&" in raw:
        for found in _REFERENCE.finditer(raw):
            if read_reference(found.group()) is None:
                yield read_references(unified_breaks(raw[at : found.start()])), False
                yield found.group(), True
                at = found.end()
    yield read_references(unified_breaks(raw[at:])), False


def write_content(key: str, new: str, before: Content | None, source: Content, newline: str) -> tuple[str, bool]:
    """How a file spells a new text in place of `before`, or where none was; and whether it stands in a CDATA section.

    Raises RefusedTargetError for what XML cannot hold, and for inline elements that would not be well-formed.
    """
    character = unwritable(new)
    if character is not None:
        raise RefusedTargetError(key, f"XML cannot hold U+{ord(character):04X}")
    like = before if before is not None and before.raw.strip(_SPACE) else source
    codes = source.codes if before is None else source.codes | before.codes
    if new and not _says_words(new, codes) and has_words(source):
        raise RefusedTargetError(key, "its source has words and it has none: it would count as no translation")
    parts = list(_parted(new, codes))
    has_codes = any(is_code for _, is_code in parts)
    if has_codes:
        _check_nesting(key, [part for part, is_code in parts if is_code])
    plain_cdata = "\r" not in new and "]]>" not in new and not has_codes
    if like.cdata and plain_cdata:
        return new.replace("\n", newline), True
    if before is not None and before.cdata:
        raise RefusedTargetError(key, "it stands in a CDATA section, which cannot hold this")
    spelled = "".join(part if is_code else _spelled(part, like.raw, newline) for part, is_code in parts)
    if not (before or source).trimmed:
        return spelled, False
    return _edges(spelled, padded=before is not None and before.padded), False


def _parted(new: str, codes: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the codes; at each place the longest counts."""
    by_head: dict[str, list[str]] = {}
    for code in sorted(codes, key=len, reverse=True):
        by_head.setdefault(code[: _head_end(code, 0)], []).append(code)
    longest = max(map(len, by_head), default=0)
    at = kept = end = 0
    while longest and (found := _SIGN.search(new, at)) is not None:
        at = found.start()
        if end <= at:
            end = _head_end(new, at)
        head = new[at:end] if end - at <= longest else ""
        code = next((code for code in by_head.get(head, ()) if new.startswith(code, at)), None)
        if code is None:
            at += 1
            continue
        if kept < at:
            yield new[kept:at], False
        yield code, True
        at = kept = at + len(code)
    if kept < len(new):
        yield new[kept:], False


def _head_end(text: str, start: int) -> int:
    """Where the first tag or reference ends that may begin at `start`."""
    found = _HEAD_END.search(text, start)
    return len(text) if found is None else found.end()


def _check_nesting(key: str, codes: Sequence[str]) -> None:
    opened: list[str] = []
    for code in codes:
        tag = _TAG.match(code)
        if tag is None or code.endswith("/>"):
            continue
        if tag[1]:
            if not opened or opened.pop() != tag[2]:
                raise RefusedTargetError(key, f"{code} closes what is not open there")
        elif code.count("<") == 1:
            opened.append(tag[2])
    if opened:
        raise RefusedTargetError(key, f"<{opened[-1]}> is not closed")


def _spelled(text: str, like: str, newline: str) -> str:
    """A text escaped, quotes and `>` as references where the text that it is spelled like has them so."""
    text = escape_text(text).replace("\r", "&#13;")
    if "&" in like:
        for character, reference in ((">", "&gt;"), ('"', "&quot;"), ("'", "&apos;"), ("'", "&#39;")):
            if reference in like and character not in like and character in text:
                text = text.replace(character, reference)
    return text.replace("\n", newline) if newline != "\n" else text


def _edges(spelled: str, *, padded: bool) -> str:
    """Line breaks at the edges as references, which no reader takes for the file's layout; where that stands around it
    (`padded`), spaces too.
    """
    bare = spelled.strip(_SPACE)
    if len(bare) == len(spelled):
        return spelled
    start = spelled.index(bare) if bare else len(spelled)
    table = _AS_REFERENCES if padded else _BREAKS_AS_REFERENCES
    before, after = spelled[:start], spelled[start + len(bare) :]
    return unified_breaks(before).translate(table) + bare + unified_breaks(after).translate(table)


_BREAKS_AS_REFERENCES = {ord("\n"): "&#10;"}
_AS_REFERENCES = {ord("\n"): "&#10;", ord(" "): "&#32;", ord("\t"): "&#9;"}


def indentation(text: str, start: int) -> str:
    """The line break and the white space that stand before a tag, where it is the first of its line; else nothing."""
    at = start
    while at > 0 and text[at - 1] in " \t":
        at -= 1
    if at == 0 or text[at - 1] not in "\r\n":
        return ""
    begin = at - 1
    if text[begin] == "\n" and begin > 0 and text[begin - 1] == "\r":
        begin -= 1
    return text[begin:start]


_ATTRIBUTES = r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*\s*"
_CODE = r"(?:[\w-]+:)?(?:ph|bpt|ept|it|ut)"
_CODED = re.compile(rf"<{_CODE}[\s/>]")
_TAGS = re.compile("<[^<>]*>")
EXCHANGED = (
    MarkupRule(rf"<{_CODE}\b{_ATTRIBUTES}(?<!/)>[^<]*(?:<(?!/)[^<>]*>[^<]*</[^<>]*>[^<]*)*</{_CODE}\s*>"),
    MarkupRule(r"</[A-Za-z][^<>]*>", Fate.CLOSE),
    MarkupRule(rf"<[A-Za-z][\w:.-]*{_ATTRIBUTES}/>|<(?:br|hr|img|input|wbr)\b[^<>]*>"),
    MarkupRule(rf"<[A-Za-z][\w:.-]*{_ATTRIBUTES}>", Fate.OPEN),
    MarkupRule(r"<!--(?:[^-]|-(?!->))*-->|<\?(?:[^?]|\?(?!>))*\?>"),
    MarkupRule(r"\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}"),
    MarkupRule(r"\{[\w.\[\]]*(?::[^{}\s]*)?\}"),
    MarkupRule(
        r"%\([^()\s]+\)[-+0#]*\d*(?:\.\d+)?[a-zA-Z]|%%"
        r"|%(?:\d+\$)?[-+0#]*\d*(?:\.\d+)?(?:hh|h|ll|l|z|q)?[diouxXeEfgGcsS@]|%\d+"
    ),
    MarkupRule(r"&(?:[A-Za-z]+|#\d+|#x[0-9A-Fa-f]+);", cells=1),
    MarkupRule(r"\\[nrt\"']"),
)
"""What in these files' texts is no language: inline elements, HTML that was escaped, placeholders, references."""
