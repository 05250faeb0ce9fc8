r"""Names of speakers inside of the messages of RPG Maker XP to MZ: told by a code, in brackets, or as plain text.

Who speaks is known to a message's author, not to the engine: `\n<name>` and `\name[name]` are read by scripts that
many games use, `【name】` and a name before a quote are only seen by the player.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import regex

_QUOTES = ("「", "『", "（", "(", "“", '"')
_CODES = r"(?:\\[A-Za-z]+\[[^\[\]\n]*\]|\\[.|!><^{}$])*"
_NAME = r"(?:\\[Nn]\[\d+\]|[^\\\n。、！？!?…「」『』（）])"
_FIRST_LINE = regex.compile(rf"{_CODES}({_NAME}{{1,16}}){_CODES}[ \t\u3000]*+\n")
_BEFORE_QUOTE = regex.compile(rf"{_CODES}({_NAME}{{1,16}}?){_CODES}[「『]")


@dataclass(frozen=True, slots=True, eq=False)
class InsetKind:
    """A way in which a message names its speaker. sign: no such name without it. sure: it is surely a speaker."""

    sign: str
    pattern: "regex.Pattern[str]"
    sure: bool


BRACKETS = InsetKind("【", regex.compile(rf"({_CODES}【)([^【】\n]+)(】{_CODES}[ \t\u3000]*\n)"), sure=False)
"""`【name】` alone on the first line."""

NAME_BOX = InsetKind("<", regex.compile(rf"({_CODES}\\[nN][cCrRlL\d]?<)([^<>\n]+)(>)"), sure=True)
r"""`\n<name>`."""

NAME_CODE = InsetKind(
    "[",
    regex.compile(rf"({_CODES}\\[nN][aA][mM][eE]\[)((?!\d+\])[^\[\]\n\\]+)(\][ \t\u3000]*\n?)"),
    sure=True,
)
r"""`\name[name]`."""


@dataclass(frozen=True, slots=True)
class Inset:
    """A name inside of a message: what stands before it, the name, what parts it from the text; how it is told."""

    before: str
    name: str
    after: str
    kind: InsetKind

    @property
    def lines(self) -> int:
        """How many lines of the window it takes."""
        return self.after.count("\n")

    @property
    def whole(self) -> str:
        """The name with all that belongs to it."""
        return self.named(self.name)

    def named(self, name: str) -> str:
        """Another name with all that belongs to this one."""
        return self.before + name + self.after

    def is_speaker(self, text: str, names: frozenset[str]) -> bool:
        """Whether it surely says who speaks: a code for it does; `【…】` if it is a known name or speech follows."""
        return self.kind.sure or self.name in names or opens_quote(text)


def find_inset(text: str, kinds: Iterable[InsetKind]) -> Inset | None:
    """The name that a message's text starts with, of the first of the kinds that it can be."""
    for kind in kinds:
        if kind.sign in text:
            found = kind.pattern.match(text)
            if found:
                return Inset(found[1], found[2], found[3], kind)
    return None


def find_speaker(text: str, names: frozenset[str]) -> str | None:
    r"""Who surely speaks a message in which the name stands as plain text.

    A short first line (`\C[6]長老\C[0]`, `\N[1]`) when speech in quotes follows, or a known name before a quote.
    """
    if not has_quote(text):
        return None
    found = _FIRST_LINE.match(text)
    if found and opens_quote(text[found.end() :]):
        return found[1]
    found = _BEFORE_QUOTE.match(text)
    return found[1] if found and (found[1] in names or found[1].startswith("\\")) else None


def has_quote(text: str) -> bool:
    """Whether something in a text may be speech in quotes."""
    return any(quote in text for quote in _QUOTES)


def opens_quote(text: str) -> bool:
    """Whether a text begins with speech in quotes."""
    return text.lstrip("\u3000 ").startswith(_QUOTES)
