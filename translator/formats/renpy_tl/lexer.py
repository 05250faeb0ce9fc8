"""Ren'Py's logical lines: where each stands in the text, and the comments that stand alone on a line.

A logical line goes on over line ends inside of strings and brackets and behind a backslash (`renpy/lexer.py`,
`list_logical_lines`). Strings have one of three quotes, single or triple. Read in one pass, without recursion.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import regex

STRING = (
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"""'
    r"|'''(?:[^'\\]++|\\.|'(?!''))*+'''"
    r"|```(?:[^`\\]++|\\.|`(?!``))*+```"
    r'|"(?!"")(?:[^"\\]++|\\.)*+"'
    r"|'(?!'')(?:[^'\\]++|\\.)*+'"
    r"|`(?!``)(?:[^`\\]++|\\.)*+`"
)
"""Any string, without a prefix; for patterns in which the dot matches line ends."""

_NEWLINE = r"\r\n|\n|\r"
_PLAIN = r"[^\"'`#\n\r()\[\]{}\\]"
_TOKEN = regex.compile(
    rf"(?P<plain>{_PLAIN}++)|(?P<string>{STRING})|(?P<comment>\#[^\n\r]*+)|(?P<newline>{_NEWLINE})"
    rf"|(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<joined>\\(?:{_NEWLINE}))",
    regex.DOTALL,
)
_WHOLE = regex.compile(rf"(?P<code>(?:{_PLAIN}++|{STRING})*+)(?P<comment>\#[^\n\r]*+)?(?:{_NEWLINE}|\Z)", regex.DOTALL)
"""A logical line without brackets: nearly all of them."""
_BREAKS = regex.compile(_NEWLINE)
_QUIET = regex.compile(rf"{STRING}|\#[^\n\r]*+", regex.DOTALL)


class ScriptError(ValueError):
    """A script that the engine could not read; `offset` is the character that is to blame."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Logical:
    """A logical line: the number of its first line (from 1), its indent, and where its code is (indent not included).

    gaps: the comments in the middle of it, which the engine leaves out.
    """

    number: int
    indent: int
    start: int
    end: int
    gaps: tuple[tuple[int, int], ...] = ()

    def code(self, text: str) -> str:
        """Its code as the engine sees it."""
        if not self.gaps:
            return text[self.start : self.end]
        parts: list[str] = []
        at = self.start
        for start, end in self.gaps:
            parts.append(text[at:start])
            at = end
        return "".join([*parts, text[at : self.end]])


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment alone on its line: the line's number, its indent, and where it is (from the sign on)."""

    number: int
    indent: int
    start: int
    end: int


@dataclass(frozen=True)
class Script:
    """A script cut into logical lines; `ends` has for each the index of the first line behind its block."""

    text: str
    lines: Sequence[Logical]
    comments: Sequence[Comment]
    ends: Sequence[int] = field(default=())

    def block(self, index: int) -> range:
        """The lines that stand in the block of a line, at any depth."""
        return range(index + 1, self.ends[index])


def read_script(text: str) -> Script:
    """Cut a script; raises ScriptError for a string or bracket that does not end, or a stray backslash."""
    lines: list[Logical] = []
    comments: list[Comment] = []
    for found in _cut(text):
        if isinstance(found, Comment):
            comments.append(found)
        else:
            lines.append(found)
    return Script(text, lines, comments, _ends(lines))


def in_code(pattern: "regex.Pattern[str]", text: str) -> "Iterator[regex.Match[str]]":
    """The matches of a pattern in a script that begin neither in a string nor in a comment."""
    quiet = _QUIET.finditer(text)
    start = end = 0
    for match in pattern.finditer(text):
        while end <= match.start():
            start, end = found.span() if (found := next(quiet, None)) is not None else (len(text) + 1,) * 2
        if match.start() < start:
            yield match


def _cut(text: str) -> Iterator[Logical | Comment]:
    position, number, size = 0, 1, len(text)
    if text.startswith("\ufeff"):
        position = 1
    while position < size:
        match = _WHOLE.match(text, position)
        if match is None or match.end() == position:
            found, position, number = _slow(text, position, number)
            if found is not None:
                yield found
            continue
        code = match["code"]
        bare = code.lstrip(" \t\f")
        indent = len(code) - len(bare)
        if bare:
            yield Logical(number, indent, position + indent, position + len(code.rstrip(" \t\f")))
        elif match["comment"] is not None:
            yield Comment(number, indent, *match.span("comment"))
        number += text.count("\n", position, match.end()) if "\r" not in match[0] else _count(match[0])
        position = match.end()


def _count(piece: str) -> int:
    return sum(1 for _ in _BREAKS.finditer(piece))


def _slow(text: str, position: int, number: int) -> tuple[Logical | None, int, int]:
    """One logical line with brackets or joined lines; the place and the line's number behind it."""
    start, first, depth, opened, end = position, number, 0, position, position
    gaps: list[tuple[int, int]] = []
    for match in _tokens(text, position):
        kind, position = match.lastgroup, match.end()
        if kind == "comment":
            gaps.append(match.span())
        elif kind == "newline":
            number += 1
            if depth == 0:
                break
        elif kind != "plain" or not match[0].isspace():
            end = position
            number += 0 if kind == "plain" else _count(match[0])
            opened = match.start() if kind == "open" and depth == 0 else opened
            depth = max(depth + _DEPTH.get(kind or "", 0), 0)
    if depth:
        raise ScriptError("a bracket that does not close", opened)
    body = text[start:end].rstrip(" \t\f")
    bare = body.lstrip(" \t\f")
    if not bare.strip():
        return None, position, number
    end = start + len(body)
    indent = len(body) - len(bare)
    return Logical(first, indent, start + indent, end, tuple(g for g in gaps if g[1] <= end)), position, number


_DEPTH = {"open": 1, "close": -1}


def _tokens(text: str, position: int) -> "Iterator[regex.Match[str]]":
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            what = "a stray backslash" if text[position] == "\\" else "a string that does not end"
            raise ScriptError(what, position)
        yield match
        position = match.end()


def _ends(lines: Sequence[Logical]) -> list[int]:
    """For each line the index of the next one that is not deeper."""
    ends = [len(lines)] * len(lines)
    open_lines: list[int] = []
    for index, line in enumerate(lines):
        while open_lines and lines[open_lines[-1]].indent >= line.indent:
            ends[open_lines.pop()] = index
        open_lines.append(index)
    return ends
