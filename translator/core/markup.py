"""What stands in a text but is not language, and what becomes of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

import regex


class Fate(StrEnum):
    """What a translation must do with a piece of markup.

    KEEP: it is in the translation, as often as in the source. OPEN and CLOSE: kept too, and in this order.
    DROP: left out of what the model sees and of the translation (the reading above a kanji).
    """

    KEEP = "keep"
    OPEN = "open"
    CLOSE = "close"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class MarkupRule:
    """A pattern (syntax of the `regex` module), its fate, and the half-width cells it takes on screen."""

    pattern: str
    fate: Fate = Fate.KEEP
    cells: int = 0


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A spelling that is brought to an equivalent, easier one before the text is looked at (`regex` syntax).

    The replacement may be a function of the match, for what no template can say (a character by its code).
    """

    pattern: str
    replacement: "str | Callable[[regex.Match[str]], str]"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text (`rule` is None) or one markup code with the rule that matched it."""

    text: str
    rule: MarkupRule | None = None

    @property
    def is_code(self) -> bool:
        """Whether this is markup."""
        return self.rule is not None


@dataclass(frozen=True)
class MarkupSyntax:
    """The markup of one format or game: the first rule that matches at a place wins."""

    rules: tuple[MarkupRule, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    _by_group: Mapping[str, MarkupRule] = field(init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.rules, self.rewrites))

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_group", {f"r{i}": rule for i, rule in enumerate(self.rules)})

    @cached_property
    def _pattern(self) -> "regex.Pattern[str] | None":
        if not self.rules:
            return None
        return regex.compile("|".join(f"(?P<r{i}>{rule.pattern})" for i, rule in enumerate(self.rules)))

    @cached_property
    def widest(self) -> int:
        """The most half-width cells that any code takes; 0 when none takes room."""
        return max((rule.cells for rule in self.rules), default=0)

    def may_have_codes(self, text: str) -> bool:
        """Whether `tokenize` could find a code in `text`; most texts have none, and this is the quick way to tell."""
        return self._pattern is not None and _found(self._pattern, text)

    @cached_property
    def _rewrites(self) -> "tuple[tuple[regex.Pattern[str], str | Callable[[regex.Match[str]], str]], ...]":
        return tuple((regex.compile(r.pattern), r.replacement) for r in self.rewrites)

    def normalise(self, text: str) -> str:
        """`text` with the rewrites applied in order."""
        for pattern, replacement in self._rewrites:
            # `sub` prepares the replacement before it looks, which takes longer than to look.
            if pattern.search(text) is not None:
                text = pattern.sub(replacement, text)
        return text

    def tokenize(self, text: str) -> Iterator[Piece]:
        """Split `text` into runs of language and single codes; joined, the pieces give `text` again."""
        position = 0
        if self._pattern is not None:
            for match in self._pattern.finditer(text):
                if match.end() == match.start():
                    continue
                if match.start() > position:
                    yield Piece(text[position : match.start()])
                yield Piece(match.group(), self._by_group[match.lastgroup or "r0"])
                position = match.end()
        if position < len(text):
            yield Piece(text[position:])

    def codes(self, text: str) -> list[str]:
        """The codes of `text` that a translation must keep, in order."""
        if not self.may_have_codes(text):
            return []
        return [p.text for p in self.tokenize(text) if p.rule is not None and p.rule.fate is not Fate.DROP]

    def plain(self, text: str) -> str:
        """`text` without any markup."""
        if not self.may_have_codes(text):
            return text
        return "".join(p.text for p in self.tokenize(text) if p.rule is None)

    def joined(self, other: "MarkupSyntax") -> "MarkupSyntax":
        """Both syntaxes in one, this one's rules first."""
        return MarkupSyntax(self.rules + other.rules, self.rewrites + other.rewrites)


@lru_cache(maxsize=4096)  # each text in work is looked at some twenty times
def _found(pattern: "regex.Pattern[str]", text: str) -> bool:
    return pattern.search(text) is not None


NO_MARKUP = MarkupSyntax()
