"""Say statements: who speaks, with which attributes and arguments, and where the string stands.

Follows `say_statement`, `finish_say`, `say_attributes` and `parse_arguments` of `renpy/parser.py` and
`simple_expression` of `renpy/lexer.py`; `code` is `Say.get_code` of `renpy/ast.py`, of which the engine takes the
checksum.
"""

from dataclasses import dataclass
from typing import NamedTuple

import regex

from translator.formats.renpy_tl.lexer import STRING
from translator.formats.renpy_tl.literals import engine_code, say_values

_SPACE = regex.compile(r"(?:[ \n\r]|\\\r?\n)*+")
_WORD = regex.compile(r"[^\W\d]\w*+")
_LITERAL = regex.compile(rf"r?(?:{STRING})", regex.DOTALL)
_PYTHON_STRING = regex.compile(rf"(?:[rRuUbBfF]{{1,2}})?(?!`)(?:{STRING})", regex.DOTALL)
_FLOAT = regex.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_OPERATOR = regex.compile(r"<>|<<|<=|<|>>|>=|>|!=|==|\||\^|&|\+|-|\*\*|\*|//|/|%|~|@|:=|\b(?:or|and|not|in|is)\b")
_COMPONENT = regex.compile(r"[-0-9a-zA-Z_\u00a0-\ufffd]++")
_INSIDE = regex.compile(rf"[^\"'`()\[\]{{}}]++|{STRING}|(?P<open>[(\[{{])|(?P<close>[)\]}}])", regex.DOTALL)
_ARGUMENT = regex.compile(
    rf"[^\"'`()\[\]{{}},]++|{STRING}|(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<comma>,)", regex.DOTALL
)
_KEYWORDS = frozenset(("as", "if", "in", "return", "with", "while"))
_IMAGE_KEYWORDS = frozenset(("behind", "at", "onlayer", "with", "zorder", "transform"))

STATEMENTS = frozenset((
    "$", "IF", "ELIF", "ELSE", "call", "camera", "default", "define", "elif", "else", "hide", "if", "image", "init",
    "jump", "label", "layeredimage", "menu", "nvl", "pass", "pause", "play", "python", "queue", "return", "rpy",
    "scene", "screen", "show", "stop", "style", "testcase", "testsuite", "transform", "translate", "voice", "while",
    "window", "with",
))  # fmt: skip
"""The words that begin a statement of the engine's own other than a say statement."""


class Parsed(NamedTuple):
    """An expression and the place behind it."""

    text: str
    end: int


@dataclass(frozen=True, slots=True)
class Say:
    """A say statement. literal: where its string stands in the code. whats: what it says, one text a paragraph."""

    literal: tuple[int, int]
    whats: tuple[str, ...]
    who: str | None = None
    attributes: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()
    interact: bool = True
    identifier: str | None = None
    arguments: str | None = None
    with_: str | None = None

    def code(self, what: str) -> str:
        """The statement as the engine writes it, saying `what`."""
        words = [*((self.who,) if self.who else ()), *self.attributes]
        if self.temporary:
            words += ["@", *self.temporary]
        words.append(engine_code(what))
        if not self.interact:
            words.append("nointeract")
        if self.identifier:
            words += ["id", self.identifier]
        if self.arguments:
            words.append(self.arguments)
        if self.with_:
            words += ["with", self.with_]
        return " ".join(words)


def first_word(code: str) -> str:
    """The word (or `$`) that a statement begins with; "" if it begins with something else."""
    match = _WORD.match(code)
    return match[0] if match else code[:1] if code.startswith("$") else ""


def parse_say(code: str, *, delimiter: str = "\n\n", menu: bool = False) -> Say | None:
    """A statement as a say statement; None if it is none. delimiter: see `say_values`. menu: inside of a menu.

    The caller has made sure that no other statement begins with its first word.
    """
    whole = None if menu else _finished(code, 0, (None, (), ()), delimiter, interact=True)
    if whole is not None:
        return whole
    who = expression(code, 0, operators=menu)
    if who is None:
        return None
    attributes, at = _attributes(code, who.end)
    temporary: tuple[str, ...] = ()
    at = _skip(code, at)
    if code.startswith("@", at):
        temporary, at = _attributes(code, at + 1)
    return _finished(code, at, (who.text, attributes, temporary), delimiter, interact=not menu)


def _finished(
    code: str,
    at: int,
    subject: tuple[str | None, tuple[str, ...], tuple[str, ...]],
    delimiter: str,
    *,
    interact: bool,
) -> Say | None:
    """The statement from its string on; None if it does not go on as one to the end of the line."""
    literal = _LITERAL.match(code, _skip(code, at))
    if literal is None:
        return None
    with_ = identifier = arguments = None
    at = literal.end()
    while (at := _skip(code, at)) < len(code):
        word = _WORD.match(code, at)
        keyword = word[0] if word else ""
        if keyword == "nointeract":
            interact, at = False, at + len(keyword)
        elif keyword == "with" and with_ is None:
            found = expression(code, at + len(keyword))
            if found is None:
                return None
            with_, at = found
        elif keyword == "id":
            name = _WORD.match(code, _skip(code, at + len(keyword)))
            if name is None:
                return None
            identifier, at = name[0], name.end()
        elif code[at] == "(" and arguments is None and (parsed := _arguments(code, at)) is not None:
            arguments, at = parsed
        else:
            return None
    whats = tuple(say_values(literal[0], delimiter=delimiter))
    who, attributes, temporary = subject
    return Say(literal.span(), whats, who, attributes, temporary, interact, identifier, arguments, with_)


def _skip(code: str, at: int) -> int:
    match = _SPACE.match(code, at)
    return match.end() if match else at


def _name(code: str, at: int) -> int | None:
    """Behind the name at a place; None where there is none, or a word that is none, or a string's prefix."""
    match = _WORD.match(code, at)
    if match is None or match[0] in _KEYWORDS:
        return None
    if match[0] in ("r", "u", "ur") and code[match.end() : match.end() + 1] in ('"', "'", "`"):
        return None
    return match.end()


def _attributes(code: str, at: int) -> tuple[tuple[str, ...], int]:
    found: list[str] = []
    while True:
        start = _skip(code, at)
        match = _COMPONENT.match(code, start)
        if match is None or match[0] in _KEYWORDS or match[0] in _IMAGE_KEYWORDS:
            break
        if match[0] in ("r", "u") and code[match.end() : match.end() + 1] in ('"', "'", "`"):
            break
        found.append(match[0])
        at = match.end()
    return tuple(found), at


def brackets(code: str, at: int) -> int | None:
    """Behind the bracket that closes the one at a place; None if none does."""
    depth = 0
    while at < len(code):
        match = _INSIDE.match(code, at)
        if match is None:
            return None
        at = match.end()
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth -= 1
            if depth <= 0:
                return at
    return None


def expression(code: str, at: int, *, operators: bool = True) -> Parsed | None:
    """A simple expression: names, strings, numbers and brackets, with what follows behind dots and in brackets."""
    start = at
    while True:
        at = _skip(code, at)
        while (match := _OPERATOR.match(code, at)) is not None and match[0]:
            at = _skip(code, match.end())
        end = _atom(code, at)
        if end is None:
            break
        at = _trailers(code, end)
        after = _skip(code, at)
        if not operators or (match := _OPERATOR.match(code, after)) is None:
            break
        at = match.end()
    text = code[start:at].strip()
    return Parsed(text, at) if text else None


def _atom(code: str, at: int) -> int | None:
    if match := _PYTHON_STRING.match(code, at):
        return match.end()
    if (end := _name(code, at)) is not None:
        return end
    if match := _FLOAT.match(code, at):
        return match.end()
    return brackets(code, at) if code[at : at + 1] in ("(", "[", "{") else None


def _trailers(code: str, at: int) -> int:
    while True:
        after = _skip(code, at)
        if code.startswith(".", after) and (word := _WORD.match(code, _skip(code, after + 1))):
            at = word.end()
        elif code[after : after + 1] in ("(", "[", "{") and (end := brackets(code, after)) is not None:
            at = end
        else:
            return at


_KEYWORD = regex.compile(r"([^\W\d]\w*)(?:[ \n\r]|\\\r?\n)*=(?!=)")


def _arguments(code: str, at: int) -> Parsed | None:
    """Arguments in brackets, as `ArgumentInfo.get_code` writes them."""
    end = brackets(code, at)
    if end is None:
        return None
    written: list[str] = []
    at = _skip(code, at + 1)
    while at < end - 1:
        stars = "**" if code.startswith("**", at) else "*" if code.startswith("*", at) else ""
        at = _skip(code, at + len(stars))
        keyword = _KEYWORD.match(code, at) if not stars else None
        if keyword:
            at = _skip(code, keyword.end())
        start = at
        while at < end - 1 and (match := _ARGUMENT.match(code, at)) is not None and not match["comma"]:
            at = brackets(code, at) or end if match["open"] else match.end()
        at = min(at, end - 1)
        written.append(stars + (f"{keyword[1]}=" if keyword else "") + code[start:at])
        at = _skip(code, at + 1) if code.startswith(",", at) else end
    return Parsed(f"({', '.join(written)})", end)
