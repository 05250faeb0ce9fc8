"""How a text is spelled inside the string that holds it, and which texts cannot stand there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import regex

from translator.core.document import RefusedTargetError
from translator.core.speakers import BRACKETS, NAME_BOX, NAME_CODE, InsetKind

_ESCAPE = regex.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-7][0-9A-Fa-f])|(.))", regex.DOTALL)
_ANY = regex.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-7][0-9A-Fa-f]|(.))", regex.DOTALL)
_SIMPLE = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "e": "\x1b",
    "s": " ",
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
}
_CONTROL = regex.compile(r"[\0-\x1f\x7f]")
_INTERPOLATION = regex.compile(r"#(?:\{[^{}\n]*\}|[{$@])")


@dataclass(frozen=True, slots=True)
class Form:
    """A way of spelling. read and write are each other's inverse; forbidden: characters that cannot stand there.

    place: what the text stands in, for the message that refuses a character. code: `#{…}` is Ruby code there.
    """

    place: str
    forbidden: str = ""
    read: Callable[[str], str] = str
    write: Callable[[str], str] = str
    code: bool = False

    def spell(self, key: str, text: str, source: str = "") -> str:
        """`text` as it is written in place of `source`. Raises RefusedTargetError."""
        for character in self.forbidden:
            if character in text:
                raise RefusedTargetError(key, f"{character!r} (U+{ord(character):04X}) cannot stand in {self.place}")
        if self.code and "#" in text:
            known = _INTERPOLATION.findall(source)
            for code in _INTERPOLATION.findall(text):
                if code not in known:
                    raise RefusedTargetError(key, f"{code} would be run as Ruby code")
        return self.write(text)


def _read_double(body: str) -> str:
    def decoded(match: "regex.Match[str]") -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _SIMPLE.get(match[3], match[3])

    return _ESCAPE.sub(decoded, body)


def _write_double(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return _CONTROL.sub(lambda m: f"\\x{ord(m[0]):02x}", escaped)


def _read_single(body: str) -> str:
    return regex.sub(r"\\([\\'])", r"\1", body)


def _write_single(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _write_single_lone(text: str) -> str:
    return regex.sub(r"\\(?=[\\']|$)|'", lambda m: "\\" + m[0], text)


def _read_pattern(body: str) -> str:
    return regex.sub(r"\\(.)", r"\1", body)


def _write_pattern(text: str) -> str:
    return regex.sub(r"[][/\\#(){}*+?|^$.]", lambda m: "\\" + m[0], text)


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

IN_DOUBLE_QUOTES = Form("a script", read=_read_double, write=_write_double, code=True)
IN_SINGLE_QUOTES = Form("a script", forbidden="\n\r", read=_read_single, write=_write_single)
IN_SINGLE_QUOTES_LONE = Form("a script", forbidden="\n\r", read=_read_single, write=_write_single_lone)
"""The inside of a Ruby string; in single quotes, a backslash may stand for itself."""

IN_PATTERN = Form("a regular expression", forbidden="\n\r", read=_read_pattern, write=_write_pattern)
"""The inside of a regular expression that matches one text only."""

INSETS: Mapping[InsetKind, Form] = {
    BRACKETS: Form("a name in 【】", forbidden="【】\n\r\f"),
    NAME_BOX: Form("a name box", forbidden="<>\n\r\f"),
    NAME_CODE: Form("a name box", forbidden="[]\\\n\r\f"),
}
"""A speaker's name inside of the message text, by the way in which it is told; the first that fits counts."""


def form_of(raw: str) -> Form:
    """How the lines of a whole string are separated."""
    if "\r" not in raw:
        return PLAIN
    if raw.count("\r\n") == raw.count("\r") == raw.count("\n"):
        return CRLF
    return WITH_RETURNS


def literal_form(raw: str, *, double: bool) -> Form | None:
    r"""How the inside of a Ruby string is spelled; None for one that is not spelled anew as it was (`\#`, `\M-a`)."""
    if double:
        odd = any(escape[1] is not None and escape[1] in "#uxcCM0123456789" for escape in _ANY.finditer(raw))
        return None if odd else IN_DOUBLE_QUOTES
    lone = any(escape[0][1] not in "\\'" for escape in _ANY.finditer(raw))
    return IN_SINGLE_QUOTES_LONE if lone else IN_SINGLE_QUOTES
