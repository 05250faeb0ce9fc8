"""Finding the strings of a JSON text by their place in it, and writing others there while every other byte stays.

Reading descends in Python only along the path that the caller takes; every value that it does not look into is
decoded whole by the standard library's C scanner, which checks it too. Positions are indices of characters.
Where an object has a name twice the last one holds, as in every usual reader.
"""

import json
import re
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from json.decoder import JSONDecoder
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import NamedTuple, NoReturn, cast

from translator.core.document import FormatError
from translator.core.splice import Edit, splice


class JsonError(ValueError):
    """A text is no valid JSON, or is not shaped as expected. position: the character's index where that shows."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


def decoded(blob: bytes) -> tuple[str, int]:
    """A file's text, and where its value starts in it: behind a byte order mark. Raises FormatError."""
    try:
        text = blob.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"not UTF-8, as JSON is: {error.reason}", offset=error.start) from error
    return text, 1 if text.startswith(_BOM) else 0


@contextmanager
def told_in_bytes(text: str) -> Generator[None]:
    """Raise FormatError, with the offset in bytes, for a JsonError about `text`, which is all of a file."""
    try:
        yield
    except JsonError as error:
        raise FormatError(str(error), offset=len(text[: error.position].encode("utf-8", "surrogatepass"))) from error


class Span(NamedTuple):
    """Where a value stands: from the index of its first character up to `end`."""

    start: int
    end: int


class Step(Enum):
    """Steps of a path that are neither a name nor an index."""

    INNER = "inner"
    """The string reached so far holds a JSON text itself; the path goes on in it."""


class Cut(NamedTuple):
    """The last step of a path: only these characters of the string (decoded), from `start` up to `end`."""

    start: int
    end: int


class Spelling(NamedTuple):
    """How a file spells its strings: as JavaScript source, where U+2028 and U+2029 must be escaped, or with everything
    above ASCII escaped.
    """

    for_script: bool = False
    ascii_only: bool = False


Path = tuple[str | int | Step | Cut, ...]
"""How to get from a value to a string in it: names, indices, and the steps above."""

INNER = Step.INNER
SPELLING = Spelling()
_BOM = "\ufeff"


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_decode = cast(
    "Callable[[str, int], tuple[object, int]]", vars(JSONDecoder(parse_constant=_refuse_constant))["scan_once"]
)
"""The C scanner itself, which raises StopIteration with the place where no value begins."""
_skip = re.compile(r"[ \t\n\r]*").match
_plain_name = re.compile(r'[ \t\n\r]*"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*').match
_colon = re.compile(r"[ \t\n\r]*:[ \t\n\r]*").match
_after_member = re.compile(r"[ \t\n\r]*([,}])[ \t\n\r]*").match
_after_element = re.compile(r"[ \t\n\r]*([,\]])[ \t\n\r]*").match
_brackets = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{\]}]|NaN|-?Infinity', re.DOTALL).finditer
_LONE = re.compile(r"[\ud800-\udfff]")
_HARD_FOR_SCRIPTS = {0x2028: "\\u2028", 0x2029: "\\u2029"}


def decode_at(text: str, start: int) -> tuple[object, int]:
    """The JSON value that starts just at `start`, and where it ends. Raises JsonError."""
    try:
        return _decode(text, start)
    except StopIteration as error:
        raise JsonError("invalid JSON: Expecting value", cast("int", error.value)) from error
    except json.JSONDecodeError as error:
        raise JsonError(f"invalid JSON: {error.msg}", error.pos) from error
    except RecursionError as error:
        raise JsonError("invalid JSON: nested too deeply", _too_deep(text, start)) from error
    except ValueError as error:
        raise JsonError(f"invalid JSON: {error}", _constant(text, start)) from error


def _too_deep(text: str, start: int) -> int:
    """Where brackets first lie deeper than Python calls itself, else where they lie deepest."""
    depth = deepest = 0
    place = start
    for match in _brackets(text, start):
        bracket = match.group()
        if bracket in "[{":
            depth += 1
            if depth > deepest:
                deepest, place = depth, match.start()
                if depth >= sys.getrecursionlimit():
                    break
        elif bracket in "]}":
            depth -= 1
    return place


def _constant(text: str, start: int) -> int:
    """Where one of the numbers stands that JSON does not have."""
    return next((match.start() for match in _brackets(text, start) if match.group()[-1] in "yN"), start)


class JsonReader:
    """Walks through a JSON text. `position` is where the next value is expected; every step moves it on."""

    __slots__ = ("position", "text")

    def __init__(self, text: str, position: int = 0) -> None:
        self.text = text
        self.position = position

    def peek(self) -> str:
        """The next character that is no white space, "" at the end; `position` moves to it."""
        position = self.position
        following = self.text[position : position + 1]
        if following in (" ", "\t", "\n", "\r"):
            found = _skip(self.text, position)
            self.position = position = found.end() if found else position
            following = self.text[position : position + 1]
        return following

    def value(self) -> object:
        """Decode the value that comes next."""
        self.peek()
        value, self.position = decode_at(self.text, self.position)
        return value

    def located(self) -> tuple[object, Span]:
        """Decode the value that comes next, and say where it stands."""
        self.peek()
        start = self.position
        value, self.position = decode_at(self.text, start)
        return value, Span(start, self.position)

    def members(self) -> Iterator[str]:
        """The names of the object that comes next; at each, `position` is before its value, which must be read."""
        self._open("{", "an object")
        if self._closes("}"):
            return
        text = self.text
        while True:
            found = _plain_name(text, self.position)
            if found is None:
                yield self._name()
            else:
                self.position = found.end()
                yield found[1]
            if self._pass(_after_member(text, self.position), "a comma or the object's end") == "}":
                return

    def elements(self) -> Iterator[int]:
        """The indices of the array that comes next; at each, `position` is before the element, which must be read."""
        self._open("[", "an array")
        if self._closes("]"):
            return
        text = self.text
        index = 0
        while True:
            yield index
            index += 1
            if self._pass(_after_element(text, self.position), "a comma or the array's end") == "]":
                return

    def decoded_elements(self) -> Iterator[tuple[object, int, int]]:
        """The elements of the array that comes next, each with its start and end. The quick way for long arrays."""
        self._open("[", "an array")
        if self._closes("]"):
            return
        text = self.text
        decode = _decode
        position = self.position
        while True:
            try:
                value, end = decode(text, position)
            except (StopIteration, ValueError, RecursionError):
                decode_at(text, position)  # says it in this module's words
                raise
            yield value, position, end
            found = _after_element(text, end)
            if found is None:
                self.position = end
                raise self._unexpected("a comma or the array's end")
            position = found.end()
            if found[1] == "]":
                self.position = position
                return

    def finish(self) -> None:
        """Nothing but white space may follow. Raises JsonError."""
        if self.peek():
            raise JsonError("invalid JSON: something stands after its end", self.position)

    def _open(self, opening: str, what: str) -> None:
        if self.peek() != opening:
            raise self._unexpected(what)
        self.position += 1

    def _closes(self, closing: str) -> bool:
        if self.peek() == closing:
            self.position += 1
            return True
        return False

    def _name(self) -> str:
        """A member's name, whatever it holds, and the colon."""
        if self.peek() != '"':
            raise self._unexpected("a name in double quotes")
        name, self.position = decode_at(self.text, self.position)
        self._pass(_colon(self.text, self.position), "a colon")
        return cast("str", name)

    def _pass(self, found: re.Match[str] | None, what: str) -> str:
        """Go past a separator; gives it, where it may be one of several."""
        if found is None:
            raise self._unexpected(what)
        self.position = found.end()
        return found[1] if found.re.groups else ":"

    def _unexpected(self, wanted: str) -> JsonError:
        there = self.peek()
        return JsonError(
            f"invalid JSON: expecting {wanted}, found {repr(there) if there else 'the end'}", self.position
        )


def locate(text: str, start: int, path: Sequence[str | int]) -> Span:
    """Where the value is that `path` (names and indices only) leads to from the value at `start`.

    Raises KeyError when there is none, JsonError when the text is not valid up to there.
    """
    reader = JsonReader(text, start)
    for step in path:
        found = -1
        for here in reader.members() if isinstance(step, str) else reader.elements():
            reader.peek()
            if here == step:
                found = reader.position
                if isinstance(step, int):
                    break
            reader.value()
        if found < 0:
            raise KeyError(step)
        reader.position = found
    reader.peek()
    return Span(reader.position, decode_at(text, reader.position)[1])


def encode_string(value: str, like: str = '""', spelling: Spelling = SPELLING) -> str:
    """A JSON string with as few escapes as are needed.

    like: the string token that it replaces: where all its characters above ASCII, or its slashes, are escaped, so are
    those of the new one.
    """
    escaped = "\\" in like
    ascii_only = spelling.ascii_only or (
        escaped and "\\u" in like and like.isascii() and not json.loads(like).isascii()
    )
    encode = encode_basestring_ascii if ascii_only else encode_basestring
    token = encode(value)
    if not token.isascii():
        token = _LONE.sub(lambda m: f"\\u{ord(m.group()):04x}", token)
    if escaped and "\\/" in like and encode(json.loads(like)) != like:
        token = token.replace("/", "\\/")
    return token.translate(_HARD_FOR_SCRIPTS) if spelling.for_script else token


def rewrite(text: str, start: int, changes: Iterable[tuple[Path, str]], spelling: Spelling = SPELLING) -> list[Edit]:
    """The edits that put new strings at their places in the value that starts at `start`.

    Several changes may lie in one string (by INNER or by Cut). Raises KeyError and JsonError as `locate` does, and
    ValueError when a path does not lead to a string.
    """
    grouped: dict[tuple[str | int, ...], list[tuple[Path, str]]] = {}
    for path, new in changes:
        plain = _plain_steps(path)
        grouped.setdefault(plain, []).append((path[len(plain) :], new))
    edits: list[Edit] = []
    for plain, inside in grouped.items():
        span = locate(text, start, plain)
        token = text[span.start : span.end]
        old = json.loads(token)
        if not isinstance(old, str):
            raise ValueError(f"{plain}: not a string")  # noqa: TRY004  the path is at fault, not an argument's type
        new = _rewritten(old, inside)
        edits.append(Edit(span.start, span.end, encode_string(new, token, spelling)))
    return edits


def _plain_steps(path: Path) -> tuple[str | int, ...]:
    """The names and indices that a path starts with."""
    plain: list[str | int] = []
    for step in path:
        if isinstance(step, Step | Cut):
            break
        plain.append(step)
    return tuple(plain)


def _rewritten(old: str, changes: list[tuple[Path, str]]) -> str:
    """A string after changes that replace it, cut into it, or go on inside of it."""
    inner: list[tuple[Path, str]] = []
    edits: list[Edit] = []
    for path, new in changes:
        if not path:
            return new
        step = path[0]
        if isinstance(step, Cut):
            edits.append(Edit(step.start, step.end, new))
        else:
            inner.append((path[1:], new))
    return splice(old, [*edits, *(rewrite(old, 0, inner) if inner else ())])
