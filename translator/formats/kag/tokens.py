r"""A scenario file cut into comments, labels, tags, texts and line ends, as the engine that reads it does.

Two dialects. KAG 3 (`KAGParser.cpp` of kirikiri2): tabs at a line's start are passed over; a line that starts with `;`
is a comment, with `*` a label (`*name|page title`), with `@` one tag; `[iscript]` or `@iscript` alone on its line
starts a script that ends as `[endscript]` or `@endscript` does. `[[` is a bracket. A tag ends on its line; its values
may stand in `"` or `'`, and a backquote escapes what follows it.

TyranoScript (`kag.parser.js` of version 6): lines are trimmed; `#name:face` names who speaks; `/*` and `*/` alone on
their lines enclose comments; a leading `_` keeps the spaces after it; `\` escapes what follows it in a text. Brackets
in a tag are counted, outside of quotation marks (`"`, `'` and backquotes). `[iscript]` reaches to the next line with
`endscript` in it.

A bracket that no other closes on its line, mostly since a quotation mark is not closed, stops KAG with a syntax error
only when a player comes there (and KAGParserEx goes on reading on the next line, if that starts with `;`). TyranoScript
warns and takes the tag; real games have such lines (29 in three of eight). Here the rest of the line is a token of its
own, which is held back and told.
"""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What a token is. NAME: of the speaker (`#…`). BROKEN: a tag without an end."""

    TEXT = 0
    TAG = 1
    END = 2
    COMMENT = 3
    LABEL = 4
    NAME = 5
    SCRIPT = 6
    BROKEN = 7


class Token(NamedTuple):
    """A token: its kind, its place in the file's text, the tag's name in small letters, whether the tag is a line."""

    kind: Kind
    start: int
    end: int
    name: str = ""
    whole_line: bool = False


class Attribute(NamedTuple):
    """A value of a tag: its name in small letters, where the value stands inside of its quotes, and which they are.

    computed: it is an expression (`&`) or a macro's argument (`%`).
    """

    name: str
    start: int
    end: int
    quote: str
    computed: bool


_VALUE = r"""[&%]?+(?:"(?:`.|[^"`])*+"|'(?:`.|[^'`])*+'|(?!["'])(?:`.|[^\s\]`])*+)"""
_KAG_TAG = re.compile(r"\[[ \t]*+([^\s\]]++)(?:[ \t]++|[^\s=\]]++(?:[ \t]*+=[ \t]*+" + _VALUE + r")?+)*+\]", re.DOTALL)
_KAG_TEXT = re.compile(r"(?:[^\[]|\[\[)++")
_KAG_NAME = re.compile(r"@[ \t]*+(\S*+)")
_TYRANO_TEXT = re.compile(r"(?:[^\[\\]|\\.|\\\Z)++", re.DOTALL)
_TYRANO_NAME = re.compile(r"[\[@] *+([^ \]]*+)")
_MARKS = re.compile(r"[\[\]\"'`]")
_TYRANO_SPACE = " \t\n\v\f\r\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
"""What JavaScript's trim takes off."""

_KAG_SCRIPT = ("[iscript]", "[iscript]\\", "@iscript")
_KAG_SCRIPT_END = ("[endscript]", "[endscript]\\", "@endscript")


def tokens(lines: Iterable[tuple[str, str]], *, tyrano: bool) -> Iterator[Token]:
    """The tokens of a file's lines (text, line end). Tabs, spaces and `_` that the engine takes off are in none."""
    return _tyrano(lines) if tyrano else _kag(lines)


def _kag(lines: Iterable[tuple[str, str]]) -> Iterator[Token]:
    at = 0
    script = False
    for text, end in lines:
        stop = at + len(text)
        body = text.lstrip("\t")
        start = stop - len(body)
        first = body[:1]
        if script:
            script = body.rstrip() not in _KAG_SCRIPT_END
            yield Token(Kind.SCRIPT, start, stop)
        elif first == ";":
            yield Token(Kind.COMMENT, start, stop)
        elif first == "*":
            yield Token(Kind.LABEL, start, stop)
        elif first in ("[", "@") and body.rstrip() in _KAG_SCRIPT:
            script = True
            yield Token(Kind.SCRIPT, start, stop)
        elif first == "@":
            found = _KAG_NAME.match(body)
            yield Token(Kind.TAG, start, stop, found[1].lower() if found else "", whole_line=True)
        elif body:
            yield from _kag_line(body, start)
        yield Token(Kind.END, stop, stop + len(end))
        at = stop + len(end)


def _kag_line(body: str, start: int) -> Iterator[Token]:
    position = 0
    while position < len(body):
        if body[position] != "[" or body.startswith("[[", position):
            found = _KAG_TEXT.match(body, position)
            stop = found.end() if found else len(body)
            yield Token(Kind.TEXT, start + position, start + stop)
        else:
            found = _KAG_TAG.match(body, position)
            if found is None:
                yield Token(Kind.BROKEN, start + position, start + len(body))
                return
            stop = found.end()
            yield Token(Kind.TAG, start + position, start + stop, found[1].lower())
        position = stop


def _tyrano(lines: Iterable[tuple[str, str]]) -> Iterator[Token]:
    at = 0
    comment = script = False
    for text, end in lines:
        stop = at + len(text)
        body = text.lstrip(_TYRANO_SPACE)
        start = stop - len(body)
        body = body.rstrip(_TYRANO_SPACE)
        inner = start + len(body)
        script = script and "endscript" not in body
        if comment or body == "/*":
            comment = body != "*/"
            yield Token(Kind.COMMENT, start, inner)
        elif body[:1] == ";":
            yield Token(Kind.COMMENT, start, inner)
        elif script:
            yield Token(Kind.SCRIPT, start, inner)
        elif body[:1] in _LINES:
            yield Token(_LINES[body[0]], start, inner)
        elif body[:1] == "@":
            found = _TYRANO_NAME.match(body)
            name = found[1].lower() if found else ""
            script = name == "iscript"
            yield Token(Kind.TAG, start, inner, name, whole_line=True)
        elif body:
            underscore = body[0] == "_"
            for token in _tyrano_line(body[underscore:], start + underscore):
                script = script or (token.kind is Kind.TAG and token.name == "iscript")
                yield token._replace(kind=Kind.SCRIPT) if script and token.kind is Kind.TEXT else token
        yield Token(Kind.END, inner, stop + len(end))
        at = stop + len(end)


_LINES = {"#": Kind.NAME, "*": Kind.LABEL}


def _tyrano_line(body: str, start: int) -> Iterator[Token]:
    position = 0
    while position < len(body):
        if body[position] != "[":
            found = _TYRANO_TEXT.match(body, position)
            stop = found.end() if found else len(body)
            yield Token(Kind.TEXT, start + position, start + stop)
        else:
            stop = _closing(body, position)
            found = _TYRANO_NAME.match(body, position)
            if stop < 0 or found is None:
                yield Token(Kind.BROKEN, start + position, start + len(body))
                return
            yield Token(Kind.TAG, start + position, start + stop, found[1].lower())
        position = stop


def _closing(body: str, position: int) -> int:
    """The index after the bracket that closes the one at `position`, -1 if none does."""
    depth = 0
    quote = ""
    for found in _MARKS.finditer(body, position):
        mark = found.group()
        if quote:
            if mark == quote:
                quote = ""
        elif mark == "[":
            depth += 1
        elif mark == "]":
            depth -= 1
            if depth == 0:
                return found.end()
        else:
            quote = mark
    return -1


_KAG_ATTRIBUTE = re.compile(
    r"""[ \t]*+([^\s=\]]++)"""
    r"""(?:[ \t]*+=[ \t]*+([&%]?+)(?:"((?:`.|[^"`])*+)"?|'((?:`.|[^'`])*+)'?|((?:`.|[^\s\]`])*+)))?+""",
    re.DOTALL,
)
_KAG_LINE_ATTRIBUTE = re.compile(_KAG_ATTRIBUTE.pattern.replace(r"\]", ""), re.DOTALL)
_TYRANO_ATTRIBUTE = re.compile(
    r""" *+([^ =]++) *+(?:= *+()(?:"([^"]*+)"?|'([^']*+)'?|`([^`]*+)`?|((?:\\ |[^ ])*+)))?+""", re.DOTALL
)
_QUOTES = ('"', "'", "")
_TYRANO_QUOTES = ('"', "'", "`", "")


def attributes(text: str, tag: Token, *, tyrano: bool) -> Iterator[Attribute]:
    """The values of a tag, in order. Attributes without a value are left out."""
    named = (_TYRANO_NAME if tyrano else _KAG_NAME if tag.whole_line else _KAG_BRACKET).match(text, tag.start, tag.end)
    if named is None:
        return
    stop = tag.end if tag.whole_line else tag.end - 1
    pattern = _TYRANO_ATTRIBUTE if tyrano else _KAG_LINE_ATTRIBUTE if tag.whole_line else _KAG_ATTRIBUTE
    for found in pattern.finditer(text, named.end(), stop):
        for group, quote in enumerate(_TYRANO_QUOTES if tyrano else _QUOTES, 3):
            start, end = found.span(group)
            if start < 0:
                continue
            computed = bool(found[2]) or text.startswith(("&", "%"), start, end)
            yield Attribute(found[1].lower(), start, end, quote, computed)
            break


_KAG_BRACKET = re.compile(r"\[[ \t]*+([^\s\]]*+)")
