"""The entries of a translation file: blocks of dialogue, and pairs of `old` and `new`.

As the engine writes and reads them (`renpy/translation/generation.py`, `renpy/parser.py`): a block
`translate <language> <identifier>:` has the original's code in comments and the translated statements below them.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

import regex

from translator.formats.renpy_tl.lexer import Comment, Logical, Script
from translator.formats.renpy_tl.literals import python_value
from translator.formats.renpy_tl.say import STATEMENTS, Say, first_word, parse_say

TRANSLATE = regex.compile(r"translate\s+(?P<language>[^\W\d]\w*)\s+(?P<what>\w+)\s*(?P<rest>:?)")
_PAIR = regex.compile(r"(old|new)\b\s*")


@dataclass(frozen=True, slots=True)
class Text:
    """A string in the file: where its literal is, and what it says."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One translatable string. old: the original; new: the place of its translation, and what that says now.

    language, identifier: of the block (`strings` for a pair). part: which of the block's say statements, from 1.
    """

    language: str
    identifier: str
    part: int
    old: Text
    new: Text
    who: str | None
    python: bool


@dataclass(frozen=True, slots=True)
class Odd:
    """A string that is left as it is: its block's language and identifier, its place and text, the reason."""

    language: str
    identifier: str
    start: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Header:
    """A `translate` statement: its language, what it translates, the index of its line."""

    language: str
    what: str
    index: int


def headers(script: Script) -> Iterator[Header]:
    """The `translate` statements of a script, wherever they stand."""
    index = 0
    while index < len(script.lines):
        line = script.lines[index]
        code = script.text[line.start : line.end]
        match = TRANSLATE.match(code) if code.startswith("translate") else None
        if match:
            yield Header(match["language"], match["what"], index)
            index = script.ends[index]
        else:
            index += 1


def entries(script: Script) -> Iterator[Entry | Odd]:
    """All entries in the order of the file, with what is no entry."""
    for header in headers(script):
        if header.what == "strings":
            yield from _pairs(script, header)
        elif header.what in ("python", "style"):
            for index in script.block(header.index):
                line = script.lines[index]
                code = script.text[line.start : line.end]
                if '"' in code or "'" in code:
                    reason = "Python code" if header.what == "python" else "style"
                    yield Odd(header.language, header.what, line.start, code, reason)
        else:
            yield from _block(script, header)


def originals(script: Script) -> Iterator[tuple[str, str]]:
    """The language and the text of every `old`."""
    for header in headers(script):
        if header.what != "strings":
            continue
        for index in script.block(header.index):
            line = script.lines[index]
            code = line.code(script.text)
            if (match := _PAIR.match(code)) and match[1] == "old" and (text := python_value(code[match.end() :])):
                yield header.language, text


def _pairs(script: Script, header: Header) -> Iterator[Entry | Odd]:
    old: Text | None = None
    for index in script.block(header.index):
        line = script.lines[index]
        code = script.text[line.start : line.end]
        match = _PAIR.match(code)
        if match is None:
            old = None
            continue
        value = python_value(code[match.end() :])
        if value is None:
            if match[1] == "old" or old is not None:
                yield Odd(header.language, "strings", line.start, code[match.end() :], "expression")
            old = None
            continue
        text = Text(line.start + match.end(), line.end, value)
        if match[1] == "old":
            old = text
        elif old is not None:
            yield Entry(header.language, "strings", 1, old, text, None, python=True)
            old = None


def _block(script: Script, header: Header) -> Iterator[Entry | Odd]:
    block = script.block(header.index)
    lines = [script.lines[i] for i in block]
    new = list(_said(script, lines))
    old = list(_commented(script, header, block))
    identifier = header.what
    if len(new) != len(old) or any(len(said.whats) != 1 for _, said in (*new, *old)):
        for line, said in new:
            reason = "no original beside it" if not old else "parted otherwise than the original"
            yield Odd(header.language, identifier, line.start, " ".join(said.whats), reason)
        return
    for part, ((comment, source), (line, target)) in enumerate(zip(old, new, strict=True), 1):
        offset = comment.start + _margin(script.text, comment)
        yield Entry(
            header.language,
            identifier,
            part,
            Text(offset + source.literal[0], offset + source.literal[1], source.whats[0]),
            Text(line.start + target.literal[0], line.start + target.literal[1], target.whats[0]),
            source.who,
            python=False,
        )


def _said(script: Script, lines: list[Logical]) -> Iterator[tuple[Logical, Say]]:
    for line in lines:
        said = _as_say(script.text[line.start : line.end])
        if said is not None:
            yield line, said


def _as_say(code: str) -> Say | None:
    return None if first_word(code) in STATEMENTS else parse_say(code)


def _commented(script: Script, header: Header, block: range) -> Iterator[tuple[Comment, Say]]:
    """The say statements in the comments of a block (found by their numbers; the comments are in order)."""
    first = script.lines[header.index].number
    last = script.lines[block.stop - 1].number if block else first
    begin, end = (bisect_right(script.comments, line, key=attrgetter("number")) for line in (first, last))
    for comment in script.comments[begin:end]:
        start = comment.start + _margin(script.text, comment)
        said = _as_say(script.text[start : comment.end].rstrip())
        if comment.indent > script.lines[header.index].indent and said is not None:
            yield comment, said


def _margin(text: str, comment: Comment) -> int:
    """The sign and the space behind it."""
    return 2 if text.startswith("# ", comment.start) else 1
