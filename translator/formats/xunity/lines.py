r"""Lines of XUnity.AutoTranslator's text files, as the plugin reads and writes them.

Read in the plugin's source (MIT): `TextHelper.ReadTranslationLineAndDecode`, `TranslationFileDirective`,
`RegexTranslation`. A line is a pair if it has exactly one `=` without a backslash before it; `//` starts a comment;
`\=`, `\\`, `\n`, `\r`, `\uXXXX` and, from old versions, `%3D` are escapes; any other backslash is one.

The plugin writes `//` as `\/\/`, but does not read that back as `//`; what is written here is `/\u002F`, which every
version reads rightly, and `\/` is read as the slash that it stands for.
"""

from typing import NamedTuple

import regex

_ESCAPES = {"=": "=", "\\": "\\", "n": "\n", "r": "\r", "/": "/"}
_TOKEN = regex.compile(r"\\(?:u(?P<code>[0-9A-Fa-f]{4})|(?P<one>[=\\nr/])|(?P<bad>u))|%3D|(?P<mark>=|//)", regex.DOTALL)
_DIRECTIVE = regex.compile(
    r"#(?:(?P<command>set|unset)\s+(?P<what>level|exe|required-resolution)|(?P<command>enable)\s+(?P<what>\S+))"
    r"(?P<rest>(?:\s.*)?)",
    regex.IGNORECASE,
)
_BREAK = regex.compile(r"\r\n|\r|\n")
_SPECIAL = regex.compile(r"\\|=|\n|//|%3D")


class Pair(NamedTuple):
    """A pair on a line: what the two sides mean, and where the right side stands (columns)."""

    source: str
    target: str
    left: str
    start: int
    end: int


class Directive(NamedTuple):
    """A directive: `set`, `unset` or `enable`, of what (`level`, `exe`), and its argument."""

    command: str
    what: str
    argument: str


def read_pair(line: str) -> Pair | None:
    """The pair on a line; None where the plugin sees none (a comment, two unescaped `=`, a bad escape)."""
    if "=" not in line:
        return None
    parts: list[str] = []
    source: str | None = None
    left, start, position, end = "", 0, 0, len(line)
    for match in _TOKEN.finditer(line):
        parts.append(line[position : match.start()])
        position = match.end()
        mark = match["mark"]
        if mark is None:
            if match["bad"]:
                return None
            parts.append(chr(int(match["code"], 16)) if match["code"] else _ESCAPES.get(match["one"] or "", "="))
        elif mark == "=":
            if source is not None:
                return None
            source, left, start = "".join(parts), line[: match.start()], match.end()
            parts.clear()
        else:
            if source is None:
                return None
            position = end = match.start()
            break
    if source is None:
        return None
    parts.append(line[position:end])
    return Pair(source, "".join(parts), left, start, end)


def why_ignored(line: str) -> str | None:
    """Why the plugin ignores a line that is neither a pair nor a directive; None where it says nothing to it (blank,
    a comment).
    """
    text = line.strip()
    if not text or text.startswith("//"):
        return None
    equals = 0
    for match in _TOKEN.finditer(line):
        if match["bad"]:
            return "the plugin ignores the line: an escape \\u without four digits"
        if match["mark"] == "//" and not equals:
            return "the plugin ignores the line: a comment starts before its ="
        if match["mark"] == "//":
            break
        equals += match["mark"] == "="
    if equals > 1:
        return "the plugin ignores the line: it has several = without a backslash"
    return "the plugin ignores the line: it has no =" if not equals else None


def read_directive(line: str) -> Directive | None:
    """The directive on a line, None where there is none."""
    found = _DIRECTIVE.fullmatch(line.split("//", maxsplit=1)[0].strip()) if "#" in line else None
    return Directive(found["command"].lower(), found["what"].lower(), found["rest"].strip()) if found else None


def break_of(*texts: str) -> str:
    """How the first of some texts that has a line break spells it; a line feed if none has one."""
    for text in texts:
        found = _BREAK.search(text)
        if found:
            return found.group()
    return "\n"


def escape(text: str, line_break: str = "\n") -> str:
    """A text with line feeds as one side of a pair, its line breaks spelled as `line_break`."""
    spelled = line_break.replace("\r", "\\r").replace("\n", "\\n")
    special = {"\\": "\\\\", "=": "\\=", "\n": spelled, "//": "/\\u002F", "%3D": "\\u00253D"}
    return _SPECIAL.sub(lambda m: special[m.group()], text)
