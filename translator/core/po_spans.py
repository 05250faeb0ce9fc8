"""Finding the strings of a gettext PO file by their place in it, and writing others there while every other byte stays.

The grammar is that of the GNU gettext manual, "The Format of PO Files": comments, then `msgctxt`, `msgid`,
`msgid_plural`, `msgstr` or `msgstr[0]` …, each with strings in double quotes on one or several lines; `#~` stands
before the lines of an entry that is not used any more. Lines mean nothing but to comments: several strings, and several
keywords with theirs, may stand on one, as gettext's tools read them (`msgcat`). Positions are indices of characters.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_STRING = r'"(?:[^"\\\r\n]++|\\[^\r\n])*+"'
_SPACE = r"[ \t\u3000]*+"
_END = r"(?:\r\n|\n|\r)"
_AGAIN = rf"(?:{_SPACE}(?:{_END}[ \t]*+(?:#~[ \t]*+)?+)?+{_STRING})*+"
_KEYWORD = r"msgctxt|msgid_plural|msgid|msgstr(?:[ \t]*+\[[ \t]*+\d{1,3}[ \t]*+\])?+"
_ITEM = re.compile(
    r"[ \t\ufeff]*+(?:(?P<comment>#(?!~)[^\r\n]*+)|#~[ \t]*+[|#][^\r\n]*+"
    rf"|(?P<gone>#~[ \t]*+)?+(?:(?P<keyword>{_KEYWORD})[ \t]*+)?+"
    rf"(?P<quoted>{_STRING}{_AGAIN})?+{_SPACE})(?:{_END}|\Z|(?(quoted)(?=msg|#)|(?!)))"
)
"""A line of comment, what a source was before, or a keyword and its string with the lines that it goes on to; what may
follow on the same line is the next. A full-width space after a string is a slip that the Player and translators' tools
pass over.
"""
_PART = re.compile(_STRING)

_ESCAPE = re.compile(r"\\.", re.DOTALL)
_NUMBERS = re.compile(r"\\[0-7x]")
_ANY_ESCAPE = re.compile(r"((?:\\(?:x[0-9A-Fa-f]{1,2}|[0-7]{1,3}))++)|\\.", re.DOTALL)
_SIMPLE = {
    "\\n": "\n", "\\t": "\t", "\\r": "\r", "\\a": "\a", "\\b": "\b", "\\f": "\f", "\\v": "\v", "\\\\": "\\", '\\"': '"'
}  # fmt: skip
_FUZZY = re.compile(r",?[ \t]*+\bfuzzy\b")

GETTEXT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
"""The escapes that gettext's own tools write, by the characters."""


class PoError(ValueError):
    """A text is no PO file. position: the index of the character where that shows."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class PoString(NamedTuple):
    """A string of an entry: from its first quotation mark up to `end`, after its last one, and what it says."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class PoEntry:
    """An entry. targets: its `msgstr`, or all of its `msgstr[…]`; forms: the numbers of those, 0 for a plain one.

    extracted, references, comments: the lines of its comments `#.`, `#:` and `#` without those signs. flags: the words
    of `#,`; flag_lines: where those lines stand, with their ends. obsolete: it is commented out by `#~`.
    """

    start: int
    context: PoString | None = None
    source: PoString | None = None
    plural: PoString | None = None
    targets: list[PoString] = field(default_factory=list[PoString])
    forms: list[int] = field(default_factory=list[int])
    extracted: list[str] = field(default_factory=list[str])
    references: list[str] = field(default_factory=list[str])
    comments: list[str] = field(default_factory=list[str])
    flags: list[str] = field(default_factory=list[str])
    flag_lines: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    obsolete: bool = False

    @property
    def is_header(self) -> bool:
        """Whether it is the entry that describes the file: its source is empty, and it has no context."""
        return self.source is not None and not self.source.text and self.context is None


def read_entries(text: str, charset: str = "utf-8") -> list[PoEntry]:
    """The entries of a file, in order. charset: that of the bytes which escapes tell. Raises PoError."""
    reader = _Reader(charset)
    at, end, match_item = 0, len(text), _ITEM.match
    while at < end:
        match = match_item(text, at)
        if match is None:
            raise PoError("a line is neither a comment nor a keyword with a string in double quotes", at)
        reader.item(match)
        at = match.end()
    reader.finish()
    return reader.entries


class _Reader:
    """Puts the lines of a file together to entries."""

    def __init__(self, charset: str) -> None:
        self._charset = charset
        self.entries: list[PoEntry] = []
        self._entry: PoEntry | None = None
        self._keyword = ""
        self._parts: list[str] = []
        self._span = (0, 0)

    def item(self, match: re.Match[str]) -> None:
        """Take a line of comment, or a string with its lines, and the line end behind it."""
        comment, gone, keyword, quoted = match.groups()
        if comment is not None:
            self._comment(comment, match)
            return
        if keyword:
            self._begin(keyword, match.start(), obsolete=gone is not None or self._goes_on(match))
        if quoted is None:
            return
        if not self._keyword:
            raise PoError("a string stands before any keyword", match.start())
        start, end = match.span("quoted")
        self._span = (self._span[0] if self._parts else start, end)
        if quoted.count('"') == 2:  # noqa: PLR2004  its own
            self._parts.append(quoted[1:-1])
        else:
            self._parts += [part[1:-1] for part in _PART.findall(quoted)]

    def _goes_on(self, match: re.Match[str]) -> bool:
        """Whether a keyword stands behind others on a line that is commented out."""
        before = match.string[match.start() - 1 : match.start()]
        return before not in ("", "\r", "\n") and self._entry is not None and self._entry.obsolete

    def _comment(self, comment: str, match: re.Match[str]) -> None:
        entry = self._open(match.start(), ended=True)
        kind, rest = comment[1:2], comment[2:].strip()
        if kind == ".":
            entry.extracted.append(rest)
        elif kind == ":":
            entry.references.append(rest)
        elif kind == ",":
            entry.flags += [flag.strip() for flag in rest.split(",")]
            entry.flag_lines.append((match.start(), match.end()))
        elif kind != "|":
            entry.comments.append(comment[1:].strip())

    def _begin(self, keyword: str, start: int, *, obsolete: bool) -> None:
        self._close()
        before = self._entry
        again = before is not None and (
            (keyword == "msgctxt" and before.source is not None)
            or (keyword == "msgid" and before.source is not None)
            or before.obsolete != obsolete
        )
        entry = self._open(start, ended=again and before is not None and before.source is not None)
        if keyword.startswith("msgstr") and entry.source is None:
            raise PoError("a msgstr has no msgid before it", start)
        if keyword == "msgid_plural" and entry.source is None:
            raise PoError("a msgid_plural has no msgid before it", start)
        entry.obsolete = obsolete
        self._keyword = keyword

    def _open(self, start: int, *, ended: bool) -> PoEntry:
        """The entry in work; a new one where there is none, or where that one has ended."""
        self._close()
        if self._entry is None or (ended and self._entry.source is not None):
            self.finish()
            self._entry = PoEntry(start)
        return self._entry

    def _close(self) -> None:
        """The string in work has ended."""
        if not self._keyword or self._entry is None:
            return
        keyword, entry = self._keyword, self._entry
        if not self._parts:
            raise PoError(f"{keyword} has no string", entry.start)
        found = PoString(*self._span, unescaped("".join(self._parts), self._charset))
        self._keyword, self._parts = "", []
        if keyword == "msgctxt":
            entry.context = found
        elif keyword == "msgid":
            entry.source = found
        elif keyword == "msgid_plural":
            entry.plural = found
        else:
            entry.targets.append(found)
            entry.forms.append(int(keyword.partition("[")[2].strip(" \t]") or 0))

    def finish(self) -> None:
        """The file, or an entry, has ended. Comments alone are no entry; one without its end is an error, as for
        `msgfmt`.
        """
        self._close()
        entry = self._entry
        if entry is not None and entry.source is not None:
            if not entry.targets:
                raise PoError("a msgid has no msgstr behind it", entry.source.start)
            self.entries.append(entry)
        elif entry is not None and entry.context is not None:
            raise PoError("a msgctxt has no msgid behind it", entry.context.start)
        self._entry = None


def unescaped(body: str, charset: str = "utf-8") -> str:
    """What the inside of quotation marks says; an escape that is none stays as it is. Numbers are bytes of the charset
    (`msgcat --escape` writes them for all beyond ASCII), or characters where they are no text in it.
    """
    if "\\" not in body:
        return body
    if _NUMBERS.search(body) is None:  # nearly always
        return _ESCAPE.sub(_unescape, body)
    return _ANY_ESCAPE.sub(lambda match: _bytes(match[1], charset) if match[1] else _unescape(match), body)


def _unescape(match: re.Match[str]) -> str:
    return _SIMPLE.get(match[0], match[0])


def _bytes(numbers: str, charset: str) -> str:
    values = (int(number[1:], 16) if number[0] == "x" else int(number, 8) for number in numbers.split("\\")[1:])
    told = bytes(value & 0xFF for value in values)
    try:
        return told.decode(charset)
    except UnicodeDecodeError:
        return told.decode("latin-1")


def spelled(text: str, *, newline: str, like: str = "", escapes: Mapping[str, str] = GETTEXT) -> str:
    """A string as a PO file has it: what has several lines stands below an empty string, each line on its own.

    like: the spelling of the entry's source: where that has line feeds and stands on one line, so does this.
    """
    table = str.maketrans(dict(escapes))
    lines = list(_pieces(text))
    one = len(lines) < 2 or ("\\n" in like and "\n" not in like and "\r" not in like)  # noqa: PLR2004
    if one:
        return f'"{text.translate(table)}"'
    return newline.join(['""', *(f'"{line.translate(table)}"' for line in lines)])


def _pieces(text: str) -> Iterator[str]:
    """The lines of a text with the line feeds at their ends."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def without_fuzzy(line: str) -> str:
    """A line of flags (with its end) without the flag that says that a translation is to be looked at; "" for none."""
    found = _FUZZY.sub("", line, count=1)
    hash_sign, _, rest = found.partition("#,") if "#," in found else found.partition("#")
    rest = rest.lstrip(" \t,")
    return f"{hash_sign}#, {rest}" if rest.strip() else ""
