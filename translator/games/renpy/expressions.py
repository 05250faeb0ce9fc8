"""The strings of an expression that are shown as they stand, told from its code alone.

The engine looks up the whole text that is to be shown (`renpy/substitutions.py`: `translate_string` first, then what
is in brackets), so that only a string that an expression comes to is found: the expression itself, also in brackets,
what a condition chooses between (`a if x else b`, `a or b`), and what is chosen of a list or a dictionary (`[…][x]`). A
string that is joined to others, filled in, compared or given to a function is not found as it stands.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import regex

from translator.formats.renpy_tl.lexer import STRING
from translator.formats.renpy_tl.literals import python_value
from translator.formats.renpy_tl.say import expression

_LITERAL = regex.compile(STRING, regex.DOTALL)
_BRACKET = regex.compile(r"(?P<open>[(\[{])|[)\]}]")
_TOKEN = regex.compile(
    r"(?:\s|\\\n)*+(?:(?P<string>[rRuUbBfF]{0,2}\"++)|(?P<open>[(\[{])|(?P<word>[^\W\d][\w.]*+)|(?P<comma>,)"
    r"|(?P<colon>:)|(?P<other>\S))"
)
_EQUALS = regex.compile(r"=(?!=)")
_ATOM = regex.compile(r"\s*+(?!(?:and|if|in|is|not|or)\b)(?=[\w\"(\[{])")

Span = tuple[int, int]


class _Token(NamedTuple):
    """A part of an expression: its kind, its place; an open bracket's is up to the one that closes it."""

    kind: str
    start: int
    end: int


class Code:
    """The code of a logical line, whose brackets close."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def mask(self) -> str:
        """The code with each string, and its quotes, made a row of quotes: for what must not look inside of strings."""
        return _LITERAL.sub(lambda match: '"' * len(match[0]), self.text)

    @cached_property
    def _closed(self) -> dict[int, int]:
        """For each bracket the place behind the one that closes it."""
        closed: dict[int, int] = {}
        open_at: list[int] = []
        for match in _BRACKET.finditer(self.mask):
            if match["open"]:
                open_at.append(match.start())
            elif open_at:
                closed[open_at.pop()] = match.end()
        return closed

    def arguments(self, at: int) -> Iterator[tuple[str, Span]]:
        """The arguments of the call whose bracket opens at a place: the name ("" without one), and where it stands."""
        for start, end in self._elements(at + 1, self._closed[at] - 1):
            name = self._token(start, end)
            sign = None if name is None or name.kind != "word" else self._token(name.end, end)
            if name is None or sign is None or not _EQUALS.match(self.mask, sign.start):
                yield "", (start, end)
            else:
                yield self.mask[name.start : name.end], (sign.end, end)

    def properties(self, words: frozenset[str]) -> Iterator[Span]:
        """The expressions behind certain words of a statement, where these are neither in strings nor in brackets."""
        at = 0
        while (token := self._token(at, len(self.mask))) is not None:
            at = token.end
            if self.mask[token.start : at] in words and _ATOM.match(self.mask, at):
                value = expression(self.text, at)
                if value is not None:
                    yield at, value.end
                    at = value.end

    def brackets(self) -> Iterator[Span]:
        """What stands in round brackets, those inside of others not apart."""
        for token in self._tokens(0, len(self.mask)):
            if self.mask[token.start] == "(":
                yield token.start, token.end

    def shown(self, span: Span) -> list[str]:
        """The texts that an expression can come to, in the order in which they stand there."""
        found: list[tuple[int, str]] = []
        waiting = [span]
        while waiting:
            for piece in self._choices(*waiting.pop()):
                if all(token.kind == "string" for token in piece):
                    text = python_value(self.text[piece[0].start : piece[-1].end])
                    if text is not None:
                        found.append((piece[0].start, text))
                else:
                    waiting += self._inside(piece)
        return [text for _, text in sorted(found)]

    def _choices(self, start: int, end: int) -> list[list[_Token]]:
        """The parts of an expression of which one is what it comes to."""
        pieces: list[list[_Token]] = [[]]
        condition = False
        for token in self._tokens(start, end):
            word = self.mask[token.start : token.end] if token.kind == "word" else ""
            if word == "lambda":
                return []
            if word in ("if", "else", "and", "or"):
                condition = word == "if" or (condition and word != "else")
                pieces.append([])
            elif not condition:
                pieces[-1].append(token)
        return [piece for piece in pieces if piece]

    def _inside(self, piece: list[_Token]) -> Iterator[Span]:
        """The expressions in brackets of which one, or each, is shown: `(…)`, `_(…)`, `[…]`, `(…)[x]`, `{…}[x]`."""
        first, *behind = piece if self.mask[piece[0].start : piece[0].end] not in ("_", "__") else piece[1:] or piece
        chosen = [self.mask[token.start] for token in behind] == ["["]
        if first.kind != "open" or (behind and not chosen):
            return
        bracket, start, end = self.mask[first.start], first.start + 1, first.end - 1
        if bracket == "(" and not chosen:
            yield start, end
        elif bracket != "{":
            yield from self._elements(start, end)
        elif chosen:
            for key, last in self._elements(start, end):
                colon = next((token.end for token in self._tokens(key, last) if token.kind == "colon"), last)
                yield colon, last

    def _elements(self, start: int, end: int) -> Iterator[Span]:
        """What commas part, outside of brackets."""
        for token in self._tokens(start, end):
            if token.kind == "comma":
                yield start, token.start
                start = token.end
        if self._token(start, end) is not None:
            yield start, end

    def _tokens(self, start: int, end: int) -> Iterator[_Token]:
        while (token := self._token(start, end)) is not None:
            yield token
            start = token.end

    def _token(self, start: int, end: int) -> _Token | None:
        match = _TOKEN.match(self.mask, start, end)
        kind = None if match is None else match.lastgroup
        if match is None or kind is None:
            return None
        at = match.start(kind)
        return _Token(kind, at, self._closed[at] if kind == "open" else match.end())
