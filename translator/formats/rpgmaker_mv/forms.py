"""How a text is spelled inside the string that holds it, and which texts cannot stand there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import regex

from translator.core.document import UnencodableError
from translator.core.speakers import BRACKETS, NAME_BOX, InsetKind

_SPACES = " \u00a0\u202f\u2007"
_READ_SPACES = str.maketrans(_SPACES[1:], _SPACES[:-1])
_WRITE_SPACES = str.maketrans(_SPACES[:-1], _SPACES[1:])
_JS_ESCAPE = regex.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|(\r\n|[\s\S]))")
_JS_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_JS_CONTROL = regex.compile(r"[\0-\x1f\x7f\u2028\u2029]")


class RefusedTextError(UnencodableError):
    """A translation holds a character that would break what stands around it; its message says what."""

    def __init__(self, key: str, character: str, place: str) -> None:
        super().__init__(key, character, "utf-8")
        self.args = (f"{key}: {character!r} (U+{ord(character):04X}) cannot stand in {place}",)


@dataclass(frozen=True, slots=True)
class Form:
    """A way of spelling. read and write are each other's inverse; forbidden: characters that cannot stand there.

    place: what the text stands in, for the message that refuses a character.
    """

    place: str
    forbidden: str = ""
    read: Callable[[str], str] = str
    write: Callable[[str], str] = str

    def spell(self, key: str, text: str) -> str:
        """`text` as it is written. Raises RefusedTextError."""
        for character in self.forbidden:
            if character in text:
                raise RefusedTextError(key, character, self.place)
        return self.write(text)


def _read_js(body: str) -> str:
    def decoded(match: "regex.Match[str]") -> str:
        code = match[1] or match[2] or match[3]
        if code:
            number = int(code, 16)
            return chr(number) if number <= 0x10FFFF else match[0]  # noqa: PLR2004  the last code point of Unicode
        return _JS_SIMPLE.get(match[4], match[4])

    return _JS_ESCAPE.sub(decoded, body)


def _write_js(quote: str) -> Callable[[str], str]:
    def write(text: str) -> str:
        escaped = text.replace("\\", "\\\\").replace(quote, "\\" + quote).replace("\n", "\\n").replace("\r", "\\r")
        return _JS_CONTROL.sub(lambda m: f"\\u{ord(m[0]):04x}", escaped)

    return write


PLAIN = Form("a text", forbidden="\r")
"""The text itself. Lines are separated by line feeds, so a carriage return is refused."""

WITH_RETURNS = Form("a text")
"""The text itself, of a place that has carriage returns already, in no regular way."""

CRLF = Form(
    "a text",
    forbidden="\r",
    read=lambda raw: raw.replace("\r\n", "\n"),
    write=lambda text: text.replace("\n", "\r\n"),
)
"""Lines that end in a carriage return and a line feed."""

ARGUMENT = Form(
    "a plugin command",
    forbidden=_SPACES[-1],
    read=lambda raw: raw.translate(_READ_SPACES),
    write=lambda text: text.translate(_WRITE_SPACES),
)
"""A word of an MV plugin command, which the engine splits at spaces (`Game_Interpreter.command356`).

A space of the translation becomes a no-break space, which looks the same and splits nothing. So that all can be read
back exactly, a no-break space becomes a narrow one, and that a figure space.
"""

IN_DOUBLE_QUOTES = Form("a script", read=_read_js, write=_write_js('"'))
IN_SINGLE_QUOTES = Form("a script", read=_read_js, write=_write_js("'"))
"""The inside of a JavaScript string."""

TAG = Form("a note's tag", forbidden="<>")
"""The value of a note's tag: the engine reads it up to the first `>` (`DataManager.extractMetadata`)."""

WORD_IN_TAG = Form(
    "a note's tag",
    forbidden="<>\t\n\r" + _SPACES[-1],
    read=ARGUMENT.read,
    write=ARGUMENT.write,
)
"""A word of a tag's value, which ends at white space: spaces are written as in a plugin command."""

INSETS: Mapping[InsetKind, Form] = {
    BRACKETS: Form("a name in 【】", forbidden="【】\n\r\f"),
    NAME_BOX: Form("a name box", forbidden="<>\n\r\f"),
}
"""A speaker's name inside of the message text, by the way in which it is told; the first that fits counts."""


def form_of(raw: str) -> Form:
    """How the lines of a whole string are separated."""
    if "\r" not in raw:
        return PLAIN
    if raw.count("\r\n") == raw.count("\r") == raw.count("\n"):
        return CRLF
    return WITH_RETURNS
