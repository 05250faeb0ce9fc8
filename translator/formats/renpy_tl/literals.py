r"""The two kinds of strings in Ren'Py's scripts: those of say statements and menus, and those of Python.

A say string (`renpy/lexer.py`, `string` and `triple_string`) has runs of spaces and line ends made one space first,
then `\n`, `\u3042` (one to four digits), `\{`, `\[` and `\%` (doubled: `{{`), and any other character behind a
backslash as it is. In a triple-quoted one blank lines part paragraphs, each of which is said on its own. The strings
of `translate … strings` are Python's (`renpy/parser.py`, `translate_strings`), alone, one after another, or in `_p()`.
"""

import unicodedata

import regex

from translator.formats.renpy_tl.lexer import STRING

_ESCAPE = regex.compile(r"\\(u([0-9a-fA-F]{1,4})|.)")
_RUN = regex.compile(r"[ \n]+")
_SPACES = regex.compile(" +")
_LINE_END = regex.compile(r" *\n *")
_SPACED = regex.compile(r"(?<= ) ")
_CONTROL = regex.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_DOUBLED = {"{": "{{", "[": "[[", "%": "%%", "n": "\n"}

_PY_ESCAPE = regex.compile(
    r"\\(?:(\n)|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^{}]+)\}|([0-7]{1,3})|(.))", regex.DOTALL
)
_PY_NAMED = {
    "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_PY_SPELLED = {
    "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
}  # fmt: skip
_PY_HARD = regex.compile(r"[\\\x00-\x1f\x7f]")
_PY_ONE = regex.compile(rf"([rRuUbBfF]{{0,2}})({STRING})", regex.DOTALL)
_PY_SPACE = regex.compile(r"(?:\s|\\\r?\n)*+")
_PY_CALL = regex.compile(r"(_p|_|__|___)?\s*\(")
_PARAGRAPH_BREAK = regex.compile(r"\{p[^}]*\}$")


def say_values(literal: str, *, delimiter: str = "\n\n") -> list[str]:
    """What a say string (a prefix r, quotes and all) says: one text, or a triple-quoted one's paragraphs."""
    raw = literal[0] == "r"
    body = literal[raw:]
    size = 3 if len(body) > 5 and body[:3] in ('"""', "'''", "```") else 1  # noqa: PLR2004  two triple quotes
    body = body[size:-size]
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if raw:
        return [body]
    if size == 1:
        return [_unescaped(_RUN.sub(" ", body))]
    body = _LINE_END.sub("\n", body)
    parts = (part.strip() for part in (body.split(delimiter) if delimiter else [body]))
    run = _RUN if delimiter else _SPACES
    return [_unescaped(run.sub(" ", part)) for part in parts if part]


def _unescaped(body: str) -> str:
    if "\\" not in body:
        return body
    return _ESCAPE.sub(_said, body)


def _said(match: "regex.Match[str]") -> str:
    if match[2]:
        return chr(int(match[2], 16))
    return "" if match[1] == "u" else _DOUBLED.get(match[1], match[1])


def encode_say(text: str, quote: str = '"') -> str:
    """A text as a say string, as the engine's own `encode_say_string` spells it; control characters by number."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", engine_code(text, quote))


def engine_code(text: str, quote: str = '"') -> str:
    """A text as the engine puts it into the code that it takes the checksum of (`encode_say_string`)."""
    text = text.replace("\\", "\\\\").replace("\n", "\\n").replace(quote, "\\" + quote)
    text = _SPACED.sub("\\\\ ", text)
    return f"{quote}{text}{quote}"


def python_value(code: str) -> str | None:
    """The text of a Python expression that is strings and nothing else, also in `_()`, `__()`, `_p()` or brackets.

    None for any other expression, for bytes, f-strings, and escapes that Python would not take.
    """
    code = code.strip()
    wrapper = ""
    while (call := _PY_CALL.match(code)) is not None and code.endswith(")"):
        wrapper = wrapper or (call[1] or "")
        code = code[call.end() : -1].strip()
    parts: list[str] = []
    at = _PY_SPACE.match(code).end()  # type: ignore[union-attr]  # it matches the empty text
    while at < len(code):
        match = _PY_ONE.match(code, at)
        part = None if match is None else _python_one(match[1].lower(), match[2])
        if match is None or part is None:
            return None
        parts.append(part)
        at = match.end()
        at += len(_PY_SPACE.match(code, at)[0])  # type: ignore[index]  # it matches the empty text
    if not parts:
        return None
    text = "".join(parts)
    return joined_paragraphs(text) if wrapper == "_p" else text


def _python_one(prefix: str, literal: str) -> str | None:
    if literal[0] == "`" or "b" in prefix or "f" in prefix:
        return None
    size = 3 if len(literal) > 5 and literal[:3] in ('"""', "'''") else 1  # noqa: PLR2004  two triple quotes
    body = literal[size:-size]
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if "r" in prefix or "\\" not in body:
        return body
    try:
        return _PY_ESCAPE.sub(_python_character, body)
    except (KeyError, ValueError, OverflowError):
        return None


def _python_character(match: "regex.Match[str]") -> str:
    newline, two, four, eight, name, octal, other = match.groups()
    if newline is not None:
        return ""
    digits = two or four or eight
    if digits is not None:
        return chr(int(digits, 16))
    if name is not None:
        return unicodedata.lookup(name)
    if octal is not None:
        return chr(int(octal, 8))
    if other in ("x", "u", "U", "N"):
        raise ValueError(match[0])
    return _PY_NAMED.get(other, match[0])


def encode_python(text: str, quote: str = '"') -> str:
    """A text as a Python string, as the engine's own `quote_unicode` spells it; other control characters by number."""
    text = _PY_HARD.sub(lambda match: _PY_SPELLED.get(match[0], f"\\x{ord(match[0]):02x}"), text)
    return quote + text.replace(quote, "\\" + quote) + quote


def joined_paragraphs(text: str) -> str:
    """What `_p()` makes of a text (`renpy/minstore.py`): lines joined by spaces, paragraphs parted by blank lines."""
    lines = [line.strip() for line in text.split("\n")]
    if lines and not lines[0]:
        del lines[0]
    if lines and not lines[-1]:
        del lines[-1]
    parts: list[str] = []
    paragraph: list[str] = []
    for line in lines:
        if not line:
            parts.append(" ".join(paragraph) + "\n\n")
            paragraph = []
            continue
        paragraph.append(line)
        if _PARAGRAPH_BREAK.search(line):
            parts.append(" ".join(paragraph))
            paragraph = []
    return "".join([*parts, " ".join(paragraph)])
